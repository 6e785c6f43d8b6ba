package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.lang.ref.WeakReference;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Trust by what the program stores. */
class GivenClassesTest {

    private final KryoCodec other =
            KryoCodec.builder().trustGiven(new GivenClasses()).build();
    private final KryoCodec codec =
            KryoCodec.builder().trustGiven(new GivenClasses()).build();

    record Outer(Object inner) {}

    record Inner(int number) {}

    enum Side {
        BUY,
        SELL {
            @Override
            public String toString() {
                return "sell";
            }
        }
    }

    @Test
    void decode_classThatWasNotGiven_isUntrustedUntilItIs() {
        byte[] bytes = other.encode(new Outer(new Inner(1)));
        assertUntrusted(bytes, Outer.class);

        codec.encode(new Outer("text"));
        assertUntrusted(bytes, Inner.class);
        codec.encode(List.of(Set.of(new Inner(2))));

        assertThat(codec.decode(bytes)).isEqualTo(new Outer(new Inner(1)));
    }

    @Test
    void decode_classOfAKeyThatWasGiven_isRead() {
        codec.encodeKey(new Inner(1));

        assertThat(codec.decode(other.encode(new Inner(2)))).isEqualTo(new Inner(2));
    }

    @Test
    void decode_arrayThatWasGiven_trustsNoElement() {
        codec.encode(new Inner[1][0]);

        assertThat(codec.decode(other.encode(new Inner[2][0]))).isEqualTo(new Inner[2][0]);
        assertUntrusted(other.encode(new Inner[] {new Inner(1)}), Inner.class);
    }

    @Test
    void decode_constantWithABody_isTrustedAsItsEnum() {
        byte[] bytes = other.encode(Side.SELL);
        assertUntrusted(bytes, Side.class);

        codec.encode(Side.BUY);

        assertThat(codec.decode(bytes)).isSameAs(Side.SELL);
    }

    @Test
    void decode_classOfAnotherLoaderOfTheSameName_isTheOneThatWasGiven() throws Exception {
        CompiledClasses classes =
                CompiledClasses.of("com.acme.Order", "package com.acme; public record Order(int amount) {}");
        Object order = classes.make("com.acme.Order", 1);

        assertThat(codec.decode(codec.encode(order))).isEqualTo(order);
    }

    static List<Object> platformEnums() {
        return List.of(
                Thread.State.BLOCKED,
                TimeUnit.DAYS,
                java.nio.file.StandardOpenOption.READ,
                java.net.StandardProtocolFamily.INET,
                java.sql.JDBCType.BIGINT,
                List.of(Thread.State.NEW),
                new Thread.State[] {Thread.State.NEW},
                Map.of(Thread.State.NEW, 1));
    }

    @ParameterizedTest
    @MethodSource("platformEnums")
    void copy_enumOfTheJdk_needsNoTrust(Object object) {
        KryoCodec listed = KryoCodec.builder().build();

        assertThat(listed.decode(listed.encode(object))).isEqualTo(object);
        assertThat(KryoCodec.builder().build().decode(listed.encodeKey(object))).isEqualTo(object);
    }

    @Test
    void decode_hiddenEnumOfTheJdk_isUntrusted() {
        byte[] bytes = TrustTest.rename(
                other.encode(Thread.State.NEW), "java.lang.Thread$State", "jdk.internal.misc.VM$BufferPool");

        assertThatThrownBy(() -> codec.decode(bytes)).isInstanceOf(UntrustedValueException.class);
    }

    @Test
    @SuppressWarnings({"serial", "DoubleBraceInitialization"}) // programs write that
    void copy_anonymousCollection_isTheCollection() {
        Map<String, Integer> map = new HashMap<>() {
            {
                put("a", 1);
            }
        };
        Map<String, Integer> recent = new LinkedHashMap<>(16, 0.75f, true) {
            @Override
            protected boolean removeEldestEntry(Map.@Nullable Entry<String, Integer> eldest) {
                return size() > 10;
            }
        };
        recent.put("b", 2);
        List<Integer> view = new AbstractList<>() {
            @Override
            public Integer get(int index) {
                return index;
            }

            @Override
            public int size() {
                return 3;
            }
        };
        Set<String> sorted = new TreeSet<>(String.CASE_INSENSITIVE_ORDER) {
            {
                add("B");
                add("a");
            }
        };

        assertThat(codec.decode(codec.encode(map))).isEqualTo(map).isExactlyInstanceOf(HashMap.class);
        assertThat(codec.decode(codec.encode(recent))).isEqualTo(recent).isExactlyInstanceOf(LinkedHashMap.class);
        assertThat(codec.decode(codec.encode(view))).isEqualTo(view).isExactlyInstanceOf(ArrayList.class);
        assertThat(codec.decode(codec.encode(sorted))).isEqualTo(sorted).isExactlyInstanceOf(TreeSet.class);
        assertThat(codec.encodeKey(map)).isEqualTo(codec.encodeKey(new HashMap<>(map)));
        assertThat(codec.encodeKey(view)).isEqualTo(codec.encodeKey(List.of(0, 1, 2)));
    }

