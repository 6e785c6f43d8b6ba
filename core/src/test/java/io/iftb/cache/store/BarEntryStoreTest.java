package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.WrongTypeException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class BarEntryStoreTest extends EntryStoreContract<BarKey> {

    private static final Lifetimes ETERNAL = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);

    @Override
    EntryStore<BarKey> open(RedisConnection connection) {
        SeriesAccess access = access(connection);
        return new BarEntryStore(new RedisCandleStore(access), access, new ChangeChannel(CHANNEL));
    }

    /** Three series, so that batches cross them. */
    @Override
    BarKey key(int i) {
        return BarKey.of(series(i), i * 60_000L);
    }

    private static SeriesKey series(int i) {
        return SeriesKey.of(List.of("BTCUSDT", "BTC/USDT:USDT", "🚀*{}").get(i % 3), "1m");
    }

    @Override
    byte[] value(int i, int version) {
        return BarRow.value(new OhlcvBar(i * 60_000L, i, i + 2 + version, i, i + 1, version));
    }

    @Override
    long lifetimeLeft(BarKey key) throws IOException {
        try (var raw = TestServer.raw()) {
            // the expiry of the row, as 16 hexadecimal digits, read by an independent script
            String hex = raw.call(
                    "EVAL",
                    "for i = 0, redis.call('STRLEN', KEYS[1]) - 56, 56 do "
                            + "local r = redis.call('GETRANGE', KEYS[1], i, i + 55) "
                            + "if struct.unpack('>i8', r) == tonumber(ARGV[1]) then "
                            + "return (r:sub(9, 16):gsub('.', function(c) return string.format('%02x', c:byte()) end)) "
                            + "end end",
                    "1",
                    new Keys("").head(key.series()),
                    String.valueOf(key.openTime()));
            long expiry = Long.parseLong(hex, 16);
            List<String> now = raw.list("TIME");
            long millis = Long.parseLong(now.get(0)) * 1_000 + Long.parseLong(now.get(1)) / 1_000;
            return expiry == BarRow.NEVER ? -1 : expiry - millis;
        }
    }

    @Override
    void spoil(BarKey key) throws IOException {
        try (var raw = TestServer.raw()) {
            raw.call("LPUSH", new Keys("").head(key.series()), "a");
        }
    }

    @Test
    void writes_headHoldsNoRows_areRefusedAndOtherSeriesWork() throws IOException {
        EntryStore<BarKey> store = open(redis);
        done(store.put(key(1), value(1, 1), ETERNAL, EntryStore.Condition.ANY));
        for (String text : List.of("text", "x".repeat(55), "x".repeat(112))) {
            try (var raw = TestServer.raw()) {
                String head = new Keys("").head(key(0).series());
                raw.call("SET", head, text);

                assertThat(done(store.get(key(0), Lifetimes.KEEP))).isSameAs(EntryStore.FOREIGN);
                assertThatThrownBy(() -> done(store.put(key(0), value(0, 1), ETERNAL, EntryStore.Condition.ANY)))
                        .isInstanceOf(WrongTypeException.class)
                        .hasMessage("key '" + head + "' on " + redis.server() + " holds " + text.length()
                                + " bytes that are not rows of candles; rename or delete that key");
                assertThat(raw.call("GET", head)).isEqualTo(text);
            }
        }
        spoil(key(2));
        assertThat(done(store.get(key(2), Lifetimes.KEEP))).isSameAs(EntryStore.FOREIGN);
        assertThatThrownBy(() -> done(store.put(key(2), value(2, 1), ETERNAL, EntryStore.Condition.ANY)))
                .isInstanceOf(WrongTypeException.class)
                .hasMessageContaining("holds another type of value");
        assertThat(done(store.get(key(1), Lifetimes.KEEP))).isEqualTo(value(1, 1));
        assertThat(walked().keySet()).containsExactly(key(1));
    }

    @Test
    void put_keyAndBarOpenAtDifferentTimes_isRefused() {
        EntryStore<BarKey> store = open(redis);

        for (EntryStore.Condition condition : EntryStore.Condition.values()) {
            assertThatThrownBy(() -> store.put(key(1), value(2, 1), ETERNAL, condition))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("opens at 120000");
        }
        assertThatThrownBy(() -> store.putAll(Map.of(key(0), value(0, 1), key(1), value(2, 1)), ETERNAL))
                .isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> store.requireStorable(key(1), value(2, 1)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("the bar for key " + key(1)
                        + " opens at 120000; the open times of a key and its bar must be the same");
        assertThatThrownBy(() -> store.requireStorable(key(1), new byte[3]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageEndingWith("has 3 bytes; a bar has 48");
        assertThat(walked()).isEmpty();
    }

    @Test
    void singleBars_acrossHeadAndPages_areFoundChangedAndRemoved() {
        EntryStore<BarKey> store = open(redis);
        SeriesKey series = SeriesKey.of("BTCUSDT", "1h");
        Map<BarKey, byte[]> all = new java.util.HashMap<>();
        for (int i = 0; i < 5_000; i++) {
            OhlcvBar bar = new OhlcvBar(i, i, i, i, i, i);
            all.put(BarKey.of(series, i), BarRow.value(bar));
        }
        done(store.putAll(all, ETERNAL));
        OhlcvBar changed = new OhlcvBar(17, 1, 2, 1, 2, 9);

        assertThat(done(store.getAndPut(
                        BarKey.of(series, 17), BarRow.value(changed), ETERNAL, EntryStore.Condition.PRESENT)))
                .isEqualTo(all.get(BarKey.of(series, 17)));
        assertThat(done(store.get(BarKey.of(series, 17), Lifetimes.KEEP))).isEqualTo(BarRow.value(changed));
        List<BarKey> removed = all.keySet().stream()
                .filter(key -> key.openTime() % 2 == 0 || key.openTime() > 3_000)
                .toList();
        assertThat(done(store.removeAll(removed))).isEqualTo(removed.size());
        removed.forEach(all::remove);
        assertThat(walked().keySet()).isEqualTo(all.keySet());
        assertThat(done(store.removeAll(List.copyOf(all.keySet())))).isEqualTo(all.size());
        assertThat(walked()).isEmpty();
    }

    @Test
    void bits_ofEveryDouble_comeBack() {
        EntryStore<BarKey> store = open(redis);
        double smallest = Double.MIN_VALUE;
        OhlcvBar bar = new OhlcvBar(-7, -0.0, Double.MAX_VALUE, -Double.MAX_VALUE, 0.1 + 0.2, smallest);
        BarKey key = BarKey.of(series(0), -7);

        done(store.put(key, BarRow.value(bar), ETERNAL, EntryStore.Condition.ANY));

        byte[] read = done(store.get(key, Lifetimes.KEEP));
        assertThat(read).isEqualTo(BarRow.value(bar));
        assertThat(ByteBuffer.wrap(read).getLong(8)).isEqualTo(Double.doubleToRawLongBits(-0.0));
    }

    @Test
    void scripts_nameTheirArguments_inTheirFirstLines() throws Exception {
        Path folder =
                Path.of(CandleStore.class.getResource("series.lua").toURI()).getParent();
        try (var files = Files.list(folder)) {
            assertThat(files.filter(file -> file.toString().endsWith(".lua")))
                    .isNotEmpty()
                    .allSatisfy(file -> {
                        List<String> lines = Files.readAllLines(file);
                        assertThat(lines.get(0)).startsWith("-- ");
                        assertThat(lines.get(1)).startsWith("-- KEYS");
                    });
        }
    }

    private static SeriesAccess access(RedisConnection connection) {
        return SeriesAccess.of(new SeriesScripts(connection, new Keys("")), new SeriesDamage());
    }
}
