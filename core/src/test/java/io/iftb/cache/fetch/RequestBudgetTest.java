package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.CapturedLog;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A budget by real time, on a real server. Its windows are long or its rates high, so that a slow machine changes nothing. */
class RequestBudgetTest {

    private static final Duration LONG = Duration.ofSeconds(60);

    /** 8,100 tokens a second, of which it holds 900. */
    private static final RequestLimits FAST = RequestLimits.ofWeight(10_000, Duration.ofSeconds(1));

    /** One token in 15 s after the first ones, which take an hour to come. */
    private static final RequestLimits SLOW = RequestLimits.ofWeight(300, Duration.ofHours(1));

    private MarketCaches caches;

    @BeforeEach
    void open() {
        TestServer.flush();
        caches = MarketCaches.open(TestServer.uri());
    }

    @AfterEach
    void close() {
        caches.close();
    }

    private static void get(CompletableFuture<Void> acquired) throws Exception {
        acquired.get(50, TimeUnit.SECONDS);
    }

    private static BudgetExhaustedException refusal(CompletableFuture<Void> acquired) throws Exception {
        Throwable error = acquired.handle((done, failure) -> failure).get(50, TimeUnit.SECONDS);
        assertThat(error).isInstanceOf(BudgetExhaustedException.class);
        return (BudgetExhaustedException) error;
    }

    @Test
    void acquire_manyAtOnce_areGrantedOneAfterTheOther() throws Exception {
        RequestBudget budget = caches.budget("fast", FAST);
        List<CompletableFuture<Void>> all = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            all.add(budget.acquire(10, Priority.READ, LONG));
        }
        get(all.get(199));

