package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.EntryGuards.Found;
import io.iftb.cache.store.EntryGuards.Keeping;
import io.iftb.cache.store.EntryStore.Change;
import io.iftb.cache.store.EntryStore.Condition;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A call that holds the lease of an entry stores only by the right of that lease, whatever became of it meanwhile. */
@Timeout(60)
class EntryGuardsTest {

    private static final byte[] VALUE = {1};
    private static final Change<String> FILL = new Change<>("key", null, VALUE, Lifetimes.ETERNAL);

    private RedisConnection redis;
    private EntryKeys<String> keys;
    private EntryGuards guards;
    private LeaseEndingStore<String> store;

    @BeforeEach
    void open() {
        TestServer.flush();
        redis = TestServer.connect();
        keys = EntryKeys.texts(
                new Keys(""),
                "guarded",
                KeyCodec.of(String.class, KryoCodec.builder().build()));
        guards = new EntryGuards(new EntryLeases(redis, "guarded-computed", key -> null));
        KeyedStore<String> keyed =
                new KeyedStore<>(redis, keys, new ChangeChannel("guarded-changes"), StoredLifetimes.AS_THEY_ARE);
        store = new LeaseEndingStore<>(redis, keyed, keys, guards);
    }

    @AfterEach
    void close() {
        redis.close();
    }

    private String redisKey() {
        return keys.redisKey("key");
    }

    private Found claim(Thread owner) {
        return redis.await(guards.claim(redisKey(), owner, Keeping.EXTEND).found());
    }

    private void assertIsLost(EntryStore<String> by) {
        CompletableFuture<Boolean> stored = by.compareAndSet(FILL);
        assertThatThrownBy(stored::join)
                .isInstanceOf(CompletionException.class)
                .hasCauseInstanceOf(LeaseLostException.class);
        assertThat(redis.await(store.contains("key"))).isFalse();
    }

    @Test
    void compareAndSet_leaseThatIsThere_storesAndEndsIt() {
        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE);
        assertThat(redis.await(store.compareAndSet(FILL))).isTrue();
        assertThat(redis.await(store.get("key", Lifetimes.KEEP))).isEqualTo(VALUE);
        assertThat(guards.isHeldHere(redisKey())).isFalse();
    }

    @Test
    void compareAndSet_removedAndLeasedByAnotherThreadOfThisJvm_isRefused() {
        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE);
        redis.await(LeaseEndingStore.removeKeys(guards.leases(), List.of(redisKey()))); // as another JVM does
        Thread other = new Thread(() -> {});
        assertThat(claim(other)).isEqualTo(Found.LEASE);

        assertIsLost(store);
        guards.giveBack(redisKey(), other);
        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE);
    }

    @Test
    void compareAndSet_removedAndLeasedByThisThreadAgain_isRefusedForTheFirst() {
        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE);
        redis.await(LeaseEndingStore.removeKeys(guards.leases(), List.of(redisKey())));
        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE); // such as by a processor that asks for it
        guards.giveBack(redisKey());

        assertIsLost(store);
    }

    @Test
    void compareAndSet_afterARemovalThatWasDroppedInAnOutage_isRefused() {
        DroppedChanges<String, Boolean> changes =
                new DroppedChanges<>(redis, "guarded", Boolean::logicalOr, new DroppedChanges.Remover<>() {
                    @Override
                    public CompletableFuture<?> remove(Map<String, Boolean> entries) {
                        return LeaseEndingStore.removeKeys(
                                guards.leases(), entries.keySet().stream().toList());
                    }

                    @Override
                    public CompletableFuture<?> removeAll() {
                        return store.clear();
                    }
                });
        SettlingStore<String> settling =
                new SettlingStore<>(redis, store, new DroppedKeys<>(changes, keys::redisKey, key -> true), null);
        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE);
        changes.add(redisKey(), true);
        assertIsLost(settling);

        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE);
        changes.add(redisKey(), true);
        assertIsLost(settling.within(redis.deadline()));
    }

    @Test
    void put_byTheHolderItself_endsItsLease() {
        assertThat(claim(Thread.currentThread())).isEqualTo(Found.LEASE);
        redis.await(store.put("key", VALUE, new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL), Condition.ANY));
        assertThat(guards.isHeldHere(redisKey())).isFalse();
    }
}
