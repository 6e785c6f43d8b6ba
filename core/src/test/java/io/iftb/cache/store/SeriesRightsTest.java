package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.TestServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisServerException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user who lacks one right: a change of a series is made whole, or not at all. */
class SeriesRightsTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final int COUNT = 5_000;
    private static final int BLOCK = 256;
    private static final Duration DAY = Duration.ofDays(1);

    @AfterEach
    void removeUser() throws IOException {
        try (RespConnection raw = TestServer.raw()) {
            raw.call("ACL", "DELUSER", "bot");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "get",
                "getrange",
                "exists",
                "time",
                "strlen",
                "pttl",
                "zrange",
                "zrangebyscore",
                "zrevrangebyscore",
                "zscore",
                "set",
                "setrange",
                "append",
                "pexpireat",
                "persist",
                "zadd",
                "zrem",
                "unlink",
                "del",
                "rename"
            })
    void write_withoutARight_isMadeWholeOrNotAtAll(String right) throws IOException {
        requireWholeOrNothing(right, DAY);
    }

    /** The pages then end sooner than before, which a script has to find out after it has exchanged them. */
    @ParameterizedTest
    @ValueSource(strings = {"get", "exists", "time", "pttl", "zrange", "zrangebyscore", "zrevrangebyscore", "zscore"})
    void write_ofBarsThatEndSooner_withoutARight_isMadeWholeOrNotAtAll(String right) throws IOException {
        requireWholeOrNothing(right, Duration.ofHours(1));
    }

    private static void requireWholeOrNothing(String right, Duration lifetime) throws IOException {
        TestServer.flush();
        try (RespConnection raw = TestServer.raw();
                MarketCaches admin = MarketCaches.open(TestServer.uri())) {
            raw.call("ACL", "SETUSER", "bot", "reset", "on", ">secret", "~*", "&*", "+@all");
            try (MarketCaches bot = MarketCaches.open(TestServer.uri().replace("redis://", "redis://bot:secret@"))) {
                admin.ohlcv().put(BTC, BarSeries.of(bars(0, COUNT, 1)), DAY);
                bot.ohlcv().range(BTC, 0, COUNT); // it knows the pages now
                raw.call("ACL", "SETUSER", "bot", "-" + right);
                int value = 2;
                for (int from : new int[] {0, 100, 1_900, 2_000, 2_900, 4_000, COUNT - BLOCK, COUNT}) {
                    List<OhlcvBar> before =
                            admin.ohlcv().range(BTC, 0, 2 * COUNT).bars();
                    try {
                        bot.ohlcv().put(BTC, BarSeries.of(bars(from, BLOCK, value)), lifetime);
                    } catch (RedisServerException e) {
                        assertThat(admin.ohlcv().range(BTC, 0, 2 * COUNT).bars())
                                .as("without %s, %s bars from %s on, after %s", right, BLOCK, from, e.getMessage())
                                .isEqualTo(before);
                    }
                    value++;
                }
            }
        }
    }

    private static List<OhlcvBar> bars(int from, int count, int volume) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> new OhlcvBar(time, 100, 102, 99, 101, volume))
                .toList();
    }
}