        assertThat(all).allMatch(CompletableFuture::isDone);
        BudgetStatus status = budget.status();
        assertThat(status.granted()).isEqualTo(200);
        assertThat(status.grantedAlone()).isZero();
        assertThat(status.waiting()).isZero();
        assertThat(status.waited()).isPositive();
        assertThat(status.jvms()).isEqualTo(1);
    }

    @Test
    void acquire_notInThatTime_isRefusedAtOnceWithTheWait() throws Exception {
        RequestBudget budget = caches.budget("slow", SLOW);

        BudgetExhaustedException refusal = refusal(budget.acquire(2, Priority.READ, Duration.ofSeconds(10)));

        assertThat(refusal.source()).isEqualTo("slow");
        assertThat(refusal.neededWait()).isBetween(Duration.ofSeconds(20), Duration.ofSeconds(40));
        assertThat(refusal)
                .hasMessageMatching(
                        "the budget of 'slow' has nothing for a request of weight 2 \\(READ\\) in 10000 ms, but in"
                                + " \\d+ ms at the earliest; let it wait for longer, send fewer requests, or raise the limits if the"
                                + " source allows more");
        assertThat(budget.status().refused()).isEqualTo(1);
    }

    @Test
    void acquire_whoseGrantIsOnItsWayAsTheSourceSaysStop_isRefused() throws Exception {
        RequestBudget budget = caches.budget("fast", FAST);
        get(budget.acquire(1, Priority.READ, LONG));
        try (RespConnection raw = TestServer.raw()) {
            raw.call("CLIENT", "PAUSE", "500", "ALL");
            CompletableFuture<Void> asked = budget.acquire(1, Priority.READ, Duration.ofSeconds(20));
            budget.stopFor(Duration.ofMinutes(1));

            assertThat(refusal(asked)).hasMessageContaining("since it said that there were too many");
        }
    }

    @Test
    void acquire_cancelled_leavesTheQueue() throws Exception {
        RequestBudget budget = caches.budget("slow", SLOW);
        CompletableFuture<Void> first = budget.acquire(20, Priority.READ, Duration.ofHours(1));
        CompletableFuture<Void> second = budget.acquire(20, Priority.READ, Duration.ofHours(1));
        assertThat(budget.status().waiting()).isEqualTo(2);

        second.cancel(true);
        assertThat(budget.status().waiting()).isEqualTo(1);
        first.cancel(true);
        assertThat(budget.status().waiting()).isZero();
        assertThat(budget.status().granted()).isZero();
    }

    @Test
    void acquire_afterAHeavyOneWasCancelled_isGrantedAtOnce() throws Exception {
        RequestBudget budget = caches.budget(
                "heavy", RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)).withBurst(1_000));
        CompletableFuture<Void> heavy = budget.acquire(900, Priority.ORDER, LONG);
        await().until(() -> refusesNow(budget)); // since it was told that it waits for 10 s
        heavy.cancel(true);

        get(budget.acquire(1, Priority.ORDER, Duration.ofMillis(900)));
    }

    private static boolean refusesNow(RequestBudget budget) throws Exception {
        return budget.acquire(1, Priority.ORDER, Duration.ofMillis(900))
                .handle((done, error) -> error != null)
                .get(50, TimeUnit.SECONDS);
    }

    @Test
    void acquire_behindOthersUntilItsTimeIsOver_isRefused() throws Exception {
        RequestBudget budget = caches.budget("slow", SLOW);
        CompletableFuture<Void> first = budget.acquire(20, Priority.READ, Duration.ofHours(1));

        refusal(budget.acquire(1, Priority.READ, Duration.ofMillis(20)));
        assertThat(first).isNotDone();
    }

    @Test
    void acquire_tooManyWaiting_isRefused() throws Exception {
        RequestBudget budget = caches.budget("slow", SLOW);
        for (int i = 0; i < Lane.MOST_WAITING; i++) {
            var unused = budget.acquire(20, Priority.WARM_UP, Duration.ofHours(1));
        }

        assertThat(refusal(budget.acquire(Priority.WARM_UP, LONG)))
                .hasMessageContaining("10000 requests (WARM_UP) wait for the budget of 'slow' already");
        assertThat(budget.acquire(Priority.READ, Duration.ofHours(1))).isNotDone(); // another queue
    }

    @Test
    void acquire_impossible_isRefusedByName() {
        RequestBudget budget = caches.budget("slow", SLOW);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> budget.acquire(28, Priority.READ, LONG))
                .withMessage("a request of weight 28 to 'slow'; give 1 to 27, or limits with a greater burst"
                        + " (RequestLimits.withBurst)");
        assertThatIllegalArgumentException().isThrownBy(() -> budget.acquire(0, Priority.READ, LONG));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> budget.acquire(1, Priority.READ, Duration.ofMillis(-1)))
                .withMessageContaining("negative");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> caches.budget("slow", FAST))
                .withMessageContaining(
                        "has the limits [300 weight in PT1H, share 0.9] in this program already, not [10000");
        assertThatIllegalArgumentException().isThrownBy(() -> caches.budget("", FAST));
        assertThatIllegalStateException()
                .isThrownBy(() -> caches.budget("requests", RequestLimits.ofRequests(10, LONG))
                        .reportUsedWeight(1))
                .withMessageContaining("RequestLimits.andWeight");
    }

    @Test
    void acquire_orderBehindReads_goesFirst() throws Exception {
        RequestBudget budget = caches.budget("medium", RequestLimits.ofWeight(1_200, Duration.ofMinutes(1)));
        List<CompletableFuture<Void>> reads = new ArrayList<>();
        for (int i = 0; i < 100; i++) { // 16 tokens a second
            reads.add(budget.acquire(20, Priority.READ, Duration.ofMinutes(10)));
        }
        get(budget.acquire(20, Priority.ORDER, LONG));

        assertThat(reads.stream().filter(CompletableFuture::isDone).count()).isLessThan(20);
        reads.forEach(each -> each.cancel(true));
    }

    @Test
    void acquire_againFromAContinuation_waitsForNobody() throws Exception {
        RequestBudget budget = caches.budget("fast", FAST);

        get(budget.acquire(Priority.READ, LONG)
                .thenAccept(done -> budget.acquire(Priority.READ, LONG).join()));
    }

    @Test
    void stopFor_inOneProgram_stopsTheOther() throws Exception {
        try (MarketCaches others = MarketCaches.open(TestServer.uri())) {
            RequestBudget here = caches.budget("fast", FAST);
            RequestBudget there = others.budget("fast", FAST);
            get(here.acquire(Priority.READ, LONG));
            here.stopFor(Duration.ofHours(1));
            here.stopFor(Duration.ofSeconds(1)); // does not shorten it

            assertThat(refusal(here.acquire(Priority.ORDER, LONG)))
                    .hasMessageMatching(
                            "a request of weight 1 \\(ORDER\\) was not let through in 60000 ms: nobody may ask"
                                    + " 'fast' for 3[56]\\d+ ms, since it said that there were too many; ask again after that");
            await().until(() ->
                    there.status().stopped().compareTo(Duration.ofMinutes(50)) > 0 || isStoppedAsked(there));
            assertThat(refusal(there.acquire(Priority.READ, LONG)).neededWait()).isGreaterThan(Duration.ofMinutes(50));
            assertThat(here.status().stops()).isEqualTo(2);
        }
    }

    private static boolean isStoppedAsked(RequestBudget budget) throws Exception {
        CompletableFuture<Void> asked = budget.acquire(Priority.ORDER, Duration.ZERO);
        return asked.handle((done, error) -> error != null).get(50, TimeUnit.SECONDS);
    }

    @Test
    void reportUsedWeight_othersUsedAll_makesAllWait() throws Exception {
        RequestBudget budget = caches.budget("slower", RequestLimits.ofWeight(60_000, Duration.ofMinutes(1)));
        get(budget.acquire(10, Priority.ORDER, LONG));
        budget.reportUsedWeight(60_000);

        await().atMost(LONG).until(() -> {
            CompletableFuture<Void> asked = budget.acquire(10, Priority.ORDER, Duration.ZERO);
            return asked.handle((done, error) -> error).get(50, TimeUnit.SECONDS)
                            instanceof BudgetExhaustedException refusal
                    && refusal.neededWait().compareTo(Duration.ofSeconds(2)) > 0;
        });
    }

    @Test
    void flush_inTheMiddle_costsTheTokensOnly() throws Exception {
        RequestBudget budget = caches.budget("fast", FAST);
        get(budget.acquire(10, Priority.READ, LONG));
        TestServer.flush();

        get(budget.acquire(10, Priority.READ, LONG));
        assertThat(budget.status().isAlone()).isFalse();
    }

    @Test
    void close_whileWaiting_failsWhoWaits() throws Exception {
        RequestBudget budget = caches.budget("slow", SLOW);
        CompletableFuture<Void> waiting = budget.acquire(20, Priority.READ, Duration.ofHours(1));
        caches.close();

        assertThatThrownBy(() -> get(waiting)).hasCauseInstanceOf(IllegalStateException.class);
        assertThatIllegalStateException().isThrownBy(() -> budget.acquire(Priority.READ, LONG));
        assertThatIllegalStateException().isThrownBy(() -> caches.budget("other", SLOW));
        try (var raw = TestServer.raw()) {
            await().until(() -> raw.number("ZCARD", "{budget:slow}:jvms") == 0);
        }
    }

    /** A script that the server does not know is sent a second time: after a word on another connection. */
    @Test
    void close_whileAsking_leavesAfterTheAnswer() throws Exception {
        caches.close();
        try (var raw = TestServer.raw()) {
            for (int i = 0; i < 20; i++) {
                raw.call("SCRIPT", "FLUSH");
                raw.call("DEL", "{budget:slow}");
                try (MarketCaches closing = MarketCaches.open(TestServer.uri())) {
                    var unused = closing.budget("slow", SLOW).acquire(20, Priority.READ, Duration.ofHours(1));
                }

                assertThat(raw.number("EXISTS", "{budget:slow}")).isOne();
                assertThat(raw.number("ZCARD", "{budget:slow}:jvms")).isZero();
            }
        }
    }

    @Test
    void close_interrupted_leavesAndStaysInterrupted() throws Exception {
        try (var raw = TestServer.raw()) {
            caches.budget("slow", SLOW);
            await().until(() -> raw.number("ZCARD", "{budget:slow}:jvms") == 1);
            Thread.currentThread().interrupt();
            caches.close();

            assertThat(Thread.interrupted()).isTrue();
            await().until(() -> raw.number("ZCARD", "{budget:slow}:jvms") == 0);
        }
    }

    @Test
    void stopFor_closed_doesNotWarnThatItIsNotShared() throws Exception {
        RequestBudget budget = caches.budget("closed", SLOW);
        await().until(() -> budget.status().jvms() == 1);
        try (CapturedLog log = new CapturedLog()) {
            caches.close();
            budget.stopFor(Duration.ofSeconds(1));

            assertThat(budget.status().isAlone()).isTrue();
            assertThat(log.text()).doesNotContain("'closed'");
        }
    }

    @Test
    void close_duringAStop_leavesNoThread() throws Exception {
        RequestBudget budget = caches.budget("stopped", SLOW);
        budget.stopFor(Duration.ofDays(3));
        assertThat(refusal(budget.acquire(Priority.READ, Duration.ofSeconds(1))))
                .isNotNull();
        caches.close();

        await().atMost(Duration.ofSeconds(5))
                .until(() -> Thread.getAllStackTraces().keySet().stream()
                        .noneMatch(thread -> thread.getName().equals("iftb-cache-budget")));
    }
}
