package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.NearOptions;
import java.lang.ref.WeakReference;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The coverage of held bars: it goes where the bars go. */
@Tag("servers")
class HeldCoverageTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final Coverage COVERAGE = Coverage.of(List.of(), 7, 0, 0);

    private RedisConnection redis;
    private NearSeries near;
    private HeldCoverage coverage;

    @BeforeEach
    void open() {
        TestServer.flush();
        redis = TestServer.connect();
        SeriesAccess access = SeriesAccess.of(new SeriesScripts(redis, new Keys("")), new SeriesDamage());
        redis.await(new RedisCandleStore(access).upsert(BTC, bars(), Lifetimes.ETERNAL));
        near = new NearSeries(redis, new Keys(""), new NearMap<>(System::nanoTime, 1 << 20), NearOptions.DEFAULT);
        coverage = new HeldCoverage(redis, near, series -> CompletableFuture.completedFuture(COVERAGE));
        Hearing.begin(redis);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private static BarSeries bars() {
        return BarSeries.of(IntStream.range(0, 100)
                .mapToObj(time -> new OhlcvBar(time, 1, 2, 1, 2, time))
                .toList());
    }

    private @Nullable Covered held() {
        return coverage.get(BTC, bars -> bars.latest(10));
    }

    /** The bars that are held with their coverage. */
    private WeakReference<HeldBars> hold() {
        coverage.hold(BTC, 100);
        AtomicReference<WeakReference<HeldBars>> found = new AtomicReference<>();
        await().until(() -> coverage.get(BTC, bars -> {
                    found.set(new WeakReference<>(bars));
                    return bars.latest(10);
                })
                != null);
        return Objects.requireNonNull(found.get());
    }

    @Test
    void get_whileTheBarsAreHeld_hasTheirCoverage() {
        hold();
        assertThat(held()).satisfies(found -> {
            assertThat(found.coverage()).isEqualTo(COVERAGE);
            assertThat(found.bars().size()).isEqualTo(10);
        });
    }

    @Test
    void get_barsReadAnew_hasNoCoverage() {
        hold();
        near.drop(BTC);
        assertThat(redis.await(near.read(redis, BTC, 100, NearMap.ANY_TIME))).isNotNull();
        assertThat(held()).isNull();
    }

    @Test
    void bars_dropped_takeNoMemory() {
        WeakReference<HeldBars> bars = hold();
        near.drop(BTC);
        await().until(() -> {
            System.gc();
            return bars.get() == null;
        });
    }
}
