package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.market.SeriesKey;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeyCodecTest {

    private static final KryoCodec KRYO = KryoCodec.builder().build();

    @SuppressWarnings("ArrayRecordComponent") // as generated keys have them
    record Key(
            String name, MembersTest.Side side, Set<MembersTest.Side> sides, Map<Object, Object> map, Object[] array) {}

    @Test
    void toText_readableTypes_isReadable() {
        UUID id = UUID.fromString("01234567-89ab-cdef-0123-456789abcdef");

        assertThat(KeyCodec.of(String.class, KRYO).toText("a:b*\n")).isEqualTo("a:b*\n");
        assertThat(KeyCodec.of(Integer.class, KRYO).toText(-7)).isEqualTo("-7");
        assertThat(KeyCodec.of(Long.class, KRYO).toText(1L << 40)).isEqualTo("1099511627776");
        assertThat(KeyCodec.of(UUID.class, KRYO).toText(id)).isEqualTo(id.toString());
        assertThat(KeyCodec.of(MembersTest.Side.class, KRYO).toText(MembersTest.Side.SELL))
                .isEqualTo("SELL");
    }

    @Test
    void fromText_readableTypes_isTheKey() {
        assertThat(KeyCodec.of(String.class, KRYO).fromText("a:b*\n")).isEqualTo("a:b*\n");
        assertThat(KeyCodec.of(MembersTest.Side.class, KRYO).fromText("SELL")).isSameAs(MembersTest.Side.SELL);
    }

    @Property
    void fromText_anyNumber_isTheKey(@ForAll int number, @ForAll long other, @ForAll long more) {
        KeyCodec<Integer> integers = KeyCodec.of(Integer.class, KRYO);
        KeyCodec<Long> longs = KeyCodec.of(Long.class, KRYO);
        KeyCodec<UUID> ids = KeyCodec.of(UUID.class, KRYO);
        UUID id = new UUID(other, more);

        assertThat(integers.fromText(integers.toText(number))).isEqualTo(number);
        assertThat(longs.fromText(longs.toText(other))).isEqualTo(other);
        assertThat(ids.fromText(ids.toText(id))).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "007", "+7", "x", "99999999999", " 7", "-0"})
    void fromText_notHowAnIntegerIsWritten_isCorrupt(String text) {
        assertThatThrownBy(() -> KeyCodec.of(Integer.class, KRYO).fromText(text))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1-1-1-1-1", "01234567-89AB-cdef-0123-456789abcdef", "", "x"})
    void fromText_notHowAUuidIsWritten_isCorrupt(String text) {
        assertThatThrownBy(() -> KeyCodec.of(UUID.class, KRYO).fromText(text))
                .isInstanceOf(CorruptValueException.class);
    }

    @ParameterizedTest
    @CsvSource({
        "HTTP://Example.com/a%2fb,      http://example.com/a%2Fb",
        "http://user@EXAMPLE.com:80/?q, http://user@example.com:80/?q",
        "MAILTO:a@b.c,                  mailto:a@b.c",
        "file:/x#%e4,                   file:///x#%E4",
        "file:////server/share,         FILE:////server/share",
        "//host/x,                      //HOST/x",
        "a/b?c,                         a/b?c",
        "http://[::A]/,                 http://[::a]/"
    })
    void toText_equalUris_areTheSame(URI one, URI other) {
        KeyCodec<URI> uris = KeyCodec.of(URI.class, KRYO);
        assertThat(one).isEqualTo(other);
        assertThat(uris.toText(one)).isEqualTo(uris.toText(other));
        assertThat(uris.fromText(uris.toText(one))).isEqualTo(one);
    }

    @Test
    void toText_urisThatDiffer_differ() {
        KeyCodec<URI> uris = KeyCodec.of(URI.class, KRYO);
        List<String> different = List.of(
                "http://a/B",
                "http://a/b",
                "http://a:80/b",
                "http://U@a/b",
                "http://u@a/b",
                "http://a/b?",
                "http://a/b#",
                "/b",
                "//a/b",
                "http:/a/b",
                "file:////a/b",
                "file:/a/b",
                "http://a/%2F",
                "http://a//");
        assertThat(different.stream().map(URI::create).map(uris::toText)).doesNotHaveDuplicates();
    }

    @Test
    void fromText_unknownConstant_isCorrupt() {
        assertThatThrownBy(() -> KeyCodec.of(MembersTest.Side.class, KRYO).fromText("HOLD"))
                .isInstanceOf(CorruptValueException.class);
    }

    @Property(tries = 1000)
    void fromText_anyText_isCorruptOrAKey(@ForAll String text) {
        for (Class<?> type : new Class<?>[] {Object.class, Integer.class, Long.class, UUID.class, Key.class}) {
            try {
                assertThat(KeyCodec.of(type, KRYO).fromText(text)).isInstanceOf(type);
            } catch (CorruptValueException e) {
                assertThat(e.getMessage()).isNotBlank();
            }
        }
    }

    @Test
    void toText_otherTypes_isBase64() {
        KeyCodec<SeriesKey> series = KeyCodec.of(SeriesKey.class, KRYO);
        KeyCodec<Object> objects = KeyCodec.of(Object.class, KRYO);
        SeriesKey key = SeriesKey.of("BTCUSDT", "1h");

        assertThat(series.toText(key)).matches("[A-Za-z0-9_-]+");
        assertThat(series.fromText(series.toText(key))).isEqualTo(key);
        assertThat(objects.toText("text")).isNotEqualTo("text");
        assertThat(objects.fromText(objects.toText("text"))).isEqualTo("text");
        assertThatThrownBy(() -> series.fromText(objects.toText("text"))).isInstanceOf(CorruptValueException.class);
        assertThatThrownBy(() -> series.fromText(series.toText(key) + "=")).isInstanceOf(CorruptValueException.class);
    }

    @Test
    void toText_equalKeysBuiltInOtherWays_isTheSame() {
        KeyCodec<Object> objects = KeyCodec.of(Object.class, KRYO);
        String shared = new String("shared");
        Object oneList = List.of(List.of(shared), List.of(shared));
        Object sameList = new ArrayList<>(Arrays.asList(new ArrayList<>(List.of("shared")), List.of("shared")));
        List<Object> inner = new ArrayList<>(List.of(1));
        Map<Object, Object> oneMap = new HashMap<>(64);
        Map<Object, Object> otherMap = new HashMap<>(2);
        for (int i = 0; i < 40; i++) {
            oneMap.put(i * 65536, inner);
            otherMap.put((39 - i) * 65536, List.of(1));
        }

        assertThat(objects.toText(oneList)).isEqualTo(objects.toText(sameList));
        assertThat(objects.toText(oneMap)).isEqualTo(objects.toText(Map.copyOf(otherMap)));
        assertThat(objects.toText(Set.of("a", "b", "c")))
                .isEqualTo(objects.toText(new HashSet<>(List.of("c", "b", "a"))));
        assertThat(objects.fromText(objects.toText(oneMap))).isEqualTo(oneMap);
    }

    @Test
    void toText_keyWithEnumsInSecondJvm_isTheSame() throws Exception {
        List<String> here = texts();

        assertThat(SecondJvm.run(KeyCodecTest.class)).isEqualTo(here);
        assertThat(SecondJvm.run(KeyCodecTest.class)).isEqualTo(here);
    }

    /** Prints the texts, for the JVM that waits. */
    public static void main(String[] args) {
        texts().forEach(System.out::println);
    }

    private static List<String> texts() {
        Map<Object, Object> byEnum = new HashMap<>();
        Set<Object> enums = new HashSet<>();
        for (Thread.State state : Thread.State.values()) {
            byEnum.put(List.of(MembersTest.Side.SELL, state.name()), MembersTest.Side.BUY);
            enums.add(List.of(state.name(), Set.of(MembersTest.Side.values())));
        }
        for (java.util.concurrent.TimeUnit unit : java.util.concurrent.TimeUnit.values()) {
            byEnum.put(unit, new HashSet<>(enums));
            enums.add(unit);
        }
        Key key = new Key(
                "key", MembersTest.Side.SELL, new HashSet<>(Set.of(MembersTest.Side.values())), byEnum, new Object[] {
                    MembersTest.Side.BUY, new int[] {1}, enums, new MembersTest.Side[] {MembersTest.Side.SELL}
                });
        KeyCodec<Key> codec = KeyCodec.of(
                Key.class, KryoCodec.builder().trust(MembersTest.Side.class).build());
        String text = codec.toText(key);
        Key back = Objects.requireNonNull(codec.fromText(text));
        assertThat(codec.toText(back)).isEqualTo(text);
        assertThat(back.map()).isEqualTo(byEnum);
        return List.of(text);
    }
}
