package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TrustTest {

    enum Kind {
        A
    }

    @SuppressWarnings("ArrayRecordComponent")
    record Root(Part part, List<? extends Element> elements, Component[][] components, Object anything, Open open) {}

    static class Part extends Parent<Argument> {
        private Kind kind = Kind.A;
        private static Hidden shared = new Hidden();
        private transient Hidden skipped = shared;

        @Override
        public String toString() {
            return kind + " " + skipped;
        }
    }

    static class Parent<T> {}

    record Argument() {}

    record Element() {}

    record Component(Sealed sealed) {}

    sealed interface Sealed permits Permitted, NonSealed {}

    record Permitted(Deep deep) implements Sealed {}

    static non-sealed class NonSealed implements Sealed {}

    static class SubclassOfNonSealed extends NonSealed {}

    record Deep() {}

    interface Open {}

    record OfOpen() implements Open {}

    static class Hidden {}

    static final class Loud {
        static {
            System.setProperty("io.iftb.loud", "loaded");
        }

        private int number = 1;

        int number() {
            return number;
        }
    }

    private static Trust trust(Class<?> type) {
        Trust trust = new Trust();
        trust.add(type);
        return trust;
    }

    @ParameterizedTest
    @ValueSource(
            classes = {
                Root.class,
                Part.class,
                Kind.class,
                Parent.class,
                Argument.class,
                Element.class,
                Component.class,
                Sealed.class,
                Permitted.class,
                NonSealed.class,
                Deep.class
            })
    void allows_whatAConfiguredTypeDeclares_isTrue(Class<?> type) {
        assertThat(trust(Root.class).isListed(type.getName())).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            classes = {Hidden.class, Open.class, OfOpen.class, SubclassOfNonSealed.class, Object.class, Thread.class})
    void allows_whatIsOnlyReachedThroughObjectOrOpenInterfaces_isFalse(Class<?> type) {
        assertThat(trust(Root.class).isListed(type.getName())).isFalse();
    }

    @Test
    void allows_pattern_isAClassOrAPackageAndBelow() {
        Trust trust = new Trust();
        trust.add("com.acme.Order");
        trust.add(" com.shop.* ");

        assertThat(List.of("com.acme.Order", "com.shop.Cart", "com.shop.deep.Cart$Line"))
                .allMatch(trust::isListed);
        assertThat(List.of(
                        "com.acme.Order2", "com.acme.Order$Line", "com.shop", "com.shopping.Cart", "x.com.shop.Cart"))
                .noneMatch(trust::isListed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "*", ".*", "com.*.Order", "com.acme*", "**"})
    void trust_badPattern_isRefused(String pattern) {
        assertThatThrownBy(() -> KryoCodec.builder().trust(pattern))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("iftb.cache.trusted");
    }

    @Test
    void encode_untrustedClass_namesClassAndSetting() {
        KryoCodec codec = KryoCodec.builder().trust(Root.class).build();

        for (Object object : new Object[] {new Hidden(), new OfOpen(), new Hidden[0], List.of(new Hidden())}) {
            assertThatThrownBy(() -> codec.encode(object))
                    .isInstanceOf(UntrustedClassException.class)
                    .hasMessageContaining("io.iftb.cache.codec.TrustTest$")
                    .hasMessageContaining("iftb.cache.trusted");
        }
    }

    @Test
    void encode_classOfTheJdkThatIsNotListed_isRefused() throws Exception {
        KryoCodec codec = KryoCodec.builder().build();

        Object[] refused = {String.class, new URL("http://localhost/"), new IdentityHashMap<>(), new Thread(), codec};
        for (Object object : refused) {
            assertThatThrownBy(() -> codec.encode(object))
                    .isInstanceOf(UntrustedClassException.class)
                    .hasMessageContaining(object.getClass().getName());
        }
    }

    @Test
    void encode_classOfTheJdkThatIsNamed_isRefusedSinceItIsClosed() {
        KryoCodec codec = KryoCodec.builder().trust("java.util.*").build();

        assertThatThrownBy(() -> codec.encode(new java.util.StringJoiner(",")))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining("StringJoiner");
    }

    @Test
    void encode_anyObjectOfTheTrustedJdk_isStoredOrRefusedByName() throws Exception {
        KryoCodec codec = KryoCodec.builder()
                .trust("java.*")
                .trust("jdk.*")
                .trust("sun.*")
                .build();

        for (Object object : List.of(
                new Object(),
                Thread.currentThread(),
                java.util.Base64.getEncoder(),
                java.util.regex.Pattern.compile("a"),
                java.text.NumberFormat.getInstance(),
                java.time.Clock.systemUTC(),
                java.time.chrono.IsoChronology.INSTANCE,
                java.lang.invoke.MethodHandles.lookup(),
                java.util.concurrent.ThreadLocalRandom.current(),
                java.nio.file.Path.of("a"),
                Collections.emptyIterator(),
                String.class.getModule(),
                new java.util.StringJoiner(","),
                new java.util.concurrent.CopyOnWriteArraySet<>(),
                new java.util.SimpleTimeZone(0, "own"))) {
            assertThatThrownBy(() -> codec.encode(object))
                    .isInstanceOf(UntrustedClassException.class)
                    .hasMessageContaining(object.getClass().getName())
                    .hasMessageContaining("store");
        }
    }

    @Test
    void encode_mapInAccessOrder_isRefusedByName() {
        KryoCodec codec = KryoCodec.builder().build();

        for (int size : new int[] {0, 1, 2, 100}) {
            Map<Integer, Integer> byUse = new LinkedHashMap<>(16, 0.75f, true);
            for (int i = 0; i < size; i++) {
                byUse.put(i, i);
            }
            assertThatThrownBy(() -> codec.encode(byUse))
                    .isInstanceOf(UntrustedClassException.class)
                    .hasMessageContaining("java.util.LinkedHashMap in access order");
            assertThat(codec.decode(codec.encode(new LinkedHashMap<>(byUse)))).isEqualTo(byUse);
            assertThat(List.copyOf(byUse.keySet())).isSorted();
        }
    }

    @Test
    void decode_untrustedClass_isCorruptAndItsInitializerDoesNotRun() {
        KryoCodec trusting = KryoCodec.builder().trust(Loud.class, Hollow.class).build();
        String name = Loud.class.getName();
        byte[] bytes = trusting.encode(new Hollow());
        byte[] loud = rename(bytes, Hollow.class.getName(), name);

        assertThatThrownBy(() -> KryoCodec.builder().build().decode(loud))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining(name)
                .hasMessageContaining("iftb.cache.trusted");
        assertThat(System.getProperty("io.iftb.loud")).isNull();
        assertThat(trusting.decode(loud)).isInstanceOf(Loud.class);
        assertThat(System.getProperty("io.iftb.loud")).isEqualTo("loaded");
    }

    @Test
    void decode_untrustedClass_isNotEvenAskedOfTheLoader() {
        List<String> asked = new ArrayList<>();
        ClassLoader recording = new ClassLoader(TrustTest.class.getClassLoader()) {
            @Override
            protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
                asked.add(name);
                return super.loadClass(name, resolve);
            }
        };
        KryoCodec codec = KryoCodec.builder()
                .classLoader(recording)
                .trust(Element.class.getName())
                .build();
        KryoCodec trusting = KryoCodec.builder().trust("io.iftb.*").build();

        for (Object object : new Object[] {new Hidden(), new Hidden[0], new Element()}) {
            try {
                assertThat(codec.decode(trusting.encode(object))).isInstanceOf(Element.class);
            } catch (CorruptValueException e) {
                assertThat(e).hasMessageContaining("TrustTest$Hidden");
            }
        }
        assertThat(asked).contains(Element.class.getName()).doesNotContain(Hidden.class.getName());
    }

    @Test
    void decode_arrayOfTrustedClass_doesNotInitializeIt() {
        KryoCodec codec = KryoCodec.builder().trust(Quiet.class).build();

        assertThat(codec.decode(codec.encode(new Quiet[1]))).isInstanceOf(Quiet[].class);
        assertThat(System.getProperty("io.iftb.quiet")).isNull();
    }

    static final class Quiet {
        static {
            System.setProperty("io.iftb.quiet", "loaded");
        }

        @Override
        public String toString() {
            return "quiet";
        }
    }

    /** Without members, so that its bytes are an object of any class. */
    record Hollow() {}

    @Test
    void decode_untrustedClassInValue_isCorrupt() {
        byte[] bytes = KryoCodec.builder().trust("io.iftb.*").build().encode(new ArrayList<>(List.of(new Hidden())));

        assertThatThrownBy(() -> KryoCodec.builder().build().decode(bytes))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("TrustTest$Hidden");
    }

    @Test
    void decode_trustedClassThatIsGone_isCorrupt() {
        KryoCodec codec = KryoCodec.builder().trust("io.iftb.*").build();
        byte[] bytes = rename(codec.encode(new Hidden()), "TrustTest$Hidden", "TrustTest$Absent");

        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("Absent");
    }

    @Test
    void values_configuredType_isTrustedFromThenOn() {
        KryoCodec codec = KryoCodec.builder().build();
        ValueCodec<Element> values = codec.values(Element.class);

        assertThat(values.decode(values.encode(new Element()))).isEqualTo(new Element());
        byte[] text = codec.encode("text");
        assertThatThrownBy(() -> values.decode(text))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("Element");
    }

    @Test
    void encode_comparatorThatIsALambda_isRefused() {
        Map<String, Integer> map = new java.util.TreeMap<>(Comparator.comparing(String::length));

        assertThatThrownBy(() -> KryoCodec.builder().build().encode(map)).isInstanceOf(UntrustedClassException.class);
    }

    static byte[] rename(byte[] bytes, String from, String to) {
        String text = new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
        String header = String.valueOf((char) (from.length() + 2)) + from;
        String replaced =
                text.contains(header) ? text.replace(header, (char) (to.length() + 2) + to) : text.replace(from, to);
        assertThat(replaced).isNotEqualTo(text);
        return replaced.getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
    }
}
