package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.settings.Setting;
import java.io.ByteArrayOutputStream;
import java.io.File;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A JVM that has just started reads what another one, or an attacker, left under its keys. Nothing of it runs. */
class PlantedValuesTest {

    private static final String CACHE = "planted";

    private final JCacheFixture fixture = JCacheFixture.open();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void freshJvm_valuesOfClassesThatItHasNotStored_missAndNothingRuns() throws Exception {
        Cache<Object, Object> cache = fixture.cache(CACHE, Object.class, Object.class);
        Map<String, Object> planted = planted();
        planted.forEach(cache::put);
        Map<String, byte[]> raw = raw();
        raw.forEach((key, bytes) -> {
            String before = String.join(",", fixture.raw().keys("*" + fixture.namespace() + "*"));
            cache.put(key, "text");
            String redisKey = fixture.raw().keys("*" + fixture.namespace() + "*").stream()
                    .filter(each -> !before.contains(each))
                    .findFirst()
                    .orElseThrow();
            fixture.raw().send("SET", redisKey, bytes);
        });
        cache.put("counter", new UnreadableValueTest.Counter(41));

        List<String> said = otherJvm(planted.keySet(), raw.keySet());

        for (String key : planted.keySet()) {
            assertThat(said).contains(key + ": null, true, false, refused");
            assertThat(cache.get(key)).as(key).isNotNull();
        }
        for (String key : raw.keySet()) {
            assertThat(said).contains(key + ": null, true, false, refused");
        }
        assertThat(said).contains("counter: 42", "ran: nothing");
        assertThat(cache.get("counter")).isEqualTo(new UnreadableValueTest.Counter(42));
    }

    private static Map<String, Object> planted() {
        Gadget gadget = new Gadget();
        Map<String, Object> planted = new LinkedHashMap<>();
        planted.put("object", gadget);
        planted.put("list", new ArrayList<>(List.of("a", gadget)));
        planted.put("optional", Optional.of(gadget));
        planted.put("set", new HashSet<>(Set.of(gadget)));
        planted.put("sorted", new TreeSet<>(Set.of(gadget)));
        planted.put("map", new HashMap<>(Map.of(gadget, 1)));
        planted.put("array", new Gadget[] {gadget});
        planted.put("stream", new StreamGadget());
        planted.put("exception", new GadgetException());
        return planted;
    }

    /** Bytes that no cache writes. */
    private static Map<String, byte[]> raw() throws IOException {
        ByteArrayOutputStream stream = new ByteArrayOutputStream();
        try (ObjectOutputStream out = new ObjectOutputStream(stream)) {
            out.writeObject(new HashSet<>(Set.of(new StreamGadget())));
        }
        byte[] deep = new byte[200_002];
        for (int i = 2; i < deep.length; i += 2) {
            deep[i] = 47 + 2; // an Optional in an Optional
            deep[i + 1] = 1;
        }
        deep[0] = (byte) 0xFB;
        byte[] longList = {(byte) 0xFB, 0, 80 + 2, 1, -1, -1, -1, -1, 7, 0}; // a list of 2^31 - 1 elements
        byte[] large = {(byte) 0xFB, 1, -1, -1, -1, -1, 7, 0, 0, 0}; // 2 GiB before compression
        byte[] noise = new byte[1_000];
        Arrays.fill(noise, (byte) 0xFB);
        return Map.of("jdk", stream.toByteArray(), "deep", deep, "long", longList, "large", large, "noise", noise);
    }

    private List<String> otherJvm(Set<String> planted, Set<String> raw) throws Exception {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                PlantedValuesTest.class.getName(),
                TestServer.address(),
                fixture.namespace()));
        command.addAll(planted);
        command.addAll(raw);
        Process jvm = new ProcessBuilder(command)
                .redirectError(new File("target/planted-values.err"))
                .start();
        String said = new String(jvm.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(jvm.exitValue()).as(said).isZero();
        return said.lines().toList();
    }

    /** Reads each key, and says what it found. */
    public static void main(String[] arguments) {
        Properties properties = new Properties();
        properties.setProperty(Setting.NAMESPACE.propertyName(), arguments[1]);
        properties.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), "30s");
        try (IftbCachingProvider provider = new IftbCachingProvider()) {
            Cache<Object, Object> cache = provider.getCacheManager(URI.create(arguments[0]), null, properties)
                    .createCache(CACHE, new MutableConfiguration<>());
            for (String key : Arrays.asList(arguments).subList(2, arguments.length)) {
                System.out.println(key + ": " + cache.get(key) + ", " + cache.containsKey(key) + ", "
                        + cache.putIfAbsent(key, "other") + ", " + removed(cache, key));
            }
            System.out.println("counter: "
                    + cache.<Object>invoke("counter", (entry, none) -> {
                        int next = entry.exists() ? ((UnreadableValueTest.Counter) entry.getValue()).count() + 1 : 1;
                        entry.setValue(new UnreadableValueTest.Counter(next));
                        return next;
                    }));
        }
        System.gc();
        System.out.println("ran: " + System.getProperty("planted.ran", "nothing"));
    }

    private static String removed(Cache<Object, Object> cache, String key) {
        try {
            return String.valueOf(cache.getAndRemove(key));
        } catch (CacheException e) {
            return "refused";
        }
    }

    private static void ran(String what) {
        System.setProperty("planted.ran", what);
    }

    /** Says so if anything of it runs. */
    @SuppressWarnings({"removal", "deprecation", "Finalize"}) // that is what an attacker would use
    static class Gadget implements Comparable<Gadget> {

        static {
            ran("static initializer");
        }

        @Override
        public int hashCode() {
            ran("hashCode");
            return 1;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            ran("equals");
            return other instanceof Gadget;
        }

        @Override
        public int compareTo(Gadget other) {
            ran("compareTo");
            return 0;
        }

        @Override
        protected void finalize() {
            ran("finalize");
        }
    }

    /** Serializes itself. */
    static final class StreamGadget implements Serializable {

        private static final long serialVersionUID = 1L;

        static {
            ran("static initializer of a stream");
        }

        @SuppressWarnings("UnusedMethod") // serialization calls it
        private void readObject(ObjectInputStream in) {
            ran("readObject");
        }
    }

    /** An exception of a program. */
    static final class GadgetException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        static {
            ran("static initializer of an exception");
        }
    }
}
