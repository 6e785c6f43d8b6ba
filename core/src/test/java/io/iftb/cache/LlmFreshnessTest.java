package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.metrics.MarketCachesMetrics;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.FreshnessOptions;
import io.iftb.cache.settings.RefreshAhead;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.DatedValue.Origin;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Analyses that are kept fresh. What is left of their lifetime is set on the server, so that nobody waits for it. */
@Timeout(60)
class LlmFreshnessTest {

    private static final AnalysisKey KEY = new AnalysisKey("sentiment", "abc");
    private static final String REDIS_KEY = "llm:sentiment:abc";
    private static final Analysis OLD = new Analysis("\"old\"");
    private static final Analysis COMPUTED = new Analysis("\"computed\"");
    private static final Duration LIFETIME = Duration.ofMinutes(10);
    private static final Duration KEPT = Duration.ofHours(1);

    private final List<MarketCaches> opened = new ArrayList<>();
    private final AtomicInteger computations = new AtomicInteger();
    private final CountDownLatch ends = new CountDownLatch(1);
    private EmbeddedServer server;
    private RespConnection raw;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedServer.start();
        raw = RespConnection.tcp(server.port());
    }

    @AfterEach
    void stop() throws IOException {
        ends.countDown();
        opened.forEach(MarketCaches::close);
        raw.close();
        server.close();
    }

    private LlmCache open(FreshnessOptions freshness) {
        MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                .redisUri(server.uri())
                .cache(CacheOptions.of("llm", AnalysisKey.class, Analysis.class)
                        .withExpiry(CacheExpiry.modified(LIFETIME))
                        .withFreshness(freshness))
                .build());
        opened.add(caches);
        return caches.llm();
    }

    private void age(Duration left) throws IOException {
        assertThat(raw.number("PEXPIRE", REDIS_KEY, String.valueOf(left.toMillis())))
                .isEqualTo(1);
    }

    private Analysis compute() {
        computations.incrementAndGet();
        return COMPUTED;
    }

    private Analysis slow() {
        computations.incrementAndGet();
        try {
            assertThat(ends.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return COMPUTED;
    }

    @Test
    void computeIfAbsent_shareOfTheLifetimeLeft_givesItAndComputesAnewOnce() throws IOException {
        LlmCache here = open(FreshnessOptions.NONE.withRefreshAhead(RefreshAhead.share(0.2)));
        LlmCache there = open(FreshnessOptions.NONE.withRefreshAhead(RefreshAhead.share(0.2)));
        here.put(KEY, OLD);
        age(LIFETIME.multipliedBy(3).dividedBy(10));
        assertThat(here.computeIfAbsent(KEY, this::compute)).isEqualTo(OLD);
        assertThat(computations).hasValue(0);

        age(LIFETIME.dividedBy(10));
        for (int i = 0; i < 10; i++) {
            assertThat((i % 2 == 0 ? here : there).computeIfAbsent(KEY, this::slow))
                    .isEqualTo(OLD);
        }
        ends.countDown();
        await().until(() -> here.get(KEY).orElseThrow().equals(COMPUTED));
        assertThat(computations).hasValue(1);
        await().until(() -> here.freshness().refreshes() + there.freshness().refreshes() == 1);
        assertThat(raw.number("PTTL", REDIS_KEY)).isGreaterThan(LIFETIME.toMillis() / 2);
    }

    @Test
    void computeIfAbsentAsync_pastItsEndWithinTheTimeOfRevalidation_givesItAtOnce() throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleWhileRevalidate(KEPT));
        llm.put(KEY, OLD);
        age(KEPT.minusSeconds(1));
        CompletableFuture<Analysis> code = new CompletableFuture<>();

        assertThat(llm.computeIfAbsentAsync(KEY, () -> code).get(20, TimeUnit.SECONDS))
                .isEqualTo(OLD);
        assertThat(llm.get(KEY)).isEmpty(); // its time is over for a plain get
        DatedValue<Analysis> dated = llm.getDated(KEY).orElseThrow();
        assertThat(dated.origin()).isEqualTo(Origin.STALE);
        assertThat(dated.age()).isBetween(LIFETIME.plusSeconds(1), LIFETIME.plusSeconds(50));
        code.complete(COMPUTED);
        await().until(() -> llm.get(KEY).isPresent());
        assertThat(llm.getDated(KEY).orElseThrow().value()).isEqualTo(COMPUTED);
        assertThat(llm.freshness().staleAnswers()).isEqualTo(1);
    }

    @Test
    void computeIfAbsent_pastItsEndAndTheCodeFails_givesTheOldOne() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleIfError(KEPT));
        llm.put(KEY, OLD);
        age(KEPT.minusSeconds(1));

        assertThat(llm.computeIfAbsent(KEY, () -> {
                    throw new IllegalStateException("no model");
                }))
                .isEqualTo(OLD);
        assertThat(llm.freshness().failures()).isEqualTo(1);
        await().until(() -> llm.computeIfAbsent(KEY, this::compute).equals(COMPUTED)); // after a pause
        assertThat(llm.get(KEY)).contains(COMPUTED);
    }

    @Test
    void computeIfAbsent_justFailed_givesTheOldOneWithoutAnotherTry() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleIfError(KEPT));
        llm.put(KEY, OLD);
        age(KEPT.minusSeconds(1));
        long began = System.nanoTime();
        for (int i = 0; i < 100; i++) {
            assertThat(llm.computeIfAbsent(KEY, this::fail)).isEqualTo(OLD);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);

        assertThat(computations.get()).isBetween(1, 1 + (int) seconds);
        await().until(() -> llm.freshness().staleAnswers() == 100);
    }

    @Test
    void computeIfAbsent_behindItsReaderJustFailed_isNotTriedForEachReader() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleWhileRevalidate(KEPT));
        llm.put(KEY, OLD);
        age(KEPT.minusSeconds(1));
        long began = System.nanoTime();
        assertThat(llm.computeIfAbsent(KEY, this::fail)).isEqualTo(OLD);
        await().until(() -> llm.freshness().failures() == 1);
        for (int i = 0; i < 100; i++) {
            assertThat(llm.computeIfAbsent(KEY, this::fail)).isEqualTo(OLD);
        }
        long seconds = TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began);

        assertThat(computations.get()).isBetween(1, 1 + (int) seconds);
    }

    @Test
    void computeIfAbsent_missingAndJustFailed_isTriedByEachCaller() {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleIfError(KEPT));
        for (int i = 0; i < 3; i++) {
            assertThatThrownBy(() -> llm.computeIfAbsent(KEY, this::fail)).hasMessageContaining("no model");
        }

        assertThat(computations).hasValue(3); // there is nothing else to give
    }

    private Analysis fail() {
        computations.incrementAndGet();
        throw new IllegalStateException("no model");
    }

    @Test
    void computeIfAbsent_codeSlowerThanTheSoftTimeout_givesTheOldOneAndStoresTheNewOneLater() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE
                .withStaleIfError(KEPT)
                .withTimeouts(Duration.ofMillis(50), Duration.ofSeconds(30)));
        llm.put(KEY, OLD);
        age(KEPT.minusSeconds(1));

        assertThat(llm.computeIfAbsent(KEY, this::slow)).isEqualTo(OLD);
        ends.countDown();
        await().until(() -> llm.get(KEY).isPresent());
        assertThat(llm.get(KEY)).contains(COMPUTED);
        assertThat(computations).hasValue(1);
    }

    @Test
    void computeIfAbsent_codeSlowerThanTheTimeout_failsByNameAndStoresTheValueLater() {
        LlmCache llm = open(FreshnessOptions.NONE.withTimeouts(null, Duration.ofMillis(50)));

        assertThatThrownBy(() -> llm.computeIfAbsent(KEY, this::slow))
                .isInstanceOf(RedisServerException.class)
                .hasMessageContaining("has not computed entry")
                .hasMessageContaining("load-timeout");
        ends.countDown();
        await().until(() -> llm.get(KEY).isPresent());
        assertThat(computations).hasValue(1);
    }

    @Test
    void computeIfAbsent_codeFailsAfterTheTimeOfTheOldOne_fails() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleIfError(KEPT));
        llm.put(KEY, OLD);
        age(Duration.ofSeconds(1));

        assertThatThrownBy(() -> llm.computeIfAbsent(KEY, this::failLate)).hasMessageContaining("no model");
        assertThat(llm.freshness().staleAnswers()).isZero();
    }

    @Test
    void computeIfAbsent_softTimeoutAfterTheTimeOfTheOldOne_waitsForTheNewOne() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE
                .withStaleIfError(KEPT)
                .withTimeouts(Duration.ofMillis(1_200), Duration.ofSeconds(30)));
        llm.put(KEY, OLD);
        age(Duration.ofSeconds(1));

        assertThat(llm.computeIfAbsent(KEY, this::late)).isEqualTo(COMPUTED);
    }

    /** Ends half a second after the time of an old one that has another second. */
    private Analysis late() {
        try {
            assertThat(raw.call("SET", "late", "", "PX", "1500")).isEqualTo("+OK");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        await().until(() -> raw.number("PTTL", "late") == -2);
        return compute();
    }

    private Analysis failLate() {
        late();
        throw new IllegalStateException("no model");
    }

    @Test
    void computeIfAbsentAsync_manyReadersOfOneThatIsRefreshed_waitForNothing() throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleWhileRevalidate(KEPT));
        llm.put(KEY, OLD);
        age(KEPT.minusSeconds(1));
        CompletableFuture<Analysis> code = new CompletableFuture<>();
        for (int i = 0; i < 100; i++) {
            assertThat(llm.computeIfAbsentAsync(KEY, () -> {
                                computations.incrementAndGet();
                                return code;
                            })
                            .get(20, TimeUnit.SECONDS))
                    .isEqualTo(OLD);
            if (i == 0) {
                await().until(() -> computations.get() == 1);
            }
        }
        assertThat(computations).hasValue(1);
        code.completeExceptionally(new IllegalStateException("no model"));

        await().until(() -> llm.freshness().failures() > 0);
        assertThat(llm.freshness().failures()).isEqualTo(1);
    }

    @Test
    void counts_codeThatRunsBehindItsReader_isNoSavedCall() throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleWhileRevalidate(KEPT));
        LlmRequest request = LlmRequest.builder("sentiment")
                .provider("local")
                .model("model")
                .message("user", "up?")
                .cost(0.5)
                .build();
        llm.put(request.key(), OLD);
        assertThat(llm.computeIfAbsent(request, this::compute)).isEqualTo(OLD);
        assertThat(llm.counts()).isEqualTo(new LlmCounts(1, 0, 0, 0.5));

        String redisKey = "llm:sentiment:" + request.key().inputHash();
        assertThat(raw.number(
                        "PEXPIRE", redisKey, String.valueOf(KEPT.minusSeconds(1).toMillis())))
                .isEqualTo(1);
        assertThat(llm.computeIfAbsent(request, this::compute)).isEqualTo(OLD);
        await().until(() -> llm.counts().computed() == 1);
        await().until(() -> llm.counts().equals(new LlmCounts(2, 0, 1, 0.5)));
    }

    @Test
    void metrics_codeThatRunsBehindItsReader_doNotGoDown() throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleWhileRevalidate(KEPT));
        LlmRequest request = LlmRequest.builder("sentiment")
                .model("model")
                .message("user", "up?")
                .cost(0.5)
                .build();
        llm.put(request.key(), OLD);
        String redisKey = "llm:sentiment:" + request.key().inputHash();
        assertThat(raw.number(
                        "PEXPIRE", redisKey, String.valueOf(KEPT.minusSeconds(1).toMillis())))
                .isEqualTo(1);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (MarketCachesMetrics metrics = new MarketCachesMetrics(opened.get(0))) {
            metrics.bindTo(registry);
            FunctionCounter saved = registry.get("iftb.cache.llm.saved.cost").functionCounter();
            assertThat(llm.computeIfAbsent(request, this::slow)).isEqualTo(OLD);
            assertThat(saved.count()).isEqualTo(0.5);

            ends.countDown();
            await().until(() -> llm.counts().savedCost() == 0);
            assertThat(saved.count()).isEqualTo(0.5);
        }
    }

    @Test
    void options_refreshAheadOfTheCloseOfABar_isRefused() {
        CacheOptions<AnalysisKey, Analysis> llm = CacheOptions.of("llm", AnalysisKey.class, Analysis.class)
                .withExpiry(CacheExpiry.close(Timeframe.parse("4h")));

        assertThatThrownBy(() -> llm.withFreshness(FreshnessOptions.NONE.withRefreshAhead(RefreshAhead.share(0.2))))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("entries of cache 'llm' end at the close of a bar, and so does what is loaded ahead of it;"
                        + " use stale-while-revalidate instead of refresh-ahead");
    }

    @Test
    void computeIfAbsent_refreshAheadOfMoreThanTheLifetime_isNotComputedForEachReader() {
        LlmCache llm = open(FreshnessOptions.NONE
                .withRefreshAhead(RefreshAhead.before(LIFETIME.multipliedBy(2)))
                .withJitter(0.5));
        llm.put(KEY, OLD);
        for (int i = 0; i < 100; i++) {
            assertThat(llm.computeIfAbsent(KEY, this::compute)).isEqualTo(OLD);
        }
        assertThat(computations).hasValue(0);
    }

    @Test
    void computeIfAbsent_serverAway_computes() {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleIfError(KEPT));
        llm.put(KEY, OLD);
        server.close();

        assertThat(llm.computeIfAbsent(KEY, this::compute)).isEqualTo(COMPUTED);
        assertThat(computations).hasValue(1);
    }

    @Test
    void options_lifetimesThatReadsStartAgain_areRefused() {
        CacheOptions<AnalysisKey, Analysis> llm = CacheOptions.of("llm", AnalysisKey.class, Analysis.class)
                .withExpiry(new CacheExpiry(CacheExpiry.Kind.TOUCHED, LIFETIME));

        assertThatThrownBy(() -> llm.withFreshness(FreshnessOptions.NONE.withStaleIfError(KEPT)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("use created, modified or close");
    }

    @Test
    void put_whileItIsComputedAnew_wins() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleWhileRevalidate(KEPT));
        Analysis put = new Analysis("\"put\"");
        llm.put(KEY, OLD);
        age(KEPT.minusSeconds(1));
        assertThat(llm.computeIfAbsent(KEY, this::slow)).isEqualTo(OLD);
        await().until(() -> computations.get() == 1);

        llm.put(KEY, put);
        ends.countDown();
        await().until(() -> llm.freshness().refreshes() == 1);
        assertThat(llm.get(KEY)).contains(put);
    }

    @ParameterizedTest
    @ValueSource(strings = {"SET", "LPUSH"})
    void computeIfAbsent_unreadableWithoutAnEnd_computesAndReplaces(String writing) throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withTimeouts(null, Duration.ofSeconds(30)));
        raw.call(writing, REDIS_KEY, "of another program");

        assertThat(llm.computeIfAbsent(KEY, this::compute)).isEqualTo(COMPUTED);
        assertThat(llm.get(KEY)).contains(COMPUTED);
        assertThat(raw.number("PTTL", REDIS_KEY)).isPositive();

        raw.call("UNLINK", REDIS_KEY);
        raw.call(writing, REDIS_KEY, "of another program");
        assertThat(llm.computeIfAbsentAsync(KEY, () -> CompletableFuture.completedFuture(compute()))
                        .get(20, TimeUnit.SECONDS))
                .isEqualTo(COMPUTED);
        assertThat(llm.computeIfAbsent(KEY, this::fail)).isEqualTo(COMPUTED);
        assertThat(computations).hasValue(2);
    }

    @Test
    void computeIfAbsent_unreadableWithoutAnEndAndTheCodeFails_fails() throws IOException {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleIfError(KEPT));
        raw.call("SET", REDIS_KEY, "of another program");

        assertThatThrownBy(() -> llm.computeIfAbsent(KEY, this::fail)).hasMessageContaining("no model");
        assertThat(computations).hasValue(1);
    }

    @Test
    void computeIfAbsent_interruptedWhileItIsComputed_endsAndStoresTheValueLater() throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withTimeouts(null, Duration.ofSeconds(30)));
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread caller = new Thread(() -> {
            try {
                llm.computeIfAbsent(KEY, this::slow);
            } catch (RedisServerException e) {
                thrown.complete(e);
            }
        });
        caller.start();
        await().until(() -> computations.get() == 1);
        caller.interrupt();

        assertThat(thrown.get(20, TimeUnit.SECONDS)).hasMessageContaining("interrupted");
        ends.countDown();
        await().until(() -> llm.get(KEY).isPresent());
        assertThat(llm.computeIfAbsent(KEY, this::compute)).isEqualTo(COMPUTED);
        assertThat(computations).hasValue(1);
        assertThat(raw.number("EXISTS", "{" + REDIS_KEY + "}:lease")).isZero();
    }

    @Test
    void computeIfAbsentAsync_cancelled_cancelsTheFutureOfTheCode() throws Exception {
        LlmCache llm = open(FreshnessOptions.NONE.withStaleWhileRevalidate(KEPT));
        CompletableFuture<Analysis> code = new CompletableFuture<>();
        CountDownLatch begun = new CountDownLatch(1);
        CompletableFuture<Analysis> result = llm.computeIfAbsentAsync(KEY, () -> {
            begun.countDown();
            return code;
        });
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        result.cancel(false);

        await().until(code::isCancelled);
        assertThat(llm.computeIfAbsent(KEY, this::compute)).isEqualTo(COMPUTED);
    }
}
