package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.OnUnavailable;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.Lifetimes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends and overtakes a computation; two connections stand for two JVMs. */
@Timeout(60)
class LlmFlightTest {

    private static final AnalysisKey KEY = new AnalysisKey("sentiment", "abc");
    private static final String LEASE = "{llm:sentiment:abc}:lease";
    private static final Analysis COMPUTED = new Analysis("\"computed\"");
    private static final Analysis OTHER = new Analysis("\"other\"");

    private EmbeddedServer server;
    private RespConnection raw;
    private MarketCaches here;
    private MarketCaches there;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedServer.start();
        raw = RespConnection.tcp(server.port());
        here = MarketCaches.open(server.uri());
        there = MarketCaches.open(server.uri());
    }

    @AfterEach
    void stop() throws IOException {
        here.close();
        there.close();
        raw.close();
        server.close();
    }

    private static CompletableFuture<Analysis> never() {
        throw new AssertionError("computes twice");
    }

    /** A computation that has begun, and ends when the test says so. */
    private static final class Begun {

        private final CompletableFuture<Analysis> code = new CompletableFuture<>();
        private final CompletableFuture<Analysis> result;

        Begun(MarketCaches caches) throws Exception {
            CountDownLatch begun = new CountDownLatch(1);
            result = caches.llm().computeIfAbsentAsync(KEY, () -> {
                begun.countDown();
                return code;
            });
            assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        }

        void awaitCancelled() {
            assertThatThrownBy(() -> code.get(20, TimeUnit.SECONDS)).isInstanceOf(CancellationException.class);
        }

        Analysis end(Analysis value) throws Exception {
            code.complete(value);
            return result.get(20, TimeUnit.SECONDS);
        }
    }

    private EntryStore<AnalysisKey> store(MarketCaches caches) {
        return caches.backend("llm", AnalysisKey.class, Analysis.class).exact();
    }

    private long leases() throws IOException {
        return raw.number("EXISTS", LEASE);
    }

    private void awaitNoLease() throws IOException {
        while (leases() != 0) {
            Thread.onSpinWait();
        }
    }

    /** Until the server has told somebody how long the lease lives. */
    private void awaitToldToWait() throws IOException {
        while (!raw.call("INFO", "commandstats").contains("cmdstat_pttl:calls=1")) {
            Thread.onSpinWait();
        }
    }

    private Optional<Analysis> stored() {
        return there.llm().get(KEY);
    }

    @Test
    void computeIfAbsent_absent_computesStoresWithLifetimeAndEndsTheLease() throws Exception {
        assertThat(here.llm().computeIfAbsent(KEY, () -> COMPUTED)).isEqualTo(COMPUTED);

        assertThat(stored()).contains(COMPUTED);
        assertThat(raw.number("PTTL", "llm:sentiment:abc")).isBetween(1L, 300_000L);
        assertThat(leases()).isEqualTo(0L);
    }

    @Test
    @SuppressWarnings("NullAway") // a value that is refused
    void compute_codeThatFails_failsItsStageAndCountsNoCall() {
        CompletableFuture<Analysis> failed = here.llm()
                .computeAsync(KEY, () -> {
                    throw new IllegalStateException("no quota");
                })
                .toCompletableFuture();
        assertThatThrownBy(failed::join).hasRootCauseMessage("no quota");
        assertThatThrownBy(() -> here.llm().compute(KEY, () -> null)).hasMessageContaining("gave null");
        assertThat(here.llm().counts().computed()).isZero();
    }

    @Test
    void computeIfAbsent_othersWait_getTheSameAndCountItAsSaved() throws Exception {
        LlmRequest request =
                LlmRequest.builder("sentiment").model("m").cost(0.25).build();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Analysis> code = new CompletableFuture<>();
        CompletableFuture<Analysis> first = here.llm().computeIfAbsentAsync(request, () -> {
            begun.countDown();
            return code;
        });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        CompletableFuture<Analysis> same = here.llm().computeIfAbsentAsync(request, LlmFlightTest::never);
        CompletableFuture<Analysis> other = there.llm().computeIfAbsentAsync(request, LlmFlightTest::never);
        code.complete(COMPUTED);

        assertThat(first.get()).isEqualTo(COMPUTED);
        assertThat(same.get()).isEqualTo(COMPUTED);
        assertThat(other.get(5, TimeUnit.SECONDS)).isEqualTo(COMPUTED);
        assertThat(there.llm().computeIfAbsent(request, () -> OTHER)).isEqualTo(COMPUTED);
        assertThat(here.llm().counts().savedCalls()).isEqualTo(1); // joined, or hit if it came late
        assertThat(here.llm().counts().computed()).isEqualTo(1);
        assertThat(here.llm().counts().savedCost()).isEqualTo(0.25);
        assertThat(there.llm().counts().savedCalls()).isEqualTo(2);
        assertThat(there.llm().counts().hits()).isPositive();
        assertThat(there.llm().counts().computed()).isZero();
        assertThat(there.llm().counts().savedCost()).isEqualTo(0.5);
    }

    @Test
    void computeIfAbsent_putMeanwhile_keepsWhatWasPut() throws Exception {
        Begun begun = new Begun(here);
        there.llm().put(KEY, OTHER);

        assertThat(begun.end(COMPUTED)).isEqualTo(COMPUTED);
        assertThat(stored()).contains(OTHER);
    }

    @Test
    void computeIfAbsent_writtenByAnotherProgramMeanwhile_keepsThat() throws Exception {
        Begun begun = new Begun(here);
        raw.call("COPY", other(), "llm:sentiment:abc"); // which ends no lease

        begun.end(COMPUTED);
        assertThat(stored()).contains(OTHER);
        assertThat(leases()).isZero();
    }

    @Test
    void computeIfAbsent_putAndExpiredMeanwhile_storesNothing() throws Exception {
        Begun begun = new Begun(here);
        there.llm().put(KEY, OTHER);
        raw.call("UNLINK", "llm:sentiment:abc");

        begun.end(COMPUTED);
        assertThat(stored()).isEmpty();
    }

    @Test
    void computeIfAbsent_removedMeanwhile_storesNothing() throws Exception {
        Begun begun = new Begun(here);
        store(there).remove(KEY).get();

        begun.end(COMPUTED);
        assertThat(stored()).isEmpty();
    }

    @Test
    void computeIfAbsent_removedWithOthersMeanwhile_storesNothing() throws Exception {
        Begun begun = new Begun(here);
        store(there).removeAll(List.of(KEY)).get();

        begun.end(COMPUTED);
        assertThat(stored()).isEmpty();
    }

    @Test
    void computeIfAbsent_clearedMeanwhile_storesNothing() throws Exception {
        Begun begun = new Begun(here);
        store(there).clear().get();

        begun.end(COMPUTED);
        assertThat(stored()).isEmpty();
        assertThat(leases()).isEqualTo(0L);
    }

    @Test
    void computeIfAbsent_overtakenByAnotherComputation_changesNeitherItsLeaseNorItsEntry() throws Exception {
        Begun first = new Begun(here);
        store(there).remove(KEY).get();
        Begun second = new Begun(there);

        assertThat(first.end(OTHER)).isEqualTo(OTHER);
        assertThat(leases()).isEqualTo(1L);
        assertThat(stored()).isEmpty();
        second.end(COMPUTED);
        assertThat(stored()).contains(COMPUTED);
    }

    @Test
    void computeIfAbsent_cancelledAfterItsLeaseHasEnded_leavesTheLeaseOfAnother() throws Exception {
        Begun first = new Begun(here);
        store(there).remove(KEY).get();
        Begun second = new Begun(there);
        first.result.cancel(false);
        first.awaitCancelled();
        here.llm().computeIfAbsent(new AnalysisKey("after", "it"), () -> OTHER); // sent after the lease was given back

        assertThat(leases()).isEqualTo(1L);
        second.end(COMPUTED);
    }

    @Test
    void computeIfAbsent_joinedAfterARemoval_computesAgain() throws Exception {
        Begun first = new Begun(here);
        store(there).remove(KEY).get();
        CompletableFuture<Analysis> joined =
                here.llm().computeIfAbsentAsync(KEY, () -> CompletableFuture.completedFuture(OTHER));

        assertThat(first.end(COMPUTED)).isEqualTo(COMPUTED);
        assertThat(joined.get(20, TimeUnit.SECONDS)).isEqualTo(OTHER);
        assertThat(stored()).contains(OTHER);
    }

    @Test
    void computeIfAbsent_cancelled_leavesNoLeaseAndLetsAnotherCompute() throws Exception {
        Begun begun = new Begun(here);
        CompletableFuture<Analysis> waits =
                there.llm().computeIfAbsentAsync(KEY, () -> CompletableFuture.completedFuture(OTHER));
        awaitToldToWait();
        begun.result.cancel(false);

        begun.awaitCancelled();
        assertThat(waits.get(8, TimeUnit.SECONDS)).isEqualTo(OTHER); // before the lease would have ended
        awaitNoLease();
    }

    @Test
    void computeIfAbsent_oneOfTwoCancelled_goesOn() throws Exception {
        Begun begun = new Begun(here);
        CompletableFuture<EntryFlights.Landing> joined = Objects.requireNonNull(
                        here.backend(CacheOptions.of("llm", AnalysisKey.class, Analysis.class)
                                        .withOnUnavailable(OnUnavailable.MISS)) // that of the typed cache
                                .flights())
                .getOrLoad(new EntryFlights.Load<>(
                        KEY,
                        1_000,
                        Lifetimes.KEEP,
                        0,
                        CompletableFuture::new,
                        Runnable::run)); // joins before it returns
        begun.result.cancel(false);
        begun.code.complete(COMPUTED);

        assertThat(joined.get(20, TimeUnit.SECONDS).isComputed()).isFalse();
        assertThat(stored()).contains(COMPUTED);
    }

    @Test
    void computeIfAbsent_fails_givesTheLeaseBackAndLetsTheNextCompute() throws Exception {
        IllegalStateException failure = new IllegalStateException("no model");
        assertThatThrownBy(() -> here.llm().computeIfAbsent(KEY, () -> {
                    throw failure;
                }))
                .isSameAs(failure);

        awaitNoLease();
        assertThat(there.llm().computeIfAbsent(KEY, () -> OTHER)).isEqualTo(OTHER);
    }

    @Test
    void computeIfAbsent_asksForItself_failsAtOnce() {
        assertThatThrownBy(() ->
                        here.llm().computeIfAbsent(KEY, () -> here.llm().computeIfAbsent(KEY, () -> OTHER)))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("asks for it");
    }

    @Test
    void computeIfAbsent_asksForAnother_computesBoth() {
        AnalysisKey part = new AnalysisKey("part", "1");
        assertThat(here.llm().computeIfAbsent(KEY, () -> here.llm().computeIfAbsent(part, () -> OTHER)))
                .isEqualTo(OTHER);
    }

    @Test
    void computeIfAbsent_otherTooSlow_failsWithinItsTime() throws Exception {
        CacheSettings settings = CacheSettings.builder()
                .redisUri(server.uri())
                .userCodeTimeout(Duration.ofMillis(500))
                .build();
        Begun begun = new Begun(here);
        try (MarketCaches hurried = MarketCaches.open(settings)) {
            long start = System.nanoTime();
            assertThatThrownBy(() -> hurried.llm().computeIfAbsent(KEY, () -> OTHER))
                    .isInstanceOf(RedisServerException.class)
                    .hasMessageContaining("iftb.cache.user-code-timeout");
            assertThatThrownBy(() -> hurried.llm()
                            .computeIfAbsentAsync(KEY, LlmFlightTest::never)
                            .get())
                    .isInstanceOf(ExecutionException.class)
                    .hasCauseInstanceOf(TimeoutException.class);
            assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(10));
        }
        begun.end(COMPUTED);
    }

    @Test
    void computeIfAbsent_ownCodeSlowerThanTheWaitForOthers_isNotLimited() throws Exception {
        CacheSettings settings = CacheSettings.builder()
                .redisUri(server.uri())
                .userCodeTimeout(Duration.ofMillis(200))
                .build();
        try (MarketCaches hurried = MarketCaches.open(settings)) {
            CompletableFuture<Analysis> slow =
                    new CompletableFuture<Analysis>().completeOnTimeout(COMPUTED, 600, TimeUnit.MILLISECONDS);
            assertThat(hurried.llm().computeIfAbsentAsync(KEY, () -> slow).get())
                    .isEqualTo(COMPUTED);
        }
    }

    @Test
    void computeIfAbsent_interruptedWhileItWaits_endsAndLeavesNothing() throws Exception {
        Begun begun = new Begun(here);
        CompletableFuture<Throwable> ended = new CompletableFuture<>();
        Thread waits = new Thread(() -> {
            try {
                there.llm().computeIfAbsent(KEY, () -> OTHER);
            } catch (RuntimeException e) {
                ended.complete(e);
            }
        });
        waits.start();
        while (waits.getState() != Thread.State.WAITING) {
            Thread.onSpinWait();
        }
        waits.interrupt();

        assertThat(ended.get(20, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        begun.end(COMPUTED);
        assertThat(stored()).contains(COMPUTED);
    }

    @Test
    void computeIfAbsent_serverKilledMeanwhile_givesWhatWasComputed() throws Exception {
        Begun begun = new Begun(here);
        server.close();

        assertThat(begun.end(COMPUTED)).isEqualTo(COMPUTED);
        assertThat(here.llm().computeIfAbsent(new AnalysisKey("while", "away"), () -> OTHER))
                .isEqualTo(OTHER);
    }

    @Test
    void computeIfAbsent_serverAwayForAMoment_storesWhenItIsBack() throws Exception {
        try (FaultProxy proxy = new FaultProxy(server.port());
                MarketCaches cut = MarketCaches.open(CacheSettings.builder()
                        .redisUri(proxy.uri())
                        .operationTimeout(Duration.ofMillis(500))
                        .build())) {
            Begun begun = new Begun(cut);
            proxy.set(FaultProxy.Fault.CUT_REQUESTS);
            assertThat(begun.end(COMPUTED)).isEqualTo(COMPUTED);
            assertThat(stored()).isEmpty();

            proxy.set(FaultProxy.Fault.NONE);
            assertThat(there.llm().computeIfAbsent(KEY, () -> never().join())).isEqualTo(COMPUTED);
        }
    }

    @Test
    void computeIfAbsent_subscriptionLostWhileItWaits_looksAgain() throws Exception {
        Begun begun = new Begun(here);
        CompletableFuture<Analysis> waits = there.llm().computeIfAbsentAsync(KEY, LlmFlightTest::never);
        awaitToldToWait();
        raw.call("COPY", other(), "llm:sentiment:abc"); // of which nobody hears
        raw.call("CLIENT", "KILL", "TYPE", "pubsub");

        assertThat(waits.get(8, TimeUnit.SECONDS)).isEqualTo(OTHER); // before the lease would have ended
        begun.result.cancel(false);
    }

    private String other() {
        here.llm().put(new AnalysisKey("sentiment", "other"), OTHER);
        return "llm:sentiment:other";
    }

    /** Prints how soon; the machine may be busy, so only polling and the end of a lease are ruled out. */
    @Test
    void computeIfAbsent_waitsForAnotherJvm_hearsOfItsEnd() throws Exception {
        int rounds = 400;
        List<Long> micros = new ArrayList<>();
        for (int round = -100; round < rounds; round++) {
            AnalysisKey key = new AnalysisKey("round", "r" + round);
            CountDownLatch begun = new CountDownLatch(1);
            CompletableFuture<Analysis> code = new CompletableFuture<>();
            CompletableFuture<Analysis> first = here.llm().computeIfAbsentAsync(key, () -> {
                begun.countDown();
                return code;
            });
            begun.await();
            CompletableFuture<Long> heard = there.llm()
                    .computeIfAbsentAsync(key, LlmFlightTest::never)
                    .thenApply(analysis -> System.nanoTime());
            there.llm().get(new AnalysisKey("another", "key")); // the waiter has asked before
            long end = System.nanoTime();
            code.complete(COMPUTED);
            first.get();
            if (round >= 0) {
                micros.add(TimeUnit.NANOSECONDS.toMicros(heard.get() - end));
            }
        }
        micros.sort(null);
        System.out.println("A waiter has the analysis after the end of its computation: half within "
                + micros.get(rounds / 2) + " µs, 99 of 100 within " + micros.get(rounds * 99 / 100) + " µs");
        assertThat(micros.get(rounds / 2)).isLessThan(1_000_000);
    }

    @Test
    void compute_cached_replaces() throws Exception {
        here.llm().put(KEY, OTHER);

        assertThat(here.llm().compute(KEY, () -> COMPUTED)).isEqualTo(COMPUTED);
        assertThat(stored()).contains(COMPUTED);
        assertThat(here.llm()
                        .computeAsync(KEY, () -> CompletableFuture.completedFuture(OTHER))
                        .toCompletableFuture()
                        .get())
                .isEqualTo(OTHER);
        assertThat(stored()).contains(OTHER);
    }

    @Test
    void cursorAndNames_leasesOnTheServer_showNone() throws Exception {
        Begun begun = new Begun(here);

        assertThat(store(there).cursor().next().get().entries()).isEmpty();
        assertThat(there.cacheNames()).doesNotContain("{llm").contains("llm");
        begun.end(COMPUTED);
    }
}
