package io.iftb.cache.redis;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A {@code SCAN} over the keys of all primaries that match a pattern. It returns keys that exist all the time at least once.
 * Not safe for use by several threads.
 */
public final class KeyScan {

    /** How many keys the server examines in one step, about 100 µs of its time. */
    private static final int STEP = 1_000;

    private static final String START = "0";

    private final String pattern;
    private final Deque<PrimaryCommands> primaries;
    private String cursor = START;

    KeyScan(Collection<PrimaryCommands> primaries, String pattern) {
        this.pattern = pattern;
        this.primaries = new ArrayDeque<>(primaries);
    }

    /** The next keys, possibly none; null at the end. One round trip. */
    @SuppressWarnings("unchecked")
    public CompletableFuture<@Nullable List<String>> next() {
        PrimaryCommands primary = primaries.peek();
        if (primary == null) {
            return CompletableFuture.completedFuture(null);
        }
        return primary.ask(Reply.TREE, Command.SCAN, cursor, "MATCH", pattern, "COUNT", STEP)
                .thenApply(parts -> {
                    cursor = (String) parts.get(0);
                    if (cursor.equals(START)) {
                        primaries.remove();
                    }
                    return (List<String>) parts.get(1);
                });
    }
}