    @Test
    void encode_exceptionWhoseCauseCannotBeStored_keepsTheRest() {
        IllegalStateException failure = new IllegalStateException("no", new Storable(new Holding(new Thread())));

        Throwable copy = (Throwable) codec.decode(codec.encode(failure));

        assertThat(copy).hasMessage("no").isExactlyInstanceOf(IllegalStateException.class);
        assertThat(copy.getCause()).isInstanceOf(UnstoredThrowable.class).hasMessageContaining("Storable");
    }

    @Test
    void encode_exceptionWhoseCauseCanBeStored_keepsIt() {
        Throwable copy = (Throwable) codec.decode(codec.encode(new IllegalStateException("no", new Storable("text"))));

        assertThat(copy.getCause()).isExactlyInstanceOf(Storable.class);
    }

    @Test
    void copy_keyOfMicronaut_takesItsParametersAgain() throws Exception {
        String name = "io.micronaut.cache.interceptor.ParametersKey";
        CompiledClasses classes = CompiledClasses.of(
                name,
                "package io.micronaut.cache.interceptor; public class ParametersKey implements java.io.Serializable {"
                        + " private final Object[] params; private final int hashCode;"
                        + " public ParametersKey(Object... p) { params = p.clone();"
                        + " hashCode = java.util.Arrays.deepHashCode(params); }"
                        + " public boolean equals(Object o) { return o instanceof ParametersKey k"
                        + " && java.util.Arrays.deepEquals(params, k.params); }"
                        + " public int hashCode() { return hashCode; } }");
        Object key = classes.make(name, (Object) new Object[] {"a", Thread.State.NEW, 1});
        KryoCodec listed = KryoCodec.builder().classLoader(classes).build();

        Object copy = listed.decode(listed.encodeKey(key));

        assertThat(copy).isEqualTo(key).hasSameHashCodeAs(key);
        assertThat(new String(listed.encodeKey(key), java.nio.charset.StandardCharsets.ISO_8859_1))
                .doesNotContain("hashCode");
    }

    @Test
    void add_classThatNobodyElseHolds_isNotKept() throws Exception {
        GivenClasses given = new GivenClasses();
        WeakReference<Class<?>> type = giveCompiledClass(given);

        await().untilAsserted(() -> {
            System.gc();
            assertThat(type.get()).isNull();
        });
        assertThat(given.named("a.Gone")).isNull();
    }

    private static WeakReference<Class<?>> giveCompiledClass(GivenClasses given) throws Exception {
        Class<?> type =
                CompiledClasses.of("a.Gone", "package a; public class Gone {}").loadClass("a.Gone");
        given.add(type);
        assertThat(given.named("a.Gone")).isSameAs(type);
        return new WeakReference<>(type);
    }

    @Test
    void encodeKey_keyOfHibernateWithAnotherHash_givesTheSameBytes() throws Exception {
        String name = "org.hibernate.cache.internal.BasicCacheKeyImplementation";
        CompiledClasses classes = CompiledClasses.of(
                name,
                "package org.hibernate.cache.internal; import java.io.Serializable;"
                        + " public final class BasicCacheKeyImplementation implements Serializable {"
                        + " final Serializable id; private final String entityOrRoleName; private final int hashCode;"
                        + " public BasicCacheKeyImplementation(Serializable id, String name, int hash) {"
                        + " this.id = id; entityOrRoleName = name; hashCode = hash; }"
                        + " public boolean equals(Object o) { return o instanceof BasicCacheKeyImplementation k"
                        + " && id.equals(k.id) && entityOrRoleName.equals(k.entityOrRoleName); }"
                        + " public int hashCode() { return hashCode; } }");
        ArrayList<Object> id = new ArrayList<>(List.of(Thread.State.NEW, 1));
        Object key = classes.make(name, id, "Bar", 1);

        byte[] bytes = codec.encodeKey(key);

        assertThat(codec.encodeKey(classes.make(name, id, "Bar", 2))).isEqualTo(bytes);
        assertThat(codec.encodeKey(classes.make(name, id, "Other", 1))).isNotEqualTo(bytes);
        assertThat(codec.decode(bytes)).isEqualTo(key);
        assertThat(codec.encodeKey(codec.decode(bytes))).isEqualTo(bytes);
    }

    @Test
    void needsNoTrust_typesThatHoldOnlyWhatTheyDeclare() {
        assertThat(List.of(String.class, Integer.class, byte[].class, Inner.class, Side.class, Inner[].class))
                .allMatch(type -> codec.values(type).needsNoTrust());
        assertThat(List.of(
                        Object.class, Outer.class, List.class, Open.class, Object[].class, JdkStreamTest.Cached.class))
                .noneMatch(type -> codec.values(type).needsNoTrust());
    }

    static class Open {}

    private void assertUntrusted(byte[] bytes, Class<?> type) {
        assertThatThrownBy(() -> codec.decode(bytes))
                .isInstanceOf(UntrustedValueException.class)
                .hasMessageContaining(type.getName())
                .hasMessageContaining("iftb.cache.trusted");
    }

    record Holding(Object object) {}

    static final class Storable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        @SuppressWarnings("serial")
        private final Object detail;

        Storable(Object detail) {
            this.detail = detail;
        }

        Object detail() {
            return detail;
        }
    }
}
