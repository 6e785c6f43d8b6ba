package io.iftb.cache.store;

import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.Script;
import io.iftb.cache.redis.Subscription;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The leases to compute the missing entries of one cache. Any write or removal of an entry ends its lease first, see {@link
 * LeaseEndingStore}.
 *
 * @param channel on which is said that an entry was computed or its lease was given back
 * @param settled removes what was dropped of a key in an outage; null if there is nothing
 */
record EntryLeases(RedisConnection redis, String channel, Function<String, @Nullable CompletableFuture<Void>> settled) {

    /** How long a lease lives when its holder has died, or forgotten it. */
    static final long LEASE_MILLIS = 10_000;

    private static final Script LEASE = Script.load(EntryLeases.class, "lease_entry.lua");
    private static final Script STORE = Script.load(EntryLeases.class, "store_leased.lua");
    private static final Script KEEP = Script.load(EntryLeases.class, "keep_entry_lease.lua");

    /**
     * The right to compute an entry, until it is used, given back, not extended in time, or ended by a write.
     *
     * @param token names it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Lease(String redisKey, byte[] token) {}

    /**
     * What is there when a lease is asked for.
     *
     * @param value the entry; null if there is none
     * @param lease the lease that was taken; null if there is an entry, or another has it
     * @param heldMillis how long another has it, unless that one extends it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(byte @Nullable [] value, @Nullable Lease lease, long heldMillis) {}

    /** @param access the lifetime of an entry that is read, see {@link Lifetimes} */
    CompletableFuture<Answer> take(String redisKey, long access) {
        CompletableFuture<Void> removed = settled.apply(redisKey);
        return removed == null
                ? sendTake(redisKey, access)
                : ReplyFuture.then(removed, done -> sendTake(redisKey, access));
    }

    private CompletableFuture<Answer> sendTake(String redisKey, long access) {
        byte[] token = new byte[2 * Long.BYTES];
        ThreadLocalRandom.current().nextBytes(token);
        CompletableFuture<Answer> taken = redis.run(
                        LEASE, Reply.PARTS, List.of(redisKey, Keys.lease(redisKey)), token, LEASE_MILLIS, access)
                .thenApply(reply -> answer(new Lease(redisKey, token), reply));
        return Futures.ifForeign(taken, new Answer(EntryStore.FOREIGN, null, 0));
    }

    private static Answer answer(Lease lease, List<Object> reply) {
        if (reply.get(0) instanceof byte[] value) {
            return new Answer(value, null, 0);
        }
        return (Long) reply.get(0) == 1
                ? new Answer(null, lease, 0)
                : new Answer(null, null, Math.max(1, (Long) reply.get(1)));
    }

    /**
     * Stores what was computed, and ends the lease; completes with whether it was stored. It is not if the lease had ended or
     * there is an entry by now.
     */
    CompletableFuture<Boolean> store(Lease lease, byte[] value, long lifetime) {
        List<String> keys = List.of(lease.redisKey, Keys.lease(lease.redisKey));
        return redis.run(STORE, Reply.FLAG, keys, lease.token, lifetime, value, channel, lease.redisKey);
    }

    /** Extends a lease; completes with whether it was there. */
    CompletableFuture<Boolean> extend(Lease lease) {
        return keep(lease, LEASE_MILLIS);
    }

    /** A lease that is to be extended while its holder works. */
    KeptLease<Lease> kept(Lease lease) {
        return new KeptLease<>(lease, this::extend, LEASE_MILLIS, redis.completions());
    }

    /** Gives a lease back, and wakes those who wait for it. */
    CompletableFuture<Boolean> giveBack(Lease lease) {
        return keep(lease, 0);
    }

    private CompletableFuture<Boolean> keep(Lease lease, long millis) {
        return redis.run(
                KEEP, Reply.FLAG, List.of(Keys.lease(lease.redisKey)), lease.token, millis, channel, lease.redisKey);
    }

    /** Ends the lease of an entry, whoever has it; completes with whether there was one. */
    static CompletableFuture<Boolean> end(Commands commands, String redisKey) {
        return commands.write(Reply.FLAG, Command.UNLINK, Keys.lease(redisKey));
    }

    /** Wakes those who wait for an entry. */
    CompletableFuture<Long> wake(String redisKey) {
        return redis.ask(Reply.INTEGER, Command.PUBLISH, channel, redisKey);
    }

    /**
     * Hears of each entry that was computed, or whose lease was given back.
     *
     * @param listener takes the key on the server, in a thread of the connection, so it must not wait
     * @param subscribed called when messages may have been missed
     */
    CompletableFuture<Subscription> subscribe(Consumer<String> listener, Runnable subscribed) {
        return redis.subscribe(
                channel, message -> listener.accept(new String(message, StandardCharsets.UTF_8)), subscribed);
    }
}
