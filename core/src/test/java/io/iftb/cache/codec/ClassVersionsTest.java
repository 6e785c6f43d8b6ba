package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Classes of other class loaders, of other versions, and of frameworks. */
class ClassVersionsTest {

    private static final String ORDER = "com.acme.Order";

    private static KryoCodec codec(ClassLoader loader) {
        return KryoCodec.builder().classLoader(loader).trust("com.acme.*").build();
    }

    private static CompiledClasses order(String declaration) throws IOException {
        return CompiledClasses.of(ORDER, "package com.acme; public " + declaration);
    }

    @Test
    void decode_byTwoLoaders_givesTheClassOfEach() throws Exception {
        CompiledClasses first = order("record Order(String symbol, int amount) {}");
        CompiledClasses second = order("record Order(String symbol, int amount) {}");
        byte[] bytes = codec(first).encode(first.make(ORDER, "BTC", 1));

        assertThat(codec(first).decode(bytes).getClass().getClassLoader()).isSameAs(first);
        assertThat(codec(second).decode(bytes).getClass().getClassLoader()).isSameAs(second);
        assertThat(codec(second).decode(bytes)).hasToString("Order[symbol=BTC, amount=1]");
    }

    @Test
    void encode_objectOfAnotherLoader_isReadByTheLoaderOfTheCodec() throws Exception {
        CompiledClasses first = order("record Order(String symbol, int amount) {}");
        CompiledClasses second = order("record Order(String symbol, int amount) {}");

        Object copy = Samples.copy(codec(second), first.make(ORDER, "BTC", 1));

        assertThat(copy.getClass().getClassLoader()).isSameAs(second);
    }

    @Test
    void decode_configuredTypeOfAnotherLoader_isOfThatType() throws Exception {
        CompiledClasses known = order("record Order(String symbol) {}");
        CompiledClasses configured = order("record Order(String symbol) {}");
        KryoCodec codec = codec(known);
        Class<?> type = configured.loadClass(ORDER);
        codec.values(type);

        byte[] bytes = codec(known).encode(known.make(ORDER, "BTC"));

        assertThat(codec.decode(bytes)).isInstanceOf(type).hasToString("Order[symbol=BTC]");
    }

    @Test
    void decode_componentAddedAndRemoved_isLeftOut() throws Exception {
        CompiledClasses before = order("record Order(String symbol, int amount, java.util.List<String> gone) {}");
        CompiledClasses after = order("record Order(int added, String symbol, String note, int amount) {}");
        List<String> shared = Arrays.asList("shared");
        byte[] bytes = codec(before)
                .encode(List.of(before.make(ORDER, "BTC", 1, shared), before.make(ORDER, "ETH", 2, shared)));

        assertThat(codec(after).decode(bytes))
                .hasToString(
                        "[Order[added=0, symbol=BTC, note=null, amount=1], Order[added=0, symbol=ETH, note=null, amount=2]]");
    }

    @Test
    void decode_fieldAddedAndRemoved_keepsTheRest() throws Exception {
        String tail = "public String toString() { return symbol + ' ' + amount; } }";
        CompiledClasses before = order("class Order { String symbol = \"BTC\"; int amount = 7; int gone = 1; " + tail);
        CompiledClasses after = order("class Order { int amount; String note = \"fresh\"; String symbol; "
                + "public String toString() { return symbol + ' ' + amount + ' ' + note; } }");

        byte[] bytes = codec(before).encode(before.make(ORDER));

        assertThat(codec(after).decode(bytes)).hasToString("BTC 7 fresh");
    }

    @Test
    void decode_exceptionThatLostItsLastField_keepsTheRest() throws Exception {
        String tail = " public Order() { super(\"late\", new Error(\"cause\")); } }";
        CompiledClasses before = order("class Order extends RuntimeException { int amount = 7;" + tail);
        CompiledClasses after = order("class Order extends RuntimeException {" + tail);
        byte[] bytes = codec(before).encode(List.of(before.make(ORDER), before.make(ORDER)));

        assertThat((List<?>) codec(after).decode(bytes))
                .hasSize(2)
                .allSatisfy(order ->
                        assertThat((Throwable) order).hasMessage("late").hasRootCauseMessage("cause"));
        assertThat((Throwable) codec(before).decode(codec(after).encode(after.make(ORDER))))
                .hasMessage("late");
    }

