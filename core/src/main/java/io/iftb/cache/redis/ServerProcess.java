package io.iftb.cache.redis;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The process of a server, which is another one after a restart.
 *
 * @param runId its number; empty if this user may not ask
 * @param uptimeSeconds how long it has run, as the server says: the difference of two whole seconds
 */
record ServerProcess(String runId, long uptimeSeconds) {

    private static final ServerProcess UNKNOWN = new ServerProcess("", Long.MAX_VALUE);
    private static final Pattern RUN_ID = Pattern.compile("(?m)^run_id:(\\S+)");
    private static final Pattern UPTIME = Pattern.compile("(?m)^uptime_in_seconds:([0-9]{1,18})");

    /** Asks a primary, in one round trip. */
    static CompletableFuture<ServerProcess> of(PrimaryCommands primary) {
        return primary.ask(Reply.TEXT, Command.INFO, "server")
                .exceptionally(ServerProcess::nothingIfRefused)
                .thenApply(ServerProcess::parse);
    }

    private static String nothingIfRefused(Throwable error) {
        Throwable why = FailureTranslator.unwrap(error);
        if (why instanceof RedisServerException refused
                && !(refused instanceof RedisUnavailableException)
                && !refused.isOutage()) {
            return "";
        }
        throw new CompletionException(why);
    }

    private static ServerProcess parse(String info) {
        Matcher id = RUN_ID.matcher(info);
        Matcher uptime = UPTIME.matcher(info);
        return id.find() && uptime.find() ? new ServerProcess(id.group(1), Long.parseLong(uptime.group(1))) : UNKNOWN;
    }

    boolean isSameAs(ServerProcess other) {
        return runId.equals(other.runId);
    }

    /** Whether it ran already so long ago, for certain: the server's figure may be up to a second more than it has run. */
    boolean isOlderThan(long nanos) {
        return TimeUnit.SECONDS.toNanos(uptimeSeconds - 1) >= nanos;
    }
}
