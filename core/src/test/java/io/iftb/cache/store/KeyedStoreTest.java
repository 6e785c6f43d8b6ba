package io.iftb.cache.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.redis.RedisConnection;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("servers")
class KeyedStoreTest extends EntryStoreContract<String> {

    private static final Lifetimes MINUTE = new Lifetimes(60_000, 60_000);

    @Override
    EntryStore<String> open(RedisConnection connection) {
        return store("test");
    }

    private static EntryStore<String> store(String cacheName) {
        KeyCodec<String> codec = KeyCodec.of(String.class, KryoCodec.builder().build());
        return new KeyedStore<>(
                redis,
                EntryKeys.texts(new Keys(""), cacheName, codec),
                new ChangeChannel(CHANNEL),
                StoredLifetimes.AS_THEY_ARE);
    }

    @Override
    String key(int i) {
        return "key " + i + " *?[]{}:\\%🚀";
    }

    @Override
    byte[] value(int i, int version) {
        return (i + " of version " + version).getBytes(UTF_8);
    }

    @Override
    long lifetimeLeft(String key) throws IOException {
        try (var raw = TestServer.raw()) {
            return raw.number("PTTL", new Keys("").entry("test", key));
        }
    }

    @Override
    void spoil(String key) throws IOException {
        try (var raw = TestServer.raw()) {
            raw.call("LPUSH", new Keys("").entry("test", key), "a");
        }
    }

    @Test
    void operations_onePlainCommandEach() throws IOException {
        EntryStore<String> store = store("test");
        byte[] value = {1};

        assertThat(TestServer.commandsDuring(() -> {
                    done(store.put("k", value, MINUTE, EntryStore.Condition.ANY));
                    done(store.put("k", value, MINUTE, EntryStore.Condition.ABSENT));
                    done(store.put("k", value, MINUTE, EntryStore.Condition.PRESENT));
                    done(store.getAndPut("k", value, MINUTE, EntryStore.Condition.ANY));
                    done(store.get("k", Lifetimes.KEEP));
                    done(store.get("k", 60_000));
                    done(store.contains("k"));
                    done(store.getAndRemove("k"));
                    done(store.remove("k"));
                    done(store.getAll(
                            IntStream.range(0, 1_000).mapToObj(String::valueOf).toList(), Lifetimes.KEEP));
                }))
                .isEqualTo(Map.of(
                        "set", 4L, "get", 1L, "getex", 1L, "exists", 1L, "getdel", 1L, "unlink", 1L, "mget", 1L));
    }

    @Test
    void compareAndSet_absentEntry_isOnePlainCommand() throws IOException {
        EntryStore<String> store = store("test");

        assertThat(TestServer.commandsDuring(() -> {
                    assertThat(change(store, null, 1, 60_000)).isTrue();
                    assertThat(change(store, null, 2, Lifetimes.ETERNAL)).isFalse();
                }))
                .isEqualTo(Map.of("set", 2L));
    }

    @Test
    void compareAndSet_serverCompares_isOnePlainCommandEach() throws IOException {
        EntryStore<String> store = store("test");
        for (int warmUp = 0; warmUp < 2; warmUp++) {
            change(store, null, 1, 60_000);
            change(store, 1, 2, Lifetimes.KEEP);
            change(store, 2, null, Lifetimes.KEEP);
        }
        change(store, null, 1, 60_000);

        Map<String, Long> commands = TestServer.commandsDuring(() -> {
            assertThat(change(store, 1, 2, 60_000)).isTrue();
            assertThat(change(store, 2, 3, Lifetimes.KEEP)).isTrue();
            assertThat(change(store, 3, 4, Lifetimes.ETERNAL)).isTrue();
            assertThat(change(store, 3, 5, 60_000)).isFalse();
            assertThat(change(store, 3, null, Lifetimes.KEEP)).isFalse();
            assertThat(change(store, 4, 5, Lifetimes.EXPIRED)).isTrue();
        });

        if (comparesBeforeSet()) {
            assertThat(commands).containsEntry("set", 4L).doesNotContainKey("eval");
            boolean removes = commands.containsKey("delifeq") || commands.containsKey("delex");
            assertThat(commands.getOrDefault("evalsha", 0L)).isEqualTo(removes ? 0 : 2);
        } else {
            assertThat(commands).containsEntry("evalsha", 6L).containsEntry("set", 3L);
        }
    }

