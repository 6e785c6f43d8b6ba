package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NearOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a read costs of which all is covered. */
@Tag("servers")
class FetchingCostTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;
    private static final long NOON = 1_700_049_600_000L;
    private static final int READS = 50;

    private final ScriptedSource source = new ScriptedSource(NOON + 10 * 60_000);
    private RespConnection raw;

    @BeforeEach
    void connect() {
        TestServer.flush();
        raw = TestServer.raw();
    }

    @AfterEach
    void disconnect() throws IOException {
        raw.close();
    }

    private OhlcvCache of(MarketCaches caches) {
        return caches.ohlcv()
                .withSource(
                        source, FetchOptions.of("scripted").withClock(source).withOpenBarAge(Duration.ofHours(1)));
    }

    @Test
    void coveredLatest_isTwoPlainCommands() throws IOException {
        try (MarketCaches caches = MarketCaches.open(TestServer.uri())) {
            OhlcvCache ohlcv = of(caches);
            ohlcv.latest(BTC, 100);
            assertThat(TestServer.commandsDuring(() -> {
                        for (int i = 0; i < READS; i++) {
                            assertThat(ohlcv.latest(BTC, 100).size()).isEqualTo(100);
                        }
                    }))
                    .containsEntry("get", (long) READS)
                    .containsEntry("getrange", (long) READS)
                    .doesNotContainKeys("evalsha", "eval", "time");
        }
    }

    @Test
    void coveredUniverse_isTwoPlainCommandsASeries() throws IOException {
        List<SeriesKey> universe = List.of(BTC, SeriesKey.of("ETHUSDT", "1h"), SeriesKey.of("XRPUSDT", "1h"));
        try (MarketCaches caches = MarketCaches.open(TestServer.uri())) {
            OhlcvCache ohlcv = of(caches);
            ohlcv.latest(universe, 100);
            assertThat(TestServer.commandsDuring(
                            () -> assertThat(ohlcv.latest(universe, 100)).hasSize(3)))
                    .containsEntry("get", 3L)
                    .containsEntry("getrange", 3L)
                    .doesNotContainKeys("evalsha", "eval");
        }
    }

    @Test
    void coveredLatest_withNearCache_sendsNothing_untilSomethingChanges() throws IOException {
        CacheSettings settings = CacheSettings.builder()
                .redisUri(TestServer.uri())
                .cache(CacheOptions.of("ohlcv", BarKey.class, OhlcvBar.class).withNear(NearOptions.DEFAULT))
                .build();
        try (MarketCaches caches = MarketCaches.open(settings)) {
            OhlcvCache ohlcv = of(caches);
            List<OhlcvBar> expected = source.bars(BTC, NOON - 99 * HOUR, NOON + 1, 1_000);
            await().until(() -> {
                ohlcv.latest(BTC, 100);
                return !TestServer.commandsDuring(() -> ohlcv.latest(BTC, 100)).containsKey("get");
            });
            assertThat(TestServer.commandsDuring(() -> {
                        for (int i = 0; i < READS; i++) {
                            assertThat(ohlcv.latest(BTC, 100).bars()).isEqualTo(expected);
                            assertThat(ohlcv.range(BTC, NOON - 20 * HOUR, NOON).size())
                                    .isEqualTo(20);
                        }
                    }))
                    .doesNotContainKeys("get", "getrange", "evalsha");

            raw.call("DEL", "ohlcv:{BTCUSDT:1h}:coverage");
            await().until(() -> {
                ohlcv.latest(BTC, 100);
                return source.requests().size() == 2;
            });
            source.now(NOON + HOUR + 1_000); // a bar has closed
            assertThat(ohlcv.latest(BTC, 100).openTimes()).contains(NOON + HOUR);
            assertThat(source.requests()).hasSize(3);
        }
    }
}