    @Test
    void decode_exceptionWrittenBeforeItsStateWasKept_isRead() throws Exception {
        CompiledClasses plain = order("class Order extends Exception { public Order() { super(\"late\"); } }");
        CompiledClasses sql = order("class Order extends java.sql.SQLException { public Order() { super(\"x\"); } }");
        byte[] bytes = codec(plain).encode(plain.make(ORDER));

        assertThat((Throwable) codec(sql).decode(bytes)).hasMessage("late");
    }

    @Test
    void decode_memberOfAnotherType_isCorrupt() throws Exception {
        CompiledClasses before = order("record Order(String symbol) {}");
        CompiledClasses after = order("record Order(int symbol) {}");
        byte[] bytes = codec(before).encode(before.make(ORDER, "BTC"));

        assertThatThrownBy(() -> codec(after).decode(bytes)).isInstanceOf(CorruptValueException.class);
    }

    @Test
    void decode_enumWithMovedConstants_isByName() throws Exception {
        CompiledClasses before = order("enum Order { A, B }");
        CompiledClasses after = order("enum Order { X, B, A }");
        Object b = before.loadClass(ORDER).getEnumConstants()[1];
        byte[] bytes = codec(before).encode(b);

        assertThat(codec(after).decode(bytes)).hasToString("B");
        assertThatThrownBy(() -> codec(order("enum Order { X }")).decode(bytes))
                .isInstanceOf(CorruptValueException.class);
    }

    @Test
    void decode_classWhoseInitializerFails_isCorrupt() throws Exception {
        CompiledClasses before = order("class Order { }");
        CompiledClasses after =
                order("class Order { static { if (true) throw new IllegalStateException(\"init\"); } }");
        byte[] bytes = codec(before).encode(before.make(ORDER));

        KryoCodec codec = codec(after);
        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(CorruptValueException.class);
        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(CorruptValueException.class);
    }

    @Test
    void encode_classThatSerializesItselfAndIsNotSerializable_isRefused() throws Exception {
        CompiledClasses classes =
                order("class Order {" + " private void writeObject(java.io.ObjectOutputStream out) {} }");

        assertThatThrownBy(() -> codec(classes).encode(classes.make(ORDER)))
                .isInstanceOf(UntrustedClassException.class)
                .hasMessageContaining("serializes itself");
    }

    @Test
    void copy_keyOfAFramework_takesItsParametersAgain() throws Exception {
        String name = "org.springframework.cache.interceptor.SimpleKey";
        CompiledClasses classes = CompiledClasses.of(
                name,
                "package org.springframework.cache.interceptor; public class SimpleKey implements java.io.Serializable {"
                        + " private final Object[] params; private transient int hashCode;"
                        + " public SimpleKey(Object... p) { params = p.clone(); hashCode = java.util.Arrays.deepHashCode(params); }"
                        + " public int hashCode() { return hashCode; }"
                        + " private void readObject(java.io.ObjectInputStream in) { throw new Error(); } }");
        KryoCodec codec = KryoCodec.builder().classLoader(classes).build();
        Object key = classes.make(name, (Object) new Object[] {"a", Thread.State.NEW.name(), 1});

        assertThat(codec.decode(codec.encodeKey(key))).hasSameHashCodeAs(key);
    }

    @Test
    void copy_nullOfAFramework_staysSingle() throws Exception {
        String name = "org.springframework.cache.support.NullValue";
        CompiledClasses classes = CompiledClasses.of(
                name,
                "package org.springframework.cache.support; public final class NullValue {"
                        + " public static final Object INSTANCE = new NullValue(); private NullValue() {}"
                        + " private Object readResolve() { return INSTANCE; } }");
        Object single = classes.loadClass(name).getField("INSTANCE").get(null);

        assertThat(Samples.copy(KryoCodec.builder().classLoader(classes).build(), single))
                .isSameAs(single);
    }
}
