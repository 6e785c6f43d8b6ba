package io.iftb.cache.redis;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * A {@code SCAN} over the keys of all primaries that match a pattern. It returns keys that exist all the time at least once,
 * also if a server is restarted meanwhile, or fails over: a cursor holds for one process, so the scan then begins anew there. Not
 * safe for use by several threads.
 */
public final class KeyScan {

    /** How many keys the server examines in one step, about 100 µs of its time. */
    public static final int STEP = 1_000;

    static final String START = "0";

    private final String pattern;
    private final Deque<PrimaryCommands> primaries = new ArrayDeque<>();
    private final List<String> done = new ArrayList<>();
    private String cursor = START;

    /** The server that was asked for the cursor; empty before. */
    private String asked = "";

    /** The process that gave the cursor; null until a second step needs it. */
    private @Nullable ServerProcess process;

    private long beganNanos;
    private int begunAnew;

    /** Whether the next step begins this server anew. */
    private boolean isToBeginAnew;

    /** @param from where it begins; who keeps a position keeps the processes of the servers too */
    KeyScan(Collection<PrimaryCommands> primaries, String pattern, ScanPosition from) {
        this.pattern = pattern;
        for (PrimaryCommands primary : primaries) {
            String server = primary.server();
            if (from.done().contains(server)) {
                done.add(server);
            } else if (server.equals(from.server())) {
                this.primaries.addFirst(primary);
                asked = server;
                cursor = from.cursor();
                beganNanos = System.nanoTime();
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

    /** How often {@link #next} has begun the primary under way anew, so that it gives keys of it again. */
    public int begunAnew() {
        return begunAnew;
    }

    /** The next keys, possibly none; null at the end. One round trip, and two more for a server that needs several steps. */
    public CompletableFuture<@Nullable List<String>> next() {
        PrimaryCommands primary = primaries.peek();
        if (primary == null) {
            return CompletableFuture.completedFuture(null);
        }
        if (isToBeginAnew) {
            isToBeginAnew = false;
            begunAnew++;
        }
        if (process != null || cursor.equals(START)) {
            if (process == null) {
                asked = primary.server();
                beganNanos = System.nanoTime();
            }
            return step(primary);
        }
        return ReplyFuture.then(ServerProcess.of(primary), now -> {
            process = now;
            if (!now.isOlderThan(System.nanoTime() - beganNanos)
                    || !primary.server().equals(asked)) {
                cursor = START; // the steps before may be of another process, or after a failover of another server
                asked = primary.server();
                begunAnew++;
            }
            return step(primary);
        });
    }

    @SuppressWarnings("unchecked")
    private CompletableFuture<@Nullable List<String>> step(PrimaryCommands primary) {
        return ReplyFuture.then(
                primary.ask(Reply.TREE, Command.SCAN, cursor, "MATCH", pattern, "COUNT", STEP), parts -> {
                    cursor = (String) parts.get(0);
                    List<String> keys = (List<String>) parts.get(1);
                    ServerProcess began = process;
                    if (!cursor.equals(START)) {
                        return CompletableFuture.completedFuture(keys);
                    }
                    if (began == null) {
                        end(primary);
                        return CompletableFuture.completedFuture(keys);
                    }
                    return ServerProcess.of(primary).thenApply(now -> {
                        if (now.isSameAs(began) && primary.server().equals(asked)) {
                            end(primary);
                        } else {
                            process = now;
                            asked = primary.server();
                            isToBeginAnew = true;
                        }
                        return keys;
                    });
                });
    }

    private void end(PrimaryCommands primary) {
        done.add(primary.server());
        primaries.remove();
        process = null;
    }
}
