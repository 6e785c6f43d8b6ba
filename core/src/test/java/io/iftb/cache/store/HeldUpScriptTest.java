package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scripts that are delayed for longer than the lifetime of a bar have the same effect as without a delay. */
class HeldUpScriptTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final Keys KEYS = new Keys("");
    private static final String HEAD = KEYS.head(BTC);
    private static final long LONG = 600_000;

    /** A prefix for scripts that delays the first calls of a command, before and after it. */
    private static final String HOLD_UP = """
            local server, left = redis, 3
            local redis = {pcall = redis.pcall, call = function(command, ...)
              local turns = 0
              if command == '%s' and left > 0 then
                left, turns = left - 1, %d
              end
              for i = 1, turns do end
              local reply = server.call(command, ...)
              for i = 1, turns do end
              return reply
            end}
            """;

    /** About 40 ms or more of the server's time. On newer servers the clock does not advance in a script. */
    private static final int LONGER_THAN_A_LIFETIME = 15_000_000;

    private static RedisConnection redis;
    private static RespConnection raw;
    private static CandleStore store;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        raw = TestServer.raw();
        store = new RedisCandleStore(access(redis));
    }

    @AfterAll
    static void disconnect() throws IOException {
        redis.close();
        raw.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TIME", "PTTL", "PEXPIREAT", "SETRANGE"})
    void upsert_heldUpForLongerThanTheLifetime_leavesNoKeyOfZeros(String command) throws Exception {
        Script swift = Script.load(CandleStore.class, FILES);
        Script slow = heldUp(command, LONGER_THAN_A_LIFETIME);
        raw.call("SCRIPT", "LOAD", swift.text());
        raw.call("SCRIPT", "LOAD", slow.text());
        Batch batch = redis.batch();
        CompletableFuture<Long> first = upsert(batch, swift, 0, 3, 25);
        CompletableFuture<Long> second = upsert(batch, slow, 3, 1, 30);
        batch.send();
        redis.await(first);
        redis.await(second);

        assertThat(raw.number("PTTL", HEAD)).as("ms to live").isNotEqualTo(-1);
        Thread.sleep(40); // a bar's end is not announced
        assertThat(raw.list("KEYS", "*")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"TIME", "PTTL", "PEXPIREAT", "SETRANGE", "SET", "GET", "ZADD"})
    void upsert_heldUp_letsEachKeyLiveAsLongAsItsRows(String command) throws Exception {
        Script slow = heldUp(command, LONGER_THAN_A_LIFETIME / 10);
        // sealed pages, then the same bars for a little longer, for less, the newest one alone, and others before them
        int[][] writes = {
            {0, 3_000, 0},
            {2_999, 2, 5},
            {10, 5, 20},
            {0, 3_001, -1_000},
            {3_000, 1, 30},
            {3_001, 1, 25},
            {3_001, 1, 40},
            {-5, 5, 3},
            {2_000, 3_000, 1}
        };
        for (int[] write : writes) {
            redis.await(upsert(redis, slow, write[0], write[1], LONG + write[2]));

            new SeriesLayout(redis, raw, HEAD).check();
        }
        assertThat(redis.await(store.range(BTC, Long.MIN_VALUE, Long.MAX_VALUE, 10_000))
                        .bars())
                .isEqualTo(bars(-5, 5_005));
    }

    private static final String[] FILES = {
        "upsert_newest.lua", "series.lua", "coverage.lua", "change_series.lua", "upsert_bars.lua"
    };

    private static Script heldUp(String command, int turns) throws Exception {
        String text = HOLD_UP.formatted(command, turns)
                + Script.load(CandleStore.class, FILES).text();
        byte[] sha1 = MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8));
        return new Script("held up at " + command, text, HexFormat.of().formatHex(sha1));
    }

    private static CompletableFuture<Long> upsert(
            Commands commands, Script script, int from, int count, long lifetime) {
        byte[] values = BarRow.values(BarSeries.of(bars(from, count)), 0, count);
        return commands.run(
                script,
                Reply.INTEGER,
                List.of(HEAD, KEYS.index(BTC), KEYS.formerIndex(BTC)),
                KEYS.pagePrefix(BTC),
                lifetime,
                values);
    }

    private static List<OhlcvBar> bars(int from, int count) {
        return IntStream.range(from, from + count)
                .mapToObj(time -> new OhlcvBar(time, time, time + 2, time - 1, time + 1, 3))
                .toList();
    }

    private static SeriesAccess access(RedisConnection connection) {
        return SeriesAccess.of(new SeriesScripts(connection, new Keys("")), new SeriesDamage());
    }
}
