package io.iftb.cache.store;

import static io.iftb.cache.store.EntryStore.Condition.ABSENT;
import static io.iftb.cache.store.EntryStore.Condition.ANY;
import static io.iftb.cache.store.EntryStore.Condition.PRESENT;
import static io.iftb.cache.store.Lifetimes.ETERNAL;
import static io.iftb.cache.store.Lifetimes.EXPIRED;
import static io.iftb.cache.store.Lifetimes.KEEP;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Subscription;
import io.iftb.cache.redis.WrongTypeException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The contract of every entry store.
 *
 * @param <K> the type of its keys
 */
abstract class EntryStoreContract<K> {

    /** The channel of a store under test. */
    static final String CHANNEL = "changes of the store";

    private static final long MINUTE = 60_000;

    static RedisConnection redis;

    private EntryStore<K> store;

    abstract EntryStore<K> open(RedisConnection connection);

    /** Key number {@code i}. */
    abstract K key(int i);

    /** A value for key {@code i}; another version is another value. */
    abstract byte[] value(int i, int version);

    /** The remaining lifetime of an entry, ms, or -1. */
    abstract long lifetimeLeft(K key) throws IOException;

    /** Stores a foreign value under the key of an entry. */
    abstract void spoil(K key) throws IOException;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
    }

    @AfterAll
    static void disconnect() {
        redis.close();
    }

    @BeforeEach
    void openEmpty() {
        TestServer.flush();
        store = open(redis);
    }

    @Test
    void get_absent_givesNull() {
        assertThat(get(1)).isNull();
        assertThat(done(store.contains(key(1)))).isFalse();
    }

    @Test
    void put_any_givesItBackAndNotToOthers() {
        assertThat(put(1, 1, Lifetimes.of(Duration.ofMinutes(1)), ANY)).isTrue();

        assertThat(get(1)).isEqualTo(value(1, 1));
        assertThat(get(2)).isNull();
        assertThat(done(store.contains(key(1)))).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        // condition, present before, creation, update, written, remaining lifetime: -1 none, 0 absent, +1 a minute, +2
        // two
        "ANY,     false, 60000, 60000,  true,  1",
        "ANY,     true,  60000, 60000,  true,  1",
        "ANY,     false, 60000, 120000, true,  1",
        "ANY,     true,  60000, 120000, true,  2",
        "ANY,     false, -1,    -1,     true, -1",
        "ANY,     true,  -1,    -1,     true, -1",
        "ANY,     false, -1,    -2,     true, -1",
        "ANY,     true,  -1,    -2,     true,  2",
        "ANY,     false, 60000, -2,     true,  1",
        "ANY,     true,  60000, -2,     true,  2",
        "ANY,     false, 0,     60000,  true,  0",
        "ANY,     true,  0,     60000,  true,  1",
        "ANY,     true,  60000, 0,      true,  0",
        "ANY,     true,  0,     0,      true,  0",
        "ABSENT,  false, 60000, 120000, true,  1",
        "ABSENT,  false, -1,    120000, true, -1",
        "ABSENT,  false, 0,     120000, true,  0",
        "ABSENT,  true,  60000, 120000, false, 2",
        "PRESENT, false, 60000, 120000, false, 0",
        "PRESENT, true,  60000, 60000,  true,  1",
        "PRESENT, true,  60000, -1,     true, -1",
        "PRESENT, true,  60000, -2,     true,  2",
        "PRESENT, true,  60000, 0,      true,  0",
    })
    void put_anyConditionAndLifetimes_writesAndLives(
            EntryStore.Condition condition, boolean there, long creation, long update, boolean written, int lives)
            throws IOException {
        for (boolean wantsOld : condition == ABSENT ? new boolean[] {false} : new boolean[] {false, true}) {
            TestServer.flush();
            if (there) {
                put(1, 1, Lifetimes.of(Duration.ofMinutes(2)), ANY);
            }
            Lifetimes lifetimes = new Lifetimes(creation, update);

            if (wantsOld) {
                byte[] old = done(store.getAndPut(key(1), value(1, 2), lifetimes, condition));
                assertThat(old).isEqualTo(there ? value(1, 1) : null);
            } else {
                assertThat(put(1, 2, lifetimes, condition)).isEqualTo(written);
            }

            assertLives(lives, written ? 2 : 1);
        }
    }

    private void assertLives(int lives, int version) throws IOException {
        if (lives == 0) {
            assertThat(get(1)).isNull();
            return;
        }
        assertThat(get(1)).isEqualTo(value(1, version));
        if (lives < 0) {
            assertThat(lifetimeLeft(key(1))).isEqualTo(-1);
        } else {
            assertThat(lifetimeLeft(key(1))).isBetween((lives - 1) * MINUTE + 1, lives * MINUTE);
        }
    }

    @Test
    void get_afterItsLifetime_givesNullEverywhere() {
        put(1, 1, new Lifetimes(80, 80), ANY);
        put(2, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        await().until(() -> get(1) == null);

        assertThat(done(store.contains(key(1)))).isFalse();
        assertThat(done(store.getAll(List.of(key(1), key(2)), KEEP)).keySet()).containsExactly(key(2));
        assertThat(done(store.remove(key(1)))).isFalse();
        assertThat(put(1, 2, new Lifetimes(ETERNAL, ETERNAL), PRESENT)).isFalse();
        assertThat(walked().keySet()).containsExactly(key(2));
        assertThat(put(1, 3, new Lifetimes(ETERNAL, ETERNAL), ABSENT)).isTrue();
    }

    @Test
    void get_withAccessLifetime_setsIt() throws IOException {
        put(1, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);

        assertThat(done(store.get(key(1), MINUTE))).isEqualTo(value(1, 1));
        assertThat(lifetimeLeft(key(1))).isBetween(1L, MINUTE);
        assertThat(done(store.get(key(1), ETERNAL))).isEqualTo(value(1, 1));
        assertThat(lifetimeLeft(key(1))).isEqualTo(-1);
        assertThat(done(store.get(key(1), EXPIRED))).isEqualTo(value(1, 1));
        assertThat(get(1)).isNull();
    }

    @Test
    void getAll_someThere_givesThoseInOrderInOneBatch() throws IOException {
        Map<K, byte[]> entries = new LinkedHashMap<>();
        IntStream.range(0, 500).forEach(i -> entries.put(key(i), value(i, 1)));
        done(store.putAll(entries, new Lifetimes(MINUTE, MINUTE)));
        List<K> keys =
                IntStream.range(0, 1_000).map(i -> 999 - i).mapToObj(this::key).toList();

        Map<K, byte[]> found = done(store.getAll(keys, KEEP));

        assertThat(found.keySet()).containsExactlyElementsOf(keys.subList(500, 1_000));
        assertThat(found.get(key(7))).isEqualTo(value(7, 1));
        assertThat(done(store.getAll(keys, 2 * MINUTE))).hasSize(500);
        assertThat(lifetimeLeft(key(7))).isGreaterThan(MINUTE);
        assertThat(done(store.getAll(List.of(), KEEP))).isEmpty();
    }

    @Test
    void putAll_lifetimesThatDiffer_setsEach() throws IOException {
        put(1, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);

        done(store.putAll(Map.of(key(1), value(1, 2), key(2), value(2, 2)), new Lifetimes(MINUTE, KEEP)));

        assertThat(lifetimeLeft(key(1))).isEqualTo(-1);
        assertThat(get(1)).isEqualTo(value(1, 2));
        assertThat(get(2)).isEqualTo(value(2, 2));
        done(store.putAll(Map.of(), new Lifetimes(MINUTE, KEEP)));
    }

    @Test
    void remove_thereAndNot_tells() {
        put(1, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        put(2, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        put(3, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        put(4, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);

        assertThat(done(store.remove(key(1)))).isTrue();
        assertThat(done(store.remove(key(1)))).isFalse();
        assertThat(done(store.getAndRemove(key(2)))).isEqualTo(value(2, 1));
        assertThat(done(store.getAndRemove(key(2)))).isNull();
        assertThat(done(store.removeAll(List.of(key(1), key(3), key(5))))).isEqualTo(1);
        assertThat(done(store.removeAll(List.of()))).isZero();
        assertThat(walked().keySet()).containsExactly(key(4));
    }

    @Test
    void compareAndSet_asExpected_changes() throws IOException {
        assertThat(done(compareAndSet(key(1), null, value(1, 1), MINUTE))).isTrue();
        assertThat(lifetimeLeft(key(1))).isBetween(1L, MINUTE);
        assertThat(done(compareAndSet(key(1), value(1, 1), value(1, 2), KEEP))).isTrue();
        assertThat(lifetimeLeft(key(1))).isBetween(1L, MINUTE);
        assertThat(done(compareAndSet(key(1), value(1, 2), value(1, 2), ETERNAL)))
                .isTrue();
        assertThat(lifetimeLeft(key(1))).isEqualTo(-1);
        assertThat(get(1)).isEqualTo(value(1, 2));
        assertThat(done(compareAndSet(key(1), value(1, 2), null, KEEP))).isTrue();
        assertThat(get(1)).isNull();
        assertThat(done(compareAndSet(key(1), null, value(1, 1), EXPIRED))).isTrue();
        assertThat(get(1)).isNull();
    }

    @Test
    void compareAndSet_notAsExpected_changesNothing() {
        assertThat(done(compareAndSet(key(1), value(1, 1), value(1, 2), MINUTE)))
                .isFalse();
        assertThat(get(1)).isNull();
        put(1, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);

        assertThat(done(compareAndSet(key(1), null, value(1, 2), MINUTE))).isFalse();
        assertThat(done(compareAndSet(key(1), value(1, 2), value(1, 3), MINUTE)))
                .isFalse();
        assertThat(done(compareAndSet(key(1), value(1, 2), null, MINUTE))).isFalse();
        assertThat(get(1)).isEqualTo(value(1, 1));
    }

    @Test
    void compareAndSet_withEvents_publishesThoseOfChangesMadeInOrder() {
        List<String> heard = new CopyOnWriteArrayList<>();
        try (RedisConnection other = TestServer.connect()) {
            Subscription subscription = done(
                    open(other).subscribe((key, event) -> heard.add(key.get() + " " + new String(event, US_ASCII))));
            assertThat(done(compareAndSet(event(1, null, 1, "created")))).isTrue();
            assertThat(done(compareAndSet(event(1, null, 2, "refused")))).isFalse();
            List<CompletableFuture<Boolean>> outcomes =
                    store.compareAndSetAll(List.of(event(1, 1, 2, "updated"), event(2, 7, 8, "refused")));
            assertThat(outcomes.stream().map(EntryStoreContract::done)).containsExactly(true, false);
            assertThat(done(compareAndSet(key(1), value(1, 2), value(1, 3), MINUTE)))
                    .isTrue();
            assertThat(done(compareAndSet(event(1, 3, null, "removed")))).isTrue();

            await().untilAsserted(() ->
                    assertThat(heard).containsExactly(key(1) + " created", key(1) + " updated", key(1) + " removed"));
            subscription.close();
        }
    }

    @Test
    void subscribe_messagesOfOtherPrograms_areIgnored() {
        List<K> heard = new CopyOnWriteArrayList<>();
        List<byte[]> strange = List.of(
                new byte[0],
                new byte[3],
                new byte[] {-1, 0, 0, 0},
                new byte[] {0, 0, 0, 9, 'x'},
                new byte[4],
                new byte[] {0, 0, 0, 1, 'x'});
        Subscription subscription = done(store.subscribe((key, event) -> heard.add(key.get())));
        for (byte[] message : strange) {
            done(redis.ask(Reply.INTEGER, Command.PUBLISH, CHANNEL, message));
        }
        done(compareAndSet(event(1, null, 1, "created")));

        await().untilAsserted(() -> assertThat(heard).containsExactly(key(1)));
        subscription.close();
    }

    private EntryStore.Change<K> event(int i, @Nullable Integer expected, @Nullable Integer update, String event) {
        return new EntryStore.Change<>(
                        key(i),
                        expected == null ? null : value(i, expected),
                        update == null ? null : value(i, update),
                        MINUTE)
                .with(event.getBytes(US_ASCII));
    }

    private CompletableFuture<Boolean> compareAndSet(EntryStore.Change<K> change) {
        return store.compareAndSet(change);
    }

    private CompletableFuture<Boolean> compareAndSet(
            K key, byte @Nullable [] expected, byte @Nullable [] update, long lifetime) {
        return store.compareAndSet(new EntryStore.Change<>(key, expected, update, lifetime));
    }

    @Test
    void compareAndSetAll_someAsExpected_changesThoseAndTellsOfEach() throws IOException {
        put(1, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        put(2, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        put(3, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);

        List<CompletableFuture<Boolean>> outcomes = store.compareAndSetAll(List.of(
                new EntryStore.Change<>(key(1), value(1, 1), value(1, 2), MINUTE),
                new EntryStore.Change<>(key(2), value(2, 9), value(2, 2), MINUTE),
                new EntryStore.Change<>(key(3), value(3, 1), null, EXPIRED),
                new EntryStore.Change<>(key(4), null, value(4, 1), MINUTE)));

        assertThat(outcomes.stream().map(EntryStoreContract::done)).containsExactly(true, false, true, true);
        assertThat(get(1)).isEqualTo(value(1, 2));
        assertThat(lifetimeLeft(key(1))).isBetween(1L, MINUTE);
        assertThat(get(2)).isEqualTo(value(2, 1));
        assertThat(get(3)).isNull();
        assertThat(get(4)).isEqualTo(value(4, 1));
    }

    @Test
    void put_absentByManyThreads_hasOneWinner() {
        for (int round = 0; round < 20; round++) {
            int key = round;
            List<CompletableFuture<Boolean>> puts = IntStream.range(0, 8)
                    .mapToObj(version -> CompletableFuture.supplyAsync(
                            () -> put(key, version, new Lifetimes(MINUTE, MINUTE), ABSENT),
                            task -> new Thread(task).start()))
                    .toList();
            assertThat(puts.stream().filter(CompletableFuture::join)).hasSize(1);
        }
    }

    @Test
    void cursor_manyEntries_givesEachOnce() {
        Map<K, byte[]> entries = new HashMap<>();
        IntStream.range(0, 4_000).forEach(i -> entries.put(key(i), value(i, 1)));
        done(store.putAll(entries, new Lifetimes(ETERNAL, ETERNAL)));

        Map<K, byte[]> walked = walked();

        assertThat(walked.keySet()).isEqualTo(entries.keySet());
        walked.forEach((key, value) -> assertThat(value).isEqualTo(entries.get(key)));
    }

    @Test
    void clear_withForeignKeys_leavesThose() throws IOException {
        Map<K, byte[]> entries = new HashMap<>();
        IntStream.range(0, 3_000).forEach(i -> entries.put(key(i), value(i, 1)));
        done(store.putAll(entries, new Lifetimes(ETERNAL, ETERNAL)));
        try (var raw = TestServer.raw()) {
            raw.call("SET", "somebody:else", "1");

            redis.await(store.clear());

            assertThat(raw.list("KEYS", "*")).containsExactly("somebody:else");
        }
        assertThat(get(1)).isNull();
    }

    @Test
    void reads_keyHoldsAnotherType_sayPresentAndUnreadable() throws IOException {
        put(1, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        spoil(key(1_000_001)); // of another series

        assertThat(get(1_000_001)).isSameAs(EntryStore.FOREIGN);
        assertThat(done(store.get(key(1_000_001), MINUTE))).isSameAs(EntryStore.FOREIGN);
        assertThat(done(store.getWithTtl(key(1_000_001)))).isSameAs(EntryStore.TimedValue.FOREIGN);
        assertThat(done(store.contains(key(1_000_001)))).isTrue();
        assertThat(done(store.getAll(List.of(key(1), key(1_000_001)), KEEP))).containsKey(key(1));
        assertThat(get(1)).isEqualTo(value(1, 1));
        assertThat(walked().keySet()).containsExactly(key(1));
    }

    @Test
    void writes_keyHoldsAnotherType_thatDependOnItChangeNothing() throws IOException {
        spoil(key(1));
        Lifetimes differing = new Lifetimes(EXPIRED, MINUTE);

        assertThat(put(1, 1, new Lifetimes(MINUTE, MINUTE), ABSENT)).isFalse();
        assertThat(put(1, 1, differing, ABSENT)).isFalse();
        assertThat(done(compareAndSet(key(1), null, value(1, 1), MINUTE))).isFalse();
        assertThat(done(compareAndSet(key(1), value(1, 1), value(1, 2), MINUTE)))
                .isFalse();
        assertThat(done(compareAndSet(key(1), value(1, 1), null, KEEP))).isFalse();
        for (Lifetimes lifetimes : List.of(new Lifetimes(MINUTE, MINUTE), differing)) {
            assertThatThrownBy(() -> done(store.getAndPut(key(1), value(1, 1), lifetimes, PRESENT)))
                    .isInstanceOf(WrongTypeException.class);
        }
        assertThatThrownBy(() -> done(store.getAndRemove(key(1)))).isInstanceOf(WrongTypeException.class);
        assertThat(get(1)).isSameAs(EntryStore.FOREIGN);
    }

    @Test
    void getWithTtl_anyLifetime_givesValueAndTheRestOfIt() {
        assertThat(done(store.getWithTtl(key(1)))).isNull();
        put(1, 1, new Lifetimes(ETERNAL, ETERNAL), ANY);
        put(2, 1, new Lifetimes(MINUTE, MINUTE), ANY);
        put(3, 1, new Lifetimes(50, 50), ANY);

        assertThat(done(store.getWithTtl(key(1))).value()).isEqualTo(value(1, 1));
        assertThat(done(store.getWithTtl(key(1))).ttl()).isEqualTo(ETERNAL);
        assertThat(done(store.getWithTtl(key(2))).value()).isEqualTo(value(2, 1));
        assertThat(done(store.getWithTtl(key(2))).ttl()).isBetween(MINUTE - 5_000, MINUTE);
        await().until(() -> done(store.getWithTtl(key(3))) == null);
    }

    @Test
    void requireStorable_matchingValue_passes() {
        store.requireStorable(key(1), value(1, 1));
    }

    @Test
    void batches_ofManyPieces_goInPiecesAndLoseNothing() {
        Map<K, byte[]> entries = new LinkedHashMap<>();
        IntStream.range(0, 9_000).forEach(i -> entries.put(key(i), value(i, 1)));
        List<K> keys = List.copyOf(entries.keySet());

        redis.await(store.putAll(entries, new Lifetimes(MINUTE, KEEP)));
        Map<K, byte[]> found = redis.await(store.getAll(keys, KEEP));
        assertThat(found.keySet()).containsExactlyElementsOf(keys);
        List<CompletableFuture<Boolean>> outcomes = store.compareAndSetAll(IntStream.range(0, 4_500)
                .mapToObj(i -> new EntryStore.Change<>(key(i), value(i, i % 2), null, KEEP))
                .toList());
        for (int i = 0; i < outcomes.size(); i++) {
            assertThat(redis.await(outcomes.get(i))).isEqualTo(i % 2 == 1);
        }
        assertThat(redis.await(store.removeAll(keys))).isEqualTo(9_000 - 2_250);
        assertThat(walked()).isEmpty();
    }

    private boolean put(int i, int version, Lifetimes lifetimes, EntryStore.Condition condition) {
        return done(store.put(key(i), value(i, version), lifetimes, condition));
    }

    private byte[] get(int i) {
        return done(store.get(key(i), KEEP));
    }

    Map<K, byte[]> walked() {
        Map<K, byte[]> walked = new HashMap<>();
        EntryStore.Cursor<K> cursor = store.cursor();
        for (EntryStore.Page<K> page = done(cursor.next()); page != null; page = done(cursor.next())) {
            for (Map.Entry<K, byte[]> entry : page.entries()) {
                assertThat(walked.put(entry.getKey(), entry.getValue())).isNull();
            }
        }
        return walked;
    }

    static <T> T done(CompletableFuture<T> future) {
        return redis.await(future);
    }
}
