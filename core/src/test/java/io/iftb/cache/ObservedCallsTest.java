package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.sun.management.ThreadMXBean;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.observe.CallListener;
import io.iftb.cache.observe.CallListeners;
import io.iftb.cache.observe.CallObserver;
import io.iftb.cache.observe.CallOrigin;
import io.iftb.cache.observe.CallOutcome;
import io.iftb.cache.observe.ObservedCall;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.NearOptions;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the typed caches tell of their calls, on the logger of operations and in recordings. */
class ObservedCallsTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTCUSDT", "1h");
    private static final OhlcvBar BAR = new OhlcvBar(0, 1, 4_711.25, 0.5, 1.5, 2);

    private static @Nullable Object sink = "";

    private MarketCaches caches;

    @BeforeEach
    void open() {
        TestServer.flush();
        caches = MarketCaches.open(CacheSettings.builder()
                .redisUri(TestServer.uri())
                .cache(CacheOptions.of(DomainCache.TICKER.cacheName(), String.class, Ticker.class)
                        .withNear(NearOptions.DEFAULT))
                .build());
    }

    @AfterEach
    void close() {
        caches.close();
    }

    @Test
    void log_callsOfCandles_tellWhatWasAskedAndNoValue() {
        try (OperationsLog log = new OperationsLog()) {
            caches.ohlcv().put(SERIES, List.of(BAR), OhlcvCache.NEVER);
            caches.ohlcv().latest(SERIES, 10);
            caches.ohlcv().range(SeriesKey.of("ETHUSDT", "1h"), 0, 10);
            caches.ohlcv().latest(List.of(SERIES, SeriesKey.of("ETHUSDT", "1h")), 10);
            caches.ohlcv().invalidate(SERIES);

            await().untilAsserted(() -> assertThat(log.lines()).hasSize(5));
            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .matches("cache=ohlcv operation=put key=BTCUSDT:1h outcome=done micros=\\d+ origin=server"
                                    + " call"))
                    .anySatisfy(line ->
                            assertThat(line).contains("operation=latest key=BTCUSDT:1h outcome=hit", "origin=server"))
                    .anySatisfy(line -> assertThat(line).contains("operation=range key=ETHUSDT:1h outcome=miss"))
                    .anySatisfy(
                            line -> assertThat(line).contains("operation=latest key=BTCUSDT:1h and 1 more outcome=hit"))
                    .anySatisfy(line -> assertThat(line).contains("operation=invalidate key=BTCUSDT:1h outcome=done"))
                    .noneSatisfy(line -> assertThat(line).contains("4711"));
        }
    }

    @Test
    void log_originOfAnAnswer_isNearServerOrSource() {
        Ticker ticker = new Ticker(1, 2, 1.5, 0, 0, 0, 0, 1);
        AnalysisKey question = new AnalysisKey("mood", LlmCache.hash("?"));
        caches.market().putTicker("BTC", ticker);
        await().until(() -> caches.market().ticker("BTC").isPresent() && nearHits() > 0);
        try (OperationsLog log = new OperationsLog()) {
            await().untilAsserted(() -> {
                caches.market().ticker("BTC");
                assertThat(log.lines())
                        .anySatisfy(line -> assertThat(line)
                                .contains("cache=ticker operation=get key=BTC outcome=hit", "origin=near"));
            });
            caches.llm().computeIfAbsent(question, () -> new Analysis("{\"secret\":1}"));

            assertThat(log.lines())
                    .anySatisfy(line -> assertThat(line)
                            .contains("cache=llm operation=computeIfAbsent", "outcome=done", "origin=source"))
                    .noneSatisfy(line -> assertThat(line).contains("secret"));
        }
    }

    private long nearHits() {
        return caches.counters(DomainCache.TICKER).hits();
    }

    @Test
    void recording_slowAndFailedCalls_areEvents(@TempDir Path folder) throws Exception {
        try (Recording recording = new Recording()) {
            recording.enable("io.iftb.cache.Call").withThreshold(Duration.ZERO);
            recording.enable("io.iftb.cache.FailedCall");
            recording.start();
            caches.ohlcv().latest(SERIES, 10);
            assertThatThrownBy(() -> caches.llm().computeIfAbsent(new AnalysisKey("mood", LlmCache.hash("!")), () -> {
                        throw new IllegalStateException("password");
                    }))
                    .isInstanceOf(IllegalStateException.class);
            recording.stop();
            Path file = folder.resolve("calls.jfr");
            recording.dump(file);

            List<RecordedEvent> events = RecordingFile.readAllEvents(file);
            assertThat(events).anySatisfy(event -> {
                assertThat(event.getEventType().getName()).isEqualTo("io.iftb.cache.Call");
                assertThat(event.getString("cache")).isEqualTo("ohlcv");
                assertThat(event.getString("operation")).isEqualTo("latest");
                assertThat(event.getString("key")).isEqualTo("BTCUSDT:1h");
                assertThat(event.getString("outcome")).isEqualTo("miss");
                assertThat(event.getString("origin")).isEqualTo("server");
                assertThat(event.getDuration()).isPositive();
            });
            assertThat(events).anySatisfy(event -> {
                assertThat(event.getEventType().getName()).isEqualTo("io.iftb.cache.FailedCall");
                assertThat(event.getString("outcome")).isEqualTo("failed");
                assertThat(event.getString("failure")).isEqualTo("java.lang.IllegalStateException");
                assertThat(event.toString()).doesNotContain("password");
            });
        }
    }

    @Test
    void begin_nobodyAsks_allocatesNothing() {
        CallObserver calls = CallObserver.of("ticker", new CallListeners());
        assertThat(allocated(() -> calls.begin("get", "BTC"))).isZero();
        assertThat(sink).isNull();
    }

    @Test
    void begin_logIsOn_allocates() {
        CallObserver calls = CallObserver.of("ticker", new CallListeners());
        try (OperationsLog log = new OperationsLog()) {
            assertThat(log.lines()).isEmpty();
            assertThat(allocated(() -> calls.begin("get", "BTC"))).isPositive();
            assertThat(sink).isInstanceOf(ObservedCall.class);
        }
    }

    @Test
    void listener_thatFails_endsNoCallAndHidesNothingFromTheNext() {
        List<String> heard = new CopyOnWriteArrayList<>();
        CallListener failing = (cache, operation, key) -> {
            throw new IllegalStateException("listener");
        };
        CallListener failingLate = (cache, operation, key) -> new CallListener.CallEndListener() {
            @Override
            public void ended(CallOutcome outcome, CallOrigin origin) {
                throw new IllegalStateException("listener");
            }

            @Override
            public void failed(CallOutcome outcome, String failure) {
                throw new IllegalStateException("listener");
            }
        };
        CallListener hearing = (cache, operation, key) -> new CallListener.CallEndListener() {
            @Override
            public void ended(CallOutcome outcome, CallOrigin origin) {
                heard.add(cache + " " + operation + " " + key + " " + outcome.text() + " " + origin.text());
            }

            @Override
            public void failed(CallOutcome outcome, String failure) {
                heard.add(failure);
            }
        };
        List.of(failing, failingLate, hearing).forEach(caches::addListener);

        assertThat(caches.ohlcv().latest(SERIES, 10).size()).isZero();
        await().untilAsserted(() -> assertThat(heard).containsExactly("ohlcv latest BTCUSDT:1h miss server"));

        List.of(failing, failingLate, hearing).forEach(caches::removeListener);
        caches.ohlcv().latest(SERIES, 10);
        assertThat(heard).hasSize(1);
    }

    /** Counts the calls that begin, and those that end. */
    private static final class Balance implements CallListener {

        private final AtomicInteger begun = new AtomicInteger();
        private final AtomicInteger ended = new AtomicInteger();

        @Override
        public CallEndListener begun(String cacheName, String operation, String key) {
            begun.incrementAndGet();
            return new CallEndListener() {
                @Override
                public void ended(CallOutcome outcome, CallOrigin origin) {
                    ended.incrementAndGet();
                }

                @Override
                public void failed(CallOutcome outcome, String failure) {
                    ended.incrementAndGet();
                }
            };
        }
    }

    @Test
    @SuppressWarnings("NullAway") // a value that is refused
    void listener_callsThatEndInAnyWay_hearsTheEndOfEachOnce() {
        Balance balance = new Balance();
        caches.addListener(balance);
        OhlcvCache ohlcv = caches.ohlcv();
        Ticker ticker = new Ticker(1, 2, 1.5, 0, 0, 0, 0, 1);

        ohlcv.put(SERIES, List.of(BAR), OhlcvCache.NEVER);
        ohlcv.latest(SERIES, 10);
        ohlcv.latestAsync(SERIES, 10).toCompletableFuture().join();
        ohlcv.latest(SERIES, 10, Freshness.FENCED);
        ohlcv.latest(List.of(SERIES, SeriesKey.of("ETHUSDT", "1h")), 10);
        ohlcv.latestAged(SERIES, 10);
        ohlcv.range(SERIES, 0, 10);
        assertThatThrownBy(() -> ohlcv.latest(SERIES, 0)).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> ohlcv.range(SERIES, 0, 10, 0)).isInstanceOf(IllegalArgumentException.class);
        caches.market().ticker("BTC");
        caches.market().putTicker("BTC", ticker);
        caches.market().ticker("BTC");
        caches.market().ticker("BTC");
        assertThatThrownBy(() -> caches.market().putTicker("BTC", null)).isInstanceOf(NullPointerException.class);
        assertThatThrownBy(() -> caches.llm().computeIfAbsent(new AnalysisKey("mood", LlmCache.hash("?")), () -> {
                    throw new IllegalStateException("no model");
                }))
                .isInstanceOf(IllegalStateException.class);
        caches.close();
        assertThatThrownBy(() -> ohlcv.latest(SERIES, 10)).isInstanceOf(RuntimeException.class);
        assertThatThrownBy(() -> ohlcv.put(SERIES, List.of(BAR))).isInstanceOf(RuntimeException.class);

        await().untilAsserted(() -> assertThat(balance.ended).hasValue(balance.begun.get()));
        assertThat(balance.begun.get()).isBetween(13, 18);
    }

    /** A key that holds a line break cannot make a line of its own. */
    @Test
    void log_strangeKey_isShortAndOnOneLine() {
        try (OperationsLog log = new OperationsLog()) {
            caches.market().ticker("A\nB" + "x".repeat(200) + "END");

            await().untilAsserted(() -> assertThat(log.lines()).hasSize(1));
            assertThat(log.lines().get(0))
                    .contains("key=A?Bxxx", "…", "xEND outcome=miss")
                    .hasSizeLessThan(200);
        }
    }

    /** Bytes of one call: the least of several runs, since what is compiled allocates. */
    private static double allocated(Supplier<@Nullable Object> call) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        int calls = 10_000;
        long least = Long.MAX_VALUE;
        for (int run = 0; run < 5; run++) {
            long before = threads.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < calls; i++) {
                sink = call.get();
            }
            least = Math.min(least, threads.getCurrentThreadAllocatedBytes() - before);
        }
        return Math.rint(10.0 * least / calls) / 10;
    }
}
