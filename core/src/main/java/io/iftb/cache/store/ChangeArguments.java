package io.iftb.cache.store;

import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.Script;
import io.iftb.cache.store.EntryLeases.Lease;
import io.iftb.cache.store.EntryStore.Change;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/** The arguments of {@code compare_and_set_entry.lua}. */
final class ChangeArguments {

    private static final Script LEASED =
            Script.load(ChangeArguments.class, "check_entry_lease.lua", "compare_and_set_entry.lua");
    private static final byte[] NOTHING = {};
    private static final long LOST = 2;

    private ChangeArguments() {}

    static Object[] of(Change<?> change, ChangeChannel changes, String redisKey) {
        byte[] expected = change.expected();
        byte[] update = change.update();
        Object[] arguments = {
            expected == null ? "ABSENT" : expected == EntryStore.FOREIGN ? "FOREIGN" : "PRESENT",
            expected == null ? NOTHING : expected,
            update == null ? 1 : 0,
            update == null ? NOTHING : update,
            change.lifetime()
        };
        return changes.with(arguments, redisKey, change.event());
    }

    /** Makes a change by the right of a lease, which ends with it. */
    static CompletableFuture<Boolean> sendLeased(
            Commands commands, Change<?> change, ChangeChannel changes, Lease lease) {
        String redisKey = lease.redisKey();
        Object[] arguments = of(change, changes, redisKey);
        Object[] all = Arrays.copyOf(arguments, arguments.length + 2);
        all[arguments.length] = lease.token();
        all[arguments.length + 1] = lease.anewMillis();
        return commands.run(LEASED, Reply.INTEGER, List.of(redisKey, Keys.lease(redisKey)), all)
                .thenApply(reply -> {
                    if (reply == LOST) {
                        throw new LeaseLostException("the entry " + redisKey);
                    }
                    return reply == 1;
                });
    }
}
