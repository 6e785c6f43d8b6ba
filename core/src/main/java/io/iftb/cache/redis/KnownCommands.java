package io.iftb.cache.redis;

import io.netty.channel.Channel;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
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

    private final Map<NewerCommand, AtomicReference<Knowledge>> known = new EnumMap<>(NewerCommand.class);

    /** What is known of a command. */
    private interface Knowledge {

        Knowledge NONE = now -> true;
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

    KnownCommands() {
        for (NewerCommand each : NewerCommand.values()) {
            known.put(each, new AtomicReference<>(Knowledge.NONE));
        }
    }

    private AtomicReference<Knowledge> of(NewerCommand command) {
        return Objects.requireNonNull(known.get(command));
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
        AtomicReference<Knowledge> current = of(command);
        Knowledge before = Objects.requireNonNull(current.get());
        if (before == Knowledge.ACCEPTED) {
            return true;
        }
        long now = System.nanoTime();
        return before.isOpen(now) && current.compareAndSet(before, new Tried(now));
    }

    /** Takes note that a request was carried out. */
    void accepted(Request request, Transmission transmission) {
        IfEqual.Attempt attempt = request.attempt();
        if (attempt != null && transmission.target() == null) {
            of(attempt.command()).set(Knowledge.ACCEPTED);
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
            of(attempt.command()).set(new Refused(channel));
        }
        return firstOf(attempt.change(), attempt.way() + 1);
    }
}