    @Test
    void compareAndSetAll_serverCompares_isOnePlainCommandEach() throws IOException {
        EntryStore<String> store = store("test");
        change(store, null, 1, 60_000);
        change(store, 1, 2, 60_000);
        List<EntryStore.Change<String>> changes = IntStream.range(0, 100)
                .mapToObj(i -> new EntryStore.Change<>("k" + i, new byte[] {1}, new byte[] {2}, 60_000))
                .toList();
        changes.forEach(each -> done(store.put(each.key(), new byte[] {1}, MINUTE, EntryStore.Condition.ANY)));

        Map<String, Long> commands = TestServer.commandsDuring(() -> {
            for (var made : store.compareAndSetAll(changes)) {
                assertThat(done(made)).isTrue();
            }
        });

        assertThat(commands).containsEntry("set", 100L);
        assertThat(commands.getOrDefault("evalsha", 0L)).isEqualTo(comparesBeforeSet() ? 0 : 100);
    }

    private static boolean change(
            EntryStore<String> store, @Nullable Integer from, @Nullable Integer to, long lifetime) {
        return done(store.compareAndSet(new EntryStore.Change<>("k", bytes(from), bytes(to), lifetime)));
    }

    private static byte @Nullable [] bytes(@Nullable Integer value) {
        return value == null ? null : new byte[] {value.byteValue()};
    }

    /** Whether the server knows {@code SET … IFEQ}. */
    private static boolean comparesBeforeSet() throws IOException {
        try (var raw = TestServer.raw()) {
            return !raw.call("SET", "no such key", "a", "IFEQ", "b").startsWith("-");
        }
    }

    @Test
    void writes_keyHoldsAnotherType_thatNeedNotKnowItReplaceIt() throws IOException {
        EntryStore<String> store = store("test");
        Lifetimes differing = new Lifetimes(60_000, Lifetimes.KEEP);
        for (Lifetimes lifetimes : List.of(MINUTE, differing)) {
            for (EntryStore.Condition condition : List.of(EntryStore.Condition.ANY, EntryStore.Condition.PRESENT)) {
                spoil("k");
                assertThat(done(store.put("k", new byte[] {1}, lifetimes, condition)))
                        .isTrue();
                assertThat(done(store.get("k", Lifetimes.KEEP))).containsExactly(1);
                done(store.remove("k"));
            }
        }
        spoil("k");
        assertThat(done(store.compareAndSet(new EntryStore.Change<>("k", EntryStore.FOREIGN, new byte[] {2}, 60_000))))
                .isTrue();
        assertThat(done(store.get("k", Lifetimes.KEEP))).containsExactly(2);
        assertThat(done(store.compareAndSet(new EntryStore.Change<>("k", EntryStore.FOREIGN, new byte[] {3}, 60_000))))
                .isFalse();
        done(store.remove("k"));
        spoil("k");
        assertThat(done(store.remove("k"))).isTrue();
    }

