package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.RedisClient;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.jcache.Fault.Ending;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.OnUnavailable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each operation of the typed caches and of {@link RedisClient}, blocking and as a stage, by each fault. The ordinary build
 * runs a third; the profile {@code thorough} runs all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class TypedFailureMatrixTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String NAMESPACE = "ns-typed";
    private static final SeriesKey SERIES = new SeriesKey("BTCUSDT", Timeframe.parse("1m"));
    private static final String SYMBOL = "ETHUSDT";
    private static final String KEY = "text";
    private static final AnalysisKey ANALYSIS = new AnalysisKey("sentiment", LlmCache.hash("input"));

    private final EmbeddedServer server = EmbeddedServer.start();
    private final Leftovers leftovers = new Leftovers();
    private final Bench truth = new Bench(server.uri(), LONG);
    private final Map<Duration, RequestFaultProxy> proxies = new HashMap<>();
    private final Map<Duration, Bench> benches = new HashMap<>();

    /** The typed APIs over one connection each. */
    private static final class Bench implements AutoCloseable {

        private final MarketCaches caches;
        private final RedisClient client;

        Bench(String uri, Duration budget) {
            CacheSettings settings = CacheSettings.builder()
                    .redisUri(uri)
                    .namespace(NAMESPACE)
                    .operationTimeout(budget)
                    .onUnavailable(OnUnavailable.FAIL)
                    .build();
            caches = MarketCaches.open(settings);
            client = RedisClient.connect(settings);
        }

        /** Numbers of what the server has of a series, a ticker and a text; 0 for none. */
        List<Integer> state() {
            return List.of(
                    caches.ohlcv()
                            .latestBar(SERIES)
                            .map(bar -> (int) bar.volume())
                            .orElse(0),
                    caches.market()
                            .ticker(SYMBOL)
                            .map(ticker -> (int) ticker.last())
                            .orElse(0),
                    client.get(KEY).map(Integer::parseInt).orElse(0),
                    caches.llm()
                            .get(ANALYSIS)
                            .map(analysis -> Integer.parseInt(analysis.json()))
                            .orElse(0));
        }

        void prepare() {
            caches.ohlcv().put(SERIES, bars(1));
            caches.market().putTicker(SYMBOL, ticker(1));
            client.set(KEY, "1");
            caches.llm().put(ANALYSIS, new Analysis("1"));
        }

        @Override
        public void close() {
            caches.close();
            client.close();
        }
    }

    private static final List<Integer> BEFORE = List.of(1, 1, 1, 1);

    private static List<OhlcvBar> bars(int number) {
        return List.of(new OhlcvBar(1_700_000_040_000L, 1, 100, 1, 1, number));
    }

    private static Ticker ticker(int number) {
        return new Ticker(1, 2, number, 1, 1, 1, 0, 1_700_000_040_000L);
    }

    /** The operations, and what the server has after each. */
    @SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes, and lambdas without a state
    enum Operation {
        PUT_BARS(
                List.of(2, 1, 1, 1),
                b -> b.caches.ohlcv().put(SERIES, bars(2)),
                b -> b.caches.ohlcv().putAsync(SERIES, bars(2))),
        LATEST(
                null,
                b -> b.caches.ohlcv().latest(SERIES, 5),
                b -> b.caches.ohlcv().latestAsync(SERIES, 5)),
        LATEST_OF_ALL(
                null,
                b -> b.caches.ohlcv().latest(List.of(SERIES), 5),
                b -> b.caches.ohlcv().latestAsync(List.of(SERIES), 5)),
        LATEST_BAR(
                null,
                b -> b.caches.ohlcv().latestBar(SERIES),
                b -> b.caches.ohlcv().latestBarAsync(SERIES)),
        RANGE(
                null,
                b -> b.caches.ohlcv().range(SERIES, 0, Long.MAX_VALUE, 5),
                b -> b.caches.ohlcv().rangeAsync(SERIES, 0, Long.MAX_VALUE, 5)),
        INVALIDATE(
                List.of(0, 1, 1, 1),
                b -> b.caches.ohlcv().invalidate(SERIES),
                b -> b.caches.ohlcv().invalidateAsync(SERIES)),
        PUT_TICKER(
                List.of(1, 2, 1, 1),
                b -> b.caches.market().putTicker(SYMBOL, ticker(2)),
                b -> b.caches.market().putTickerAsync(SYMBOL, ticker(2))),
        TICKER(
                null,
                b -> b.caches.market().ticker(SYMBOL),
                b -> b.caches.market().tickerAsync(SYMBOL)),
        SET(List.of(1, 1, 2, 1), b -> b.client.set(KEY, "2"), b -> b.client.setAsync(KEY, "2")),
        GET_TEXT(null, b -> b.client.get(KEY), b -> b.client.getAsync(KEY)),
        EXISTS(null, b -> b.client.exists(KEY), b -> b.client.existsAsync(KEY)),
        GET_JSON(null, b -> b.client.getJson(KEY, Integer.class), b -> b.client.getJsonAsync(KEY, Integer.class)),
        DELETE(List.of(1, 1, 0, 1), b -> b.client.delete(KEY), b -> b.client.deleteAsync(KEY)),
        SET_JSON(List.of(1, 1, 2, 1), b -> b.client.setJson(KEY, 2), b -> b.client.setJsonAsync(KEY, 2)),
        PUT_ANALYSIS(
                List.of(1, 1, 1, 2),
                b -> b.caches.llm().put(ANALYSIS, new Analysis("2")),
                b -> b.caches.llm().putAsync(ANALYSIS, new Analysis("2"))),
        ANALYSIS_OF_KEY(
                null, b -> b.caches.llm().get(ANALYSIS), b -> b.caches.llm().getAsync(ANALYSIS)),
        ALL_SERIES(null, b -> b.caches.ohlcv().series(), null),
        CLEAR(List.of(0, 1, 1, 1), b -> b.caches.ohlcv().clear(), null);

        private final List<Integer> after;
        private final boolean reads;
        private final Consumer<Bench> blocking;
        private final @Nullable Function<Bench, CompletionStage<?>> stage;

        Operation(
                @Nullable List<Integer> after,
                Consumer<Bench> blocking,
                @Nullable Function<Bench, CompletionStage<?>> stage) {
            this.after = after == null ? BEFORE : after;
            this.reads = after == null;
            this.blocking = blocking;
            this.stage = stage;
        }

        /** Whether the request that is struck, the first, reads: a clear first looks for the keys. */
        private boolean strikesRead() {
            return reads || this == CLEAR;
        }
    }

    /** A cell of the matrix. */
    record Cell(Operation operation, Fault fault, boolean async) {}

    static Stream<Cell> cells() {
        List<Cell> all = new ArrayList<>();
        int number = 0;
        for (Operation operation : Operation.values()) {
            for (Fault fault : Fault.values()) {
                for (boolean async : new boolean[] {false, true}) {
                    boolean fits = async ? operation.stage != null && !fault.interrupts() : fault != Fault.CANCEL;
                    if (fits && (THOROUGH || number++ % 3 == 0)) {
                        all.add(new Cell(operation, fault, async));
                    }
                }
            }
        }
        return all.stream();
    }

    private Bench bench(Duration budget) throws Exception {
        Bench bench = benches.get(budget);
        if (bench == null) {
            RequestFaultProxy proxy = new RequestFaultProxy(server.port(), NAMESPACE);
            proxies.put(budget, proxy);
            bench = new Bench(proxy.uri(), budget);
            benches.put(budget, bench);
            for (Operation operation : Operation.values()) {
                operation.blocking.accept(bench); // loads the scripts
            }
        }
        return bench;
    }

    @AfterAll
    void close() {
        benches.values().forEach(Bench::close);
        proxies.values().forEach(RequestFaultProxy::close);
        truth.close();
        server.close();
        leftovers.assertNone();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void call_fault_endsInTimeWithTheTruthAndLeavesNothing(Cell cell) throws Exception {
        Duration budget = cell.fault().endsAtOnce ? LONG : SHORT;
        Bench bench = bench(budget);
        RequestFaultProxy proxy = Objects.requireNonNull(proxies.get(budget));
        Operation operation = cell.operation();
        truth.prepare();

        StruckCall call = cell.async()
                ? StruckCall.stage(
                        proxy,
                        cell.fault(),
                        0,
                        () -> Objects.requireNonNull(operation.stage).apply(bench),
                        () -> {})
                : StruckCall.blocking(proxy, cell.fault(), 0, () -> operation.blocking.accept(bench), () -> {});

        Ending ending = call.ending(RedisOutcomeUnknownException.class, budget);
        Ending expected = cell.fault().ending(operation.strikesRead() ? 'R' : 'W');
        if (expected != Ending.ANY) {
            assertThat(ending).as("ends with " + call.error()).isEqualTo(expected);
        }
        if (call.error() != null && ending != Ending.CANCELLED) {
            assertThat(call.error()).isInstanceOf(RedisServerException.class);
        }
        await().pollInterval(Duration.ofMillis(2)).untilAsserted(() -> {
            assertThat(FailureBench.callsUnderWay(bench.caches)).isZero();
            assertThat(FailureBench.callsUnderWay(bench.client)).isZero();
        });
        assertTruth(cell, ending, truth.state());
        assertNextCallsWork(cell, bench);
    }

    private static void assertTruth(Cell cell, Ending ending, List<Integer> state) {
        List<Integer> after = cell.operation().after;
        switch (ending) {
            case RESULT -> assertThat(state).isEqualTo(after);
            case FAILED -> assertThat(state).isEqualTo(BEFORE);
            default -> assertThat(state).isIn(BEFORE, after);
        }
        if (ending == Ending.UNKNOWN) {
            switch (cell.fault()) {
                case REPLY_LOST, REPLY_CUT, REPLY_TOO_LATE, INTERRUPT_DURING ->
                    assertThat(state).as("it was carried out").isEqualTo(after);
                case REQUEST_LOST, REQUEST_CUT -> assertThat(state).isEqualTo(BEFORE);
                default -> {
                    // as the moment decides
                }
            }
        }
    }

    private static void assertNextCallsWork(Cell cell, Bench bench) {
        if (cell.fault().closesAll() || !cell.fault().endsAtOnce) {
            // suspected connections are made anew, fifty a second at most
            await().pollInterval(Duration.ofMillis(2)).ignoreExceptions().untilAsserted(bench::state);
        }
        bench.caches.ohlcv().put(SERIES, bars(7));
        bench.caches
                .market()
                .putTickerAsync(SYMBOL, ticker(7))
                .toCompletableFuture()
                .join();
        bench.client.set(KEY, "7");
        bench.caches.llm().put(ANALYSIS, new Analysis("7"));
        assertThat(bench.state()).containsExactly(7, 7, 7, 7);
    }
}
