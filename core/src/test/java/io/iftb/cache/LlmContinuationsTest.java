package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.FreshnessOptions;
import io.iftb.cache.settings.RefreshAhead;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Continuations that wait for an analysis in the threads that complete it: more of them than the pool has threads. */
@Timeout(60)
class LlmContinuationsTest {

    private static final int CONTINUATIONS =
            2 * Math.max(4, Runtime.getRuntime().availableProcessors());
    private static final Analysis COMPUTED = new Analysis("\"computed\"");
    private static final Analysis OTHER = new Analysis("\"other\"");
    private static final long SECONDS = 15;

    private final List<MarketCaches> opened = new ArrayList<>();

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @AfterEach
    void close() {
        opened.forEach(MarketCaches::close);
    }

    private LlmCache open(FreshnessOptions freshness, Duration wait) {
        MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                .redisUri(TestServer.uri())
                .userCodeTimeout(wait)
                .cache(CacheOptions.of("llm", AnalysisKey.class, Analysis.class)
                        .withExpiry(CacheExpiry.modified(Duration.ofMinutes(10)))
                        .withFreshness(freshness))
                .build());
        opened.add(caches);
        return caches.llm();
    }

    private static AnalysisKey key(String kind, int number) {
        return new AnalysisKey(kind, String.valueOf(number));
    }

    /** Continuations that all begin in threads of the pool. */
    private static List<CompletableFuture<Analysis>> continuations(LlmCache llm, Function<Integer, Analysis> each) {
        List<CompletableFuture<Analysis>> begun = new ArrayList<>();
        List<CompletableFuture<Analysis>> results = new ArrayList<>();
        for (int i = 0; i < CONTINUATIONS; i++) {
            int number = i;
            CompletableFuture<Analysis> code = new CompletableFuture<>();
            begun.add(code);
            results.add(llm.computeIfAbsentAsync(key("first", i), () -> code).thenApply(done -> each.apply(number)));
        }
        begun.forEach(code -> code.complete(COMPUTED));
        return results;
    }

    /** Computations of another JVM that have begun, and have the leases. */
    private static List<CompletableFuture<Analysis>> computing(LlmCache llm) throws InterruptedException {
        CountDownLatch begun = new CountDownLatch(CONTINUATIONS);
        List<CompletableFuture<Analysis>> codes = new ArrayList<>();
        for (int i = 0; i < CONTINUATIONS; i++) {
            CompletableFuture<Analysis> code = new CompletableFuture<>();
            codes.add(code);
            var unused = llm.computeIfAbsentAsync(key("second", i), () -> {
                begun.countDown();
                return code;
            });
        }
        assertThat(begun.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        return codes;
    }

    @Test
    void computeIfAbsent_inContinuationsOfAFreshCache_computes() throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withRefreshAhead(RefreshAhead.share(0.2)), Duration.ofSeconds(30));
        List<CompletableFuture<Analysis>> results =
                continuations(llm, number -> llm.computeIfAbsent(key("second", number), () -> OTHER));

        for (CompletableFuture<Analysis> each : results) {
            assertThat(each.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(OTHER);
        }
    }

    @Test
    void computeIfAbsent_inContinuationsThatWaitForAnotherJvm_getsItsResult() throws Exception {
        LlmCache here = open(FreshnessOptions.NONE, Duration.ofSeconds(30));
        List<CompletableFuture<Analysis>> codes = computing(open(FreshnessOptions.NONE, Duration.ofSeconds(30)));
        CountDownLatch waiting = new CountDownLatch(CONTINUATIONS);
        List<CompletableFuture<Analysis>> results = continuations(here, number -> {
            waiting.countDown();
            return here.computeIfAbsent(key("second", number), () -> COMPUTED);
        });
        assertThat(waiting.await(SECONDS, TimeUnit.SECONDS)).isTrue();
        codes.forEach(each -> each.complete(OTHER));

        for (CompletableFuture<Analysis> each : results) {
            assertThat(each.get(SECONDS, TimeUnit.SECONDS)).isEqualTo(OTHER);
        }
    }

    @Test
    void computeIfAbsent_inContinuationsThatWaitTooLong_failsInTime() throws Exception {
        LlmCache here = open(FreshnessOptions.NONE, Duration.ofSeconds(1));
        computing(open(FreshnessOptions.NONE, Duration.ofSeconds(30)));
        List<CompletableFuture<Analysis>> results =
                continuations(here, number -> here.computeIfAbsent(key("second", number), () -> COMPUTED));

        for (CompletableFuture<Analysis> each : results) {
            assertThatThrownBy(() -> each.get(SECONDS, TimeUnit.SECONDS))
                    .hasCauseInstanceOf(RedisServerException.class)
                    .hasMessageContaining("is being computed by another caller");
        }
    }

    /** Such a pool refuses to add a thread for one that waits. */
    @Test
    void await_inAPoolThatMayNotGrow_waits() throws Exception {
        CountDownLatch waiting = new CountDownLatch(1);
        CompletableFuture<String> result = new CompletableFuture<>();
        ForkJoinPool pool = new ForkJoinPool(
                1, ForkJoinPool.defaultForkJoinWorkerThreadFactory, null, true, 1, 1, 1, null, 1, TimeUnit.SECONDS);
        try {
            var waits = pool.submit(() -> {
                CallerThread caller = new CallerThread(Runnable::run);
                caller.execute(waiting::countDown);
                return caller.await(result);
            });
            assertThat(waiting.await(SECONDS, TimeUnit.SECONDS)).isTrue();
            result.complete("done");

            assertThat(waits.get(SECONDS, TimeUnit.SECONDS)).isEqualTo("done");
        } finally {
            result.complete("over");
            pool.shutdown();
        }
    }
}
