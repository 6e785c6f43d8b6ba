package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.NearOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Bars with their coverage, and what this JVM holds of them, which here hears of no change. */
@Tag("servers")
class CoverageNearTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final int BARS = 100;
    private static final Coverage.Interval ALL = new Coverage.Interval(0, BARS, Coverage.Reason.DATA, Coverage.FOREVER);

    private RedisConnection redis;
    private SeriesAccess access;
    private NearSeries near;

    @BeforeEach
    void open() {
        TestServer.flush();
        redis = TestServer.connect();
        access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
        near = new NearSeries(redis, new Keys(""), new NearMap<>(System::nanoTime, 1 << 20), NearOptions.DEFAULT);
        Hearing.begin(redis);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private static BarSeries bars(int count, double volume) {
        return BarSeries.of(IntStream.range(BARS - count, BARS)
                .mapToObj(time -> new OhlcvBar(time, 1, 2, 1, 2, volume))
                .toList());
    }

    private static final class NothingDropped implements DroppedChanges.Remover<SeriesKey, TimeRanges> {

        @Override
        public CompletableFuture<?> remove(Map<SeriesKey, TimeRanges> entries) {
            return CompletableFuture.completedFuture(null);
        }

        @Override
        public CompletableFuture<?> removeAll() {
            return CompletableFuture.completedFuture(null);
        }
    }

    private CoverageStore store(@Nullable Fences fences) {
        return new CoverageStore(
                redis,
                access,
                new DroppedChanges<>(redis, "ohlcv", (one, other) -> other, new NothingDropped()),
                near,
                fences);
    }

    private CoverageStore holding() {
        CoverageStore store = store(null);
        redis.await(store.store(BTC, bars(BARS, 1), Lifetimes.ETERNAL, null, List.of(ALL), null));
        await().until(() -> {
            store.hold(BTC, 50);
            return store.held(BTC, 50) != null;
        });
        return store;
    }

    /** As another program writes. */
    private void correct() {
        redis.await(new RedisCandleStore(access).upsert(BTC, bars(1, 2), Lifetimes.ETERNAL));
    }

    /** How bars are read with their coverage. */
    enum Reading {
        LATEST,
        MORE_THAN_THE_HEAD,
        UNIVERSE,
        RANGE,
        COVERAGE
    }

    private static CompletableFuture<?> read(CoverageStore store, Reading reading) {
        return switch (reading) {
            case LATEST -> store.latest(BTC, 10);
            case MORE_THAN_THE_HEAD -> store.latest(BTC, 2_000);
            case UNIVERSE -> store.latest(List.of(BTC), 10).values().iterator().next();
            case RANGE -> store.range(BTC, 90, Long.MAX_VALUE, 1_000);
            case COVERAGE -> store.coverage(BTC);
        };
    }

    @ParameterizedTest
    @EnumSource
    void read_afterTheServerSaidMore_leavesNothingOlderHeld(Reading reading) {
        CoverageStore store = holding();
        correct();
        assertThat(store.held(BTC, 1)).as("what was before, until it is heard").isNotNull();

        redis.await(read(store, reading));

        assertThat(near.get(BTC)).isNull();
    }

    @ParameterizedTest
    @EnumSource
    void read_afterTheServerSaidTheSame_leavesItHeld(Reading reading) {
        CoverageStore store = holding();

        redis.await(read(store, reading));

        assertThat(store.held(BTC, 50)).isNotNull();
    }

    @Test
    void held_readsAreFenced_isNothing() {
        holding();
        CoverageStore fenced = store(new Fences(redis));

        fenced.hold(BTC, 50);

        assertThat(fenced.held(BTC, 10)).isNull();
        assertThat(fenced.held(BTC, 90, 100, 10)).isNull();
    }

    @Test
    void uncover_heldBars_areDroppedWithTheirCoverage() {
        CoverageStore store = holding();

        redis.await(store.uncover(BTC, new Range(0, BARS)));

        assertThat(store.held(BTC, 50)).isNull();
    }
}
