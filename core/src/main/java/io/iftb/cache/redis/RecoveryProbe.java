package io.iftb.cache.redis;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Asks a server that is taken for unavailable whether it serves again: whether it answers a PING, and is a primary. A node of a
 * cluster that is down does both, and says that it is down only when it is asked for a key.
 */
final class RecoveryProbe {

    /** How often one goes out; each may wait longer, so that a lost one does not hold up the next. */
    static final Duration INTERVAL = Duration.ofMillis(250);

    private static final Duration LIMIT = Duration.ofSeconds(2);

    private final Calls calls;
    private final Deadline deadline;

    RecoveryProbe(Calls calls) {
        this.calls = calls;
        Duration budget = Duration.ofNanos(calls.budgetNanos());
        this.deadline = Deadline.after(budget.compareTo(LIMIT) < 0 ? budget : LIMIT);
    }

    /** Sends it; closes the breaker if the server serves. */
    void send() {
        var unused = ReplyFuture.then(
                        ask(Reply.TEXT, calls.primary().request(Command.PING)),
                        pong -> ask(Reply.TREE, calls.primary().request(Command.HELLO, "2")))
                .thenAccept(this::heard);
    }

    private void heard(@Nullable List<Object> hello) {
        String role = hello == null ? "" : ServerProbe.property(hello, "role");
        if (role.equals("replica") || role.equals("slave")) {
            calls.breaker().failed(calls.failures().demoted());
            return;
        }
        String key = calls.mode() == ServerMode.CLUSTER ? calls.failedKey() : "";
        if (key.isEmpty() || !calls.primary().owns(key)) { // another one's state says nothing of this one
            calls.breaker().close();
        } else {
            var unused = ask(Reply.FLAG, Request.of(Command.EXISTS, true, key))
                    .thenAccept(served -> calls.breaker().close());
        }
    }

    /** Completes with null if the server refuses to say, such as for want of a right: then it serves. */
    private <T> CompletableFuture<@Nullable T> ask(Reply<T> reply, Request request) {
        CompletableFuture<@Nullable T> asked = calls.probe(reply, request, deadline);
        return asked.exceptionally(error -> {
            RuntimeException why = FailureTranslator.translated(error);
            if (why instanceof RedisServerException failure && !failure.isOutage()) {
                return null;
            }
            throw why;
        });
    }
}
