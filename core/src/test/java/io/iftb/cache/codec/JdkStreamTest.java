package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.InvalidObjectException;
import java.io.NotSerializableException;
import java.io.ObjectInput;
import java.io.ObjectInputStream;
import java.io.ObjectOutput;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.time.DayOfWeek;
import java.time.Duration;
import java.time.LocalDate;
import java.time.Year;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Classes that serialize themselves. */
@SuppressWarnings({"serial", "UnusedMethod", "JdkObsolete"}) // serialization calls the methods
class JdkStreamTest {

    private static KryoCodec codec() {
        return KryoCodec.builder().trustGiven(new GivenClasses()).build();
    }

    static List<Object> objects() {
        Named named = new Named("a");
        named.put("k", new Plain(1));
        named.put("dates", List.of(LocalDate.EPOCH));
        return List.of(
                new Cached("a", 1, List.of(new Plain(2), LocalDate.EPOCH)),
                new Cached("b", TimeUnit.DAYS, EnumSet.of(DayOfWeek.MONDAY)),
                new Cached("c", Map.of("k", Set.of(1L)), new Object[] {"x", null, Year.of(2024)}),
                new Cached("d", new Cached("e", null, null), Duration.ofDays(1)),
                new Period(LocalDate.EPOCH, List.of(new Plain(3))),
                new Tagged("tag", List.of(1, 2)),
                named,
                new Words(List.of("x", "y")));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void copy_classThatSerializesItself_isEqual(Object object) {
        KryoCodec codec = codec();

        assertThat(codec.decode(codec.encode(object))).isEqualTo(object).hasSameClassAs(object);
        assertThat(codec.decode(codec.encode(new ArrayList<>(List.of(object, object)))))
                .isEqualTo(List.of(object, object));
        assertThat(codec.decode(codec.encode(new HashSet<>(Set.of(object))))).isEqualTo(Set.of(object));
    }

    @ParameterizedTest
    @MethodSource("objects")
    void encodeKey_equalObjects_giveTheSameBytes(Object object) {
        KryoCodec codec = codec();

        byte[] bytes = codec.encodeKey(object);

        assertThat(codec().encodeKey(codec.decode(bytes))).isEqualTo(bytes);
    }

    @ParameterizedTest
    @MethodSource("objects")
    void decode_everyByteChanged_isCorruptOrAValue(Object object) {
        KryoCodec codec = codec();
        byte[] bytes = codec.encode(object);

        for (int i = 2; i < bytes.length; i++) {
            for (int change : new int[] {1, 0x20, 0x55, 0x80, 0xFF}) {
                byte[] changed = bytes.clone();
                changed[i] ^= (byte) change;
                try {
                    assertThat(codec.decode(changed)).isNotNull();
                } catch (CorruptValueException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }

    @Test
    void copy_twoFieldsOfOneObject_shareItAgain() {
        KryoCodec codec = codec();
        List<Object> shared = new ArrayList<>(List.of(1));

        Cached copy = (Cached) codec.decode(codec.encode(new Cached("a", shared, shared)));

        assertThat(copy.first).isSameAs(copy.second);
    }

    @Test
    void copy_objectThatHoldsItself_holdsItself() {
        KryoCodec codec = codec();
        Cached self = new Cached("a", null, null);
        self.first = self;

        Cached copy = (Cached) codec.decode(codec.encode(self));

        assertThat(copy.first).isSameAs(copy);
    }

    @Test
    void encode_cycleThroughAPart_isRefused() {
        Cached cycle = new Cached("a", null, null);
        cycle.first = new ArrayList<>(List.of(cycle));

        assertThatThrownBy(() -> codec().encode(cycle)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void decode_programThatHasNotGivenTheClass_isUntrustedAndNothingRuns() {
        byte[] bytes = codec().encode(new Loud());
        Loud.read = 0;

        assertThatThrownBy(() -> codec().decode(bytes))
                .isInstanceOf(UntrustedValueException.class)
                .hasMessageContaining(Loud.class.getName());
        assertThat(Loud.read).isZero();
    }

    @Test
    void decode_proxyOfAConfiguredClass_isReadByAProgramThatHasStoredNone() {
        Object period = new Period(LocalDate.EPOCH, List.of());
        byte[] bytes = codec().encode(period);

        assertThat(KryoCodec.builder().trust(Period.class).build().decode(bytes))
                .isEqualTo(period);
    }

    @Test
    void encode_listedOnly_isRefusedByName() {
        assertThatThrownBy(() -> KryoCodec.builder().build().encode(new Loud()))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining(Loud.class.getName());
        KryoCodec trusting = KryoCodec.builder().trust(Cached.class).build();
        assertThatThrownBy(() -> trusting.encode(new Cached("a", new Loud(), null)))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining(Loud.class.getName());
    }

    @Test
    void encode_whatCannotBeRead_isRefusedByName() {
        assertThatThrownBy(() -> codec().encode(new Cached("a", new Thread(), null)))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining("java.lang.Thread");
        assertThatThrownBy(() -> codec().encode(new Cached("a", Plain.class, null)))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining(Plain.class.getName());
        assertThatThrownBy(() -> codec().encode(new Refusing()))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining(Refusing.class.getName());
    }

    /** Streams that an attacker plants in the place of that of a {@link Cached}, which the program has given. */
    static List<Object> planted() {
        Cached nested = new Cached("b", new Cached("a", null, null), null);
        HashMap<Object, Object> map = new HashMap<>(Map.of("a", new Loud()));
        Object proxy = Proxy.newProxyInstance(
                JdkStreamTest.class.getClassLoader(), new Class<?>[] {Runnable.class}, new Silent());
        return List.of(
                new Loud(),
                new Cached("a", new Loud(), null),
                nested,
                map,
                proxy,
                bomb(),
                new Loud[] {new Loud()},
                new Cached("a", new int[100_000], null),
                new Cached("a", Loud.class, null),
                TimeUnit.DAYS,
                "text");
    }

    private static Object bomb() {
        Set<Object> root = new HashSet<>();
        Set<Object> first = root;
        Set<Object> second = new HashSet<>();
        for (int i = 0; i < 100; i++) {
            Set<Object> left = new HashSet<>();
            Set<Object> right = new HashSet<>(Set.of("x"));
            first.add(left);
            first.add(right);
            second.add(left);
            second.add(right);
            first = left;
            second = right;
        }
        return new Cached("bomb", root, null);
    }

    @ParameterizedTest
    @MethodSource("planted")
    void decode_plantedStream_isCorruptAndNothingRuns(Object object) throws IOException {
        KryoCodec codec = codec();
        codec.encode(new Cached("given", null, null));
        Loud.read = 0;
        byte[] planted = planted(stream(object));

        assertTimeoutPreemptively(
                Duration.ofSeconds(5),
                () -> assertThatThrownBy(() -> codec.decode(planted)).isInstanceOf(CorruptValueException.class));
        assertThat(Loud.read).isZero();
    }

    @Test
    void decode_plantedStreamOfOneObject_isRead() throws IOException {
        KryoCodec codec = codec();
        Cached object = new Cached("given", null, null);
        codec.encode(object);

        assertThat(codec.decode(planted(stream(object)))).isEqualTo(object);
    }

    @Test
    void decode_streamOfTheJdkAsAValue_isCorrupt() throws IOException {
        byte[] stream = stream(new Loud());
        Loud.read = 0;

        assertThatThrownBy(() -> codec().decode(stream))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("format");
        assertThat(Loud.read).isZero();
    }

    @Test
    void decode_sizeOfAMapThatLies_allocatesLittle() {
        KryoCodec codec = codec();
        Named named = new Named("a");
        named.put("k", "v");
        byte[] bytes = codec.encode(named);
        byte[] lying = bytes.clone();
        int size = lastIndexOf(bytes, new byte[] {0, 0, 0, 16, 0, 0, 0, 1}) + 4;
        Arrays.fill(lying, size, size + 4, (byte) 0x3F);

        long before = allocated();
        assertThatThrownBy(() -> codec.decode(lying)).isInstanceOf(CorruptValueException.class);
        assertThat(allocated() - before).isLessThan(8 << 20);
    }

    private static int lastIndexOf(byte[] bytes, byte[] part) {
        for (int i = bytes.length - part.length; i >= 0; i--) {
            if (Arrays.equals(bytes, i, i + part.length, part, 0, part.length)) {
                return i;
            }
        }
        throw new AssertionError("the bytes do not hold the part");
    }

    private static long allocated() {
        return ((com.sun.management.ThreadMXBean) java.lang.management.ManagementFactory.getThreadMXBean())
                .getCurrentThreadAllocatedBytes();
    }

    private static byte[] stream(Object object) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
            out.writeObject(object);
        }
        return bytes.toByteArray();
    }

    /** A value of class Cached without parts, with any stream. */
    private static byte[] planted(byte[] stream) {
        ByteArrayOutputStream payload = new ByteArrayOutputStream();
        String name = Cached.class.getName();
        payload.write(1); // a class by its name
        payload.write(0); // for the first time
        payload.write(name.length() + GraphOutput.UTF8_TEXT);
        payload.writeBytes(name.getBytes(java.nio.charset.StandardCharsets.UTF_8));
        payload.write(1); // a new object
        payload.write(0); // parts
        CorruptBytesTest.varint(payload, stream.length);
        payload.writeBytes(stream);
        return CorruptBytesTest.frame(0, payload.toByteArray());
    }

    record Plain(int number) {}

    /** Like a query key: it computes its hash when it is read. */
    static final class Cached implements Serializable {
        private final String text;
        private @Nullable Object first;
        private @Nullable Object second;
        private transient int hash;

        Cached(String text, @Nullable Object first, @Nullable Object second) {
            this.text = text;
            this.first = first;
            this.second = second;
            this.hash = text.hashCode();
        }

        private void readObject(ObjectInputStream in) throws IOException, ClassNotFoundException {
            in.defaultReadObject();
            hash = text.hashCode();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Cached cached
                    && hash == cached.hash
                    && text.equals(cached.text)
                    && Objects.deepEquals(first, cached.first)
                    && Objects.deepEquals(second, cached.second);
        }

        @Override
        public int hashCode() {
            return hash;
        }
    }

    /** Goes through a proxy, as recommended by Effective Java. */
    static final class Period implements Serializable {
        private final LocalDate start;
        private final List<Plain> plains;

        Period(LocalDate start, List<Plain> plains) {
            this.start = start;
            this.plains = plains;
        }

        private Object writeReplace() {
            return new Form(start, plains);
        }

        private void readObject(ObjectInputStream in) throws InvalidObjectException {
            throw new InvalidObjectException("use the form");
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Period period && start.equals(period.start) && plains.equals(period.plains);
        }

        @Override
        public int hashCode() {
            return start.hashCode();
        }

        private static final class Form implements Serializable {
            private final LocalDate start;
            private final List<Plain> plains;

            Form(LocalDate start, List<Plain> plains) {
                this.start = start;
                this.plains = plains;
            }

            private Object readResolve() {
                return new Period(start, plains);
            }
        }
    }

    /** Writes its own bytes. */
    public static final class Tagged implements Externalizable {
        private String tag = "";
        private Object content = "";

        public Tagged() {}

        Tagged(String tag, Object content) {
            this.tag = tag;
            this.content = content;
        }

        @Override
        public void writeExternal(ObjectOutput out) throws IOException {
            out.writeUTF(tag);
            out.writeObject(content);
        }

        @Override
        public void readExternal(ObjectInput in) throws IOException, ClassNotFoundException {
            tag = in.readUTF();
            content = in.readObject();
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Tagged tagged && tag.equals(tagged.tag) && content.equals(tagged.content);
        }

        @Override
        public int hashCode() {
            return tag.hashCode();
        }
    }

    static final class Named extends HashMap<String, Object> {
        private final String name;

        Named(String name) {
            this.name = name;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Named named && name.equals(named.name) && super.equals(other);
        }

        @Override
        public int hashCode() {
            return super.hashCode();
        }
    }

    static final class Words extends ArrayList<String> {
        Words(List<String> words) {
            super(words);
        }
    }

    static final class Loud implements Serializable {
        private static int read;

        private void readObject(ObjectInputStream in) {
            read++;
        }

        @Override
        public int hashCode() {
            read++;
            return 1;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            read++;
            return this == other;
        }
    }

    static final class Refusing implements Serializable {
        private void writeObject(ObjectOutputStream out) throws NotSerializableException {
            throw new NotSerializableException("never");
        }
    }

    static final class Silent implements java.lang.reflect.InvocationHandler, Serializable {
        @Override
        public @Nullable Object invoke(Object proxy, java.lang.reflect.Method method, Object[] arguments) {
            return method.getName().equals("toString") ? "proxy" : null;
        }
    }
}
