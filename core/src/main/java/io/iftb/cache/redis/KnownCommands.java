package io.iftb.cache.redis;

import io.netty.channel.Channel;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisNoScriptException;

/**
 * Which of the {@link NewerCommand}s a primary knows, found by trying. As long as that is open, one call tries, and the others
 * use their scripts: many that are refused in a batch would be sent again one by one. A command that was refused is tried
 * again once the connection is closed on which it was, since another server may be behind the next one. Safe for use by
 * several threads.
 */
final class KnownCommands {

    /** When another call tries, if nothing was heard of the last try. */
    private static final long TRY_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Answers to a command that the server does not know, or to which the user has no right. */
    private static final Pattern REFUSED = Pattern.compile("ERR (syntax error|unknown command)|NOPERM ");

    /** Answers to a command that it knows, on a key of another type. */
    private static final Pattern FOREIGN = Pattern.compile("WRONGTYPE |ERR Key should be of string type");

    private final AtomicReferenceArray<@Nullable Knowledge> known =
            new AtomicReferenceArray<>(NewerCommand.values().length);

    /** What is known of a command. */
    private interface Knowledge {

        Knowledge ACCEPTED = now -> false;

        /** Whether the command is to be tried. */
        boolean isOpen(long now);
    }

    private record Tried(long nanos) implements Knowledge {

        @Override
        public boolean isOpen(long now) {
            return now - nanos > TRY_NANOS;
        }
    }

    private record Refused(Channel on) implements Knowledge {

        @Override
        public boolean isOpen(long now) {
            return !on.isActive();
        }
    }

    /** The request for a change, by the first command that the server knows, or by its script. */
    Request firstOf(IfEqual change) {
        return firstOf(change, 0);
    }

    private Request firstOf(IfEqual change, int from) {
        for (int way = from; way < change.commands().size(); way++) {
            if (isUsed(change.commands().get(way))) {
                return change.by(way);
            }
        }
        return change.byScript();
    }

    private boolean isUsed(NewerCommand command) {
        Knowledge before = known.get(command.ordinal());
        if (before == Knowledge.ACCEPTED) {
            return true;
        }
        long now = System.nanoTime();
        return (before == null || before.isOpen(now)) && known.compareAndSet(command.ordinal(), before, new Tried(now));
    }

    /** Takes note that a request was carried out. */
    void accepted(Request request, Transmission transmission) {
        IfEqual.Attempt attempt = request.attempt();
        if (attempt != null && transmission.target() == null && known.get(attempt.index()) != Knowledge.ACCEPTED) {
            known.set(attempt.index(), Knowledge.ACCEPTED);
        }
    }

    /**
     * What is sent instead of a request, and to the same server, after an answer that says that the server does not know it
     * and so has done nothing; null if the answer says something else.
     */
    @Nullable
    Request instead(Request request, Throwable error, Transmission transmission) {
        Script script = request.script();
        if (error instanceof RedisNoScriptException && script != null) {
            return request.whole(script);
        }
        IfEqual.Attempt attempt = request.attempt();
        if (attempt == null) {
            return null;
        }
        String said = ServerError.said(error.getMessage());
        if (FOREIGN.matcher(said).lookingAt()) {
            accepted(request, transmission);
            return attempt.change().byScript(); // which looks at the type
        }
        if (!REFUSED.matcher(said).lookingAt()) {
            return null;
        }
        Channel channel = transmission.channel();
        if (channel != null && transmission.target() == null) { // else another server has refused it
            known.set(attempt.index(), new Refused(channel));
        }
        return firstOf(attempt.change(), attempt.way() + 1);
    }
}
