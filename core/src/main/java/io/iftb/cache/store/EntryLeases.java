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
import java.util.function.Supplier;
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

    /** Instead of a key on the server, which is never empty. */
    private static final String ALL = "";

    private static final long TAKEN = 1;
    private static final long NO_VALUE = 2;

    private static final Script LEASE = Script.load(EntryLeases.class, "lease_entry.lua");
    private static final Script STORE = Script.load(EntryLeases.class, "store_leased.lua");
    private static final Script NONE = Script.load(EntryLeases.class, "store_none.lua");
    private static final Script KEEP = Script.load(EntryLeases.class, "keep_entry_lease.lua");

    /**
     * The right to compute an entry, until it is used, given back, not extended in time, or ended by a write.
     *
     * @param token names it
     * @param anewMillis with how much of its lifetime left an entry may be replaced; 0 if none may be there
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Lease(String redisKey, byte[] token, long anewMillis) {

        private List<String> keys() {
            return List.of(redisKey, Keys.lease(redisKey));
        }
    }

    /**
     * What is there when a lease is asked for. Nothing at all if it is known that there is no value.
     *
     * @param value the entry; null if there is none, or it is to be computed anew
     * @param lease the lease that was taken; null if there is an entry, or another has it
     * @param heldMillis how long another has it, unless that one extends it
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Answer(byte @Nullable [] value, @Nullable Lease lease, long heldMillis) {}

    /**
     * @param access the lifetime of an entry that is read, see {@link Lifetimes}
     * @param anew with how much of its lifetime left, in milliseconds, an entry counts as missing; 0 for none
     */
    CompletableFuture<Answer> take(String redisKey, long access, long anew) {
        CompletableFuture<Void> removed = settled.apply(redisKey);
        return removed == null
                ? sendTake(redisKey, access, anew)
                : ReplyFuture.then(removed, done -> sendTake(redisKey, access, anew));
    }

    private CompletableFuture<Answer> sendTake(String redisKey, long access, long anew) {
        byte[] token = new byte[2 * Long.BYTES];
        ThreadLocalRandom.current().nextBytes(token);
        Lease lease = new Lease(redisKey, token, anew);
        CompletableFuture<Answer> taken = redis.query(
                        LEASE, Reply.PARTS, lease.keys(), token, LEASE_MILLIS, access, anew)
                .thenApply(reply -> answer(lease, reply));
        return Futures.ifForeign(taken, new Answer(EntryStore.FOREIGN, null, 0));
    }

    private static Answer answer(Lease lease, List<Object> reply) {
        if (reply.get(0) instanceof byte[] value) {
            return new Answer(value, null, 0);
        }
        long state = (Long) reply.get(0);
        return state == TAKEN
                ? new Answer(null, lease, 0)
                : new Answer(null, null, state == NO_VALUE ? 0 : Math.max(1, (Long) reply.get(1)));
    }

    /**
     * Stores what was computed, and ends the lease; completes with whether it was stored. It is not if the lease had ended or
     * there is a newer entry by now.
     */
    CompletableFuture<Boolean> store(Lease lease, byte[] value, long lifetime) {
        return redis.run(
                STORE,
                Reply.FLAG,
                lease.keys(),
                lease.token,
                lifetime,
                value,
                channel,
                lease.redisKey,
                lease.anewMillis);
    }

    /**
     * Removes an old entry, since there is no value any more, and ends the lease; completes with false if that had ended, or
     * there is a newer entry.
     *
     * @param millis how long it is remembered that there is no value, unless a write or a removal ends that; 0 for not at all
     */
    CompletableFuture<Boolean> storeNone(Lease lease, long millis) {
        return redis.run(
                NONE, Reply.FLAG, lease.keys(), lease.token, millis, lease.anewMillis, channel, lease.redisKey);
    }

    /** Extends a lease; completes with whether it was there. */
    CompletableFuture<Boolean> extend(Lease lease) {
        return keep(lease, LEASE_MILLIS);
    }

    /** A lease that is to be extended while its holder works. */
    KeptLease<Lease> kept(Lease lease) {
        return new KeptLease<>(lease, this::extend, LEASE_MILLIS, redis.completions());
    }

    /** Stores again and again while the server is away, as long as a lease lives that was kept until now. */
    CompletableFuture<@Nullable Void> storeLate(Supplier<CompletableFuture<Boolean>> attempt) {
        return LateStore.begin(attempt, LEASE_MILLIS, redis.completions());
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

    /** Wakes those who wait for any entry. */
    CompletableFuture<Long> wakeAll() {
        return wake(ALL);
    }

    /**
     * Hears of each entry that was computed, or whose lease was given back.
     *
     * @param listener takes the key on the server, in a thread of the connection, so it must not wait
     * @param all called when that may be any entry, or messages may have been missed
     */
    CompletableFuture<Subscription> subscribe(Consumer<String> listener, Runnable all) {
        return redis.subscribe(
                channel,
                message -> {
                    String redisKey = new String(message, StandardCharsets.UTF_8);
                    if (redisKey.equals(ALL)) {
                        all.run();
                    } else {
                        listener.accept(redisKey);
                    }
                },
                all);
    }
}