    @Test
    void operations_equalKeysOfOtherCollections_areOneEntry() throws InterruptedException {
        KeyCodec<Object> codec = KeyCodec.of(Object.class, KryoCodec.builder().build());
        EntryStore<Object> store = new KeyedStore<>(
                redis,
                EntryKeys.texts(new Keys(""), "collections", codec),
                new ChangeChannel(CHANNEL),
                StoredLifetimes.AS_THEY_ARE);
        BlockingQueue<Object> heard = new LinkedBlockingQueue<>();
        done(store.subscribe((key, event) -> heard.add(key.get())));
        Object key = new CopyOnWriteArrayList<>(List.of(new TreeSet<>(List.of(2, 1)), Map.of("a", 1)));
        Object equal = List.of(Set.of(1, 2), new TreeMap<>(Map.of("a", 1)));
        byte[] value = {1};

        done(store.compareAndSet(new EntryStore.Change<>(key, null, value, 60_000, new byte[] {7})));

        assertThat(done(store.get(equal, Lifetimes.KEEP))).isEqualTo(value);
        assertThat(heard.poll(10, TimeUnit.SECONDS)).isEqualTo(equal);
        List<Map.Entry<Object, byte[]>> walked = new ArrayList<>();
        EntryStore.Cursor<Object> cursor = store.cursor();
        for (var next = done(cursor.next()); next != null; next = done(cursor.next())) {
            walked.addAll(next.entries());
        }
        assertThat(walked)
                .singleElement()
                .satisfies(entry -> assertThat(entry.getKey()).isEqualTo(equal).isEqualTo(key));
        assertThat(done(store.remove(equal))).isTrue();
    }

    @Test
    void cursor_largeValues_readsFewAtOnce() {
        EntryStore<String> store = store("test");
        byte[] large = new byte[512 << 10];
        IntStream.range(0, 200).forEach(i -> done(store.put("k" + i, large, MINUTE, EntryStore.Condition.ANY)));

        List<Integer> sizes = pageSizes(store.cursor());

        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(200);
        assertThat(sizes.get(0)).isLessThanOrEqualTo(16);
        assertThat(sizes.subList(1, sizes.size())).allMatch(size -> size <= 8);
    }

    @Test
    void cursor_smallValues_readsManyAtOnce() {
        EntryStore<String> store = store("test");
        Map<String, byte[]> entries = new LinkedHashMap<>();
        IntStream.range(0, 10_000).forEach(i -> entries.put("k" + i, new byte[] {1}));
        done(store.putAll(entries, MINUTE));

        List<Integer> sizes = pageSizes(store.cursor());

        assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(10_000);
        assertThat(sizes).hasSizeLessThan(20); // ten steps of the scan, and two more
    }

    /** How many entries each reply had. */
    private static List<Integer> pageSizes(EntryStore.Cursor<String> cursor) {
        List<Integer> sizes = new ArrayList<>();
        for (var page = done(cursor.next()); page != null; page = done(cursor.next())) {
            int size = page.entries().size();
            if (size > 0) {
                sizes.add(size);
            }
        }
        return sizes;
    }

    @Test
    void clear_cachesOfSimilarNames_leavesThem() throws IOException {
        EntryStore<String> store = store("a*");
        List<EntryStore<String>> others = List.of(store("a"), store("a*b"), store("ab"), store("a*:b"), store("A*"));
        for (EntryStore<String> each : others) {
            done(each.put("k", new byte[] {1}, MINUTE, EntryStore.Condition.ANY));
        }
        done(store.put("k", new byte[] {1}, MINUTE, EntryStore.Condition.ANY));

        redis.await(store.clear());

        assertThat(done(store.contains("k"))).isFalse();
        for (EntryStore<String> each : others) {
            assertThat(done(each.contains("k"))).isTrue();
        }
    }

    @Test
    void put_scriptForgottenByTheServer_isLoadedAgain() throws IOException {
        EntryStore<String> store = store("test");
        Lifetimes differing = new Lifetimes(60_000, Lifetimes.KEEP);
        done(store.put("k", new byte[] {1}, differing, EntryStore.Condition.ANY));
        try (var raw = TestServer.raw()) {
            raw.call("SCRIPT", "FLUSH");
        }
        done(store.put("k", new byte[] {2}, differing, EntryStore.Condition.ANY));
        assertThat(done(store.get("k", Lifetimes.KEEP))).containsExactly(2);
        try (var raw = TestServer.raw()) {
            raw.call("SCRIPT", "FLUSH");
        }

        Map<String, byte[]> entries = new LinkedHashMap<>();
        IntStream.range(0, 20).forEach(i -> entries.put("k" + i, new byte[] {3}));
        done(store.putAll(entries, differing));

        assertThat(done(store.getAll(entries.keySet(), Lifetimes.KEEP))).hasSize(20);
    }
}
