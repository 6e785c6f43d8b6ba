package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The cost of the hot read on the server, for any length of the series and any number of keys. */
class HotReadTest {

    private static final long MINUTE = 60_000;

    private static final int MILLION = 1_000_000;

    /** So many bars and other keys: a million in the profile thorough. */
    private static final int MANY = Boolean.getBoolean("iftb.test.thorough") ? MILLION : 100_000;

    private static final int CALLS = 50;
    private static final int BATCH = 100_000;
    private static final String POPULATE =
            "for key = ARGV[1], ARGV[2] do redis.call('SET', 'other:' .. key, 'anything') end";

    /** What a client sends on its own: on a new connection, on an idle one, and to read the clock. */
    private static final Set<String> BACKGROUND = Set.of("client", "ping", "time");

    private static EmbeddedServer server;
    private static RespConnection raw;
    private static MarketCaches caches;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedServer.start();
        raw = RespConnection.tcp(server.port());
        caches = MarketCaches.open(server.uri());
    }

    @AfterAll
    static void stop() throws IOException {
        caches.close();
        raw.close();
        server.close();
    }

    static Stream<Arguments> barsAndOtherKeys() {
        return Stream.of(
                Arguments.of(1_000, 0), Arguments.of(1_000, MANY), Arguments.of(MANY, 0), Arguments.of(MANY, MANY));
    }

    @ParameterizedTest
    @MethodSource("barsAndOtherKeys")
    void latest_upTo1023_isOneGetrangeOfThoseBytes(int bars, int otherKeys) throws IOException {
        raw.call("FLUSHALL");
        for (int key = 0; key < otherKeys; key += BATCH) {
            raw.call("EVAL", POPULATE, "0", String.valueOf(key), String.valueOf(key + BATCH - 1));
        }
        SeriesKey series = SeriesKey.of("BTCUSDT", "1m");
        caches.ohlcv().put(series, bars(0, bars, 1), OhlcvCache.NEVER);
        for (int limit : new int[] {1, 100, Math.min(bars, 1_023)}) {
            assertOneGetrange(series, limit, bars(bars - limit, limit, 1));
        }
    }

    private static void assertOneGetrange(SeriesKey series, int limit, List<OhlcvBar> expected) throws IOException {
        Map<String, Long> before = counts();

        for (int i = 0; i < CALLS; i++) {
            assertThat(caches.ohlcv().latest(series, limit).bars()).isEqualTo(expected);
        }

        assertThat(more(before, counts())).isEqualTo(Map.of("getrange", (long) CALLS, "info", 1L));
        assertThat(replyBytes(series, limit)).isLessThanOrEqualTo(56L * limit + 64);
    }

    /** The bytes that the server sends for one call, without those of the measurement. */
    private static long replyBytes(SeriesKey series, int limit) throws IOException {
        long asking = -outputBytes() + outputBytes();
        long before = outputBytes();
        for (int i = 0; i < CALLS; i++) {
            caches.ohlcv().latest(series, limit);
        }
        return (outputBytes() - before - asking) / CALLS;
    }

    private static long outputBytes() throws IOException {
        return raw.call("INFO", "stats")
                .lines()
                .filter(line -> line.startsWith("total_net_output_bytes:"))
                .mapToLong(line -> Long.parseLong(line.substring(line.indexOf(':') + 1)))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void latest_5000_isAtMostTwoRoundTrips() throws IOException {
        raw.call("FLUSHALL");
        SeriesKey series = SeriesKey.of("BTCUSDT", "1m");
        caches.ohlcv().put(series, bars(0, MILLION, 1), OhlcvCache.NEVER);
        caches.ohlcv().latest(series, 5_000);
        Map<String, Long> before = counts();

        BarSeries found = caches.ohlcv().latest(series, 5_000);

        // the head, whose mark says that the known index is still true, and pages; no script
        assertThat(more(before, counts())).isEqualTo(Map.of("getrange", 3L, "info", 1L));
        assertThat(found.bars()).isEqualTo(bars(MILLION - 5_000, 5_000, 1));
    }

    @Test
    void latest_gappedAndIrregularSeries_givesTheSameBars() throws IOException {
        raw.call("FLUSHALL");
        SeriesKey series = SeriesKey.of("BTCUSDT", "1m");
        List<OhlcvBar> gapped = bars(0, 10_000, 7);
        caches.ohlcv().put(series, gapped, OhlcvCache.NEVER);
        Map<String, Long> before = counts();

        assertThat(caches.ohlcv().latest(series, 1_000).bars()).isEqualTo(gapped.subList(9_000, 10_000));

        assertThat(more(before, counts())).isEqualTo(Map.of("getrange", 1L, "info", 1L));
    }

    @Test
    void latest_noSuchSeries_isOneGetrange() throws IOException {
        raw.call("FLUSHALL");
        Map<String, Long> before = counts();

        assertThat(caches.ohlcv().latest(SeriesKey.of("NONE", "1m"), 100).isEmpty())
                .isTrue();

        assertThat(more(before, counts())).isEqualTo(Map.of("getrange", 1L, "info", 1L));
    }

    @Test
    void put_aBatchOfBars_isOneRoundTrip() throws IOException {
        raw.call("FLUSHALL");
        SeriesKey series = SeriesKey.of("BTCUSDT", "1m");
        caches.ohlcv().put(series, bars(0, 10, 1));
        Map<String, Long> before = counts();

        caches.ohlcv().put(series, bars(5, 500, 1));

        assertThat(more(before, counts())).containsEntry("evalsha", 1L).doesNotContainKey("eval");
        assertThat(clientCommands(more(before, counts()))).isEqualTo(1);
    }

    @Test
    void put_manyBarsBehindTheNewest_areLinkedWithoutReading() throws IOException {
        raw.call("FLUSHALL");
        SeriesKey series = SeriesKey.of("BTCUSDT", "1m");
        caches.ohlcv().put(series, bars(0, 10, 1), OhlcvCache.NEVER);
        caches.ohlcv().range(series, Long.MIN_VALUE, Long.MAX_VALUE); // which shows that it is short
        Map<String, Long> before = counts();

        caches.ohlcv().put(series, bars(10, 5_000, 1), OhlcvCache.NEVER);

        // the rows that were there become a page, and others their successors; nothing is read before
        assertThat(more(before, counts())).containsEntry("rename", 2L);
        assertThat(caches.ohlcv().range(series, Long.MIN_VALUE, Long.MAX_VALUE).bars())
                .isEqualTo(bars(0, 5_010, 1));
    }

    /** A script counts once; the commands in it do not count. */
    private static long clientCommands(Map<String, Long> commands) {
        return commands.getOrDefault("evalsha", 0L)
                + (commands.containsKey("evalsha") ? 0 : commands.getOrDefault("getrange", 0L));
    }

    private static Map<String, Long> counts() throws IOException {
        return TestServer.calls(raw);
    }

    private static Map<String, Long> more(Map<String, Long> before, Map<String, Long> after) {
        Map<String, Long> more = TestServer.more(before, after);
        // Redis 6.2 leaves out what stands after the bar in client|setname
        more.keySet().removeIf(command -> BACKGROUND.contains(command.split("\\|", 2)[0]));
        return more;
    }

    /** Bars at irregular steps of up to {@code gap} minutes, if that is more than 1. */
    private static List<OhlcvBar> bars(int from, int count, int gap) {
        List<OhlcvBar> bars = new ArrayList<>(count);
        for (int i = from; i < from + count; i++) {
            long openTime = (long) i * gap * MINUTE + (long) i * i % gap * 1_000;
            bars.add(new OhlcvBar(openTime, i, i + 2, i - 1, i + 1, 3));
        }
        return bars;
    }
}
