package io.iftb.cache.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
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
    public static final int STEP = 1_000;

    static final String START = "0";

    private final String pattern;
    private final Deque<PrimaryCommands> primaries = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private String cursor = START;

    /** @param from where it begins */
    KeyScan(Collection<PrimaryCommands> primaries, String pattern, ScanPosition from) {
        this.pattern = pattern;
        for (PrimaryCommands primary : primaries) {
            String server = primary.server();
            if (from.done().contains(server)) {
                done.add(server);
            } else if (server.equals(from.server())) {
                this.primaries.addFirst(primary);
                cursor = from.cursor();
            } else {
                this.primaries.addLast(primary);
            }
        }
    }

    /** How far it has come: what {@link #next} has returned lies before. */
    public ScanPosition position() {
        PrimaryCommands primary = primaries.peek();
        return new ScanPosition(done, primary == null ? "" : primary.server(), cursor);
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
                        done.add(primary.server());
                        primaries.remove();
                    }
                    return (List<String>) parts.get(1);
                });
    }
}
