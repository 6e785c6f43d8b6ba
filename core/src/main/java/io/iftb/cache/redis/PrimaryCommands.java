package io.iftb.cache.redis;

import java.util.concurrent.CompletableFuture;

/** Commands without a key that change nothing, for one primary. */
public final class PrimaryCommands {

    private final Primary primary;

    PrimaryCommands(Primary primary) {
        this.primary = primary;
    }

    /** Its address now, without user and password. */
    public String server() {
        return primary.toString();
    }

    /** The server's clock; the first question for its time waits for an answer. */
    public ServerClock clock() {
        return primary.clock();
    }

    /** What is known of its circuit breaker. */
    public BreakerStatus breaker() {
        return primary.calls().breaker().status();
    }

    /** Sends a command. */
    public <T> CompletableFuture<T> ask(Reply<T> reply, Command command, Object... arguments) {
        return primary.calls().begin(reply, primary.request(command, arguments), null);
    }
}
