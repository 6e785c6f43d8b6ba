package io.iftb.cache.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.SeriesKey;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Keys on the server, as anybody may have written them, and the messages about changes that name them, against a fuzzer. */
class RedisKeyFuzzTest {

    private static final int MOST_BYTES = 1 << 12;
    private static final int MEMORY_FOR_A_BYTE = 4096;
    private static final Keys KEYS = new Keys("bot");
    private static final SeriesKey SERIES = SeriesKey.of("BTC/USDT:USDT", "1h");
    private static final KryoCodec KRYO = KryoCodec.builder().build();
    private static final KeyCodec<String> TEXTS = KeyCodec.of(String.class, KRYO);

    private static final EntryKeys<Object> OBJECTS = EntryKeys.texts(KEYS, "objects", KeyCodec.of(Object.class, KRYO));

    private static final List<EntryKeys<?>> CACHES = List.of(
            EntryKeys.texts(KEYS, "my fills", TEXTS),
            EntryKeys.texts(KEYS, "orders", KeyCodec.of(Long.class, KRYO)),
            EntryKeys.analyses(KEYS, "llm"),
            EntryKeys.single(KEYS, "fear_greed", "latest", TEXTS),
            OBJECTS);

    private static Stream<byte[]> seeds() {
        return Stream.of(
                        KEYS.entry("my fills", "a:b*\n\uD83D🚀%"),
                        KEYS.entry("orders", "-17"),
                        KEYS.entry("llm", "sentiment", "ab12"),
                        KEYS.entry("fear_greed"),
                        KEYS.entry("fear_greed", "former"),
                        OBJECTS.redisKey(List.of("a", 1)),
                        KEYS.head(SERIES),
                        KEYS.index(SERIES),
                        KEYS.formerIndex(SERIES),
                        KEYS.page(SERIES, -7),
                        KEYS.bar(BarKey.of(SERIES, 1_761_609_600_000L)),
                        "\0\0\0\5bot:a\1event")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void key_anyText_isNoneOrThatOfTheKey(byte[] bytes) {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> {
                read(new String(bytes, UTF_8));
                String named = ChangeChannel.name(ByteBuffer.wrap(bytes));
                if (named != null) {
                    read(named);
                }
            });
        }
    }

    private static void read(String redisKey) {
        CACHES.forEach(cache -> requireOnlyKey(cache, redisKey));
        SeriesKey series = KEYS.series(redisKey);
        if (series != null) {
            assertThat(KEYS.head(series)).isEqualTo(redisKey);
        }
        if (KEYS.isOfSeries(redisKey)) {
            assertThat(KEYS.series(Keys.headOf(redisKey))).isNotNull();
        }
        BarKey bar = KEYS.bar(redisKey);
        if (bar != null) {
            assertThat(KEYS.bar(KEYS.bar(bar))).isEqualTo(bar);
        }
        String number = KEYS.pageNumber(SERIES, redisKey);
        if (number != null) {
            assertThat(KEYS.pagePrefix(SERIES) + number).isEqualTo(redisKey);
        }
        String cacheName = KEYS.cacheName(redisKey);
        if (cacheName != null) {
            assertThat(KEYS.keyPart(cacheName, redisKey)).isNotNull();
        }
    }

    /** One key is one entry: what is read as a key is where that key is written. */
    private static <K> void requireOnlyKey(EntryKeys<K> cache, String redisKey) {
        K key = cache.key(redisKey);
        if (key != null) {
            assertThat(cache.isKey(redisKey)).isTrue();
            assertThat(cache.redisKey(key)).isEqualTo(redisKey);
        } else if (cache.isKey(redisKey)) {
            assertThat(cache.unreadable(redisKey)).isNotBlank();
        }
    }
}
