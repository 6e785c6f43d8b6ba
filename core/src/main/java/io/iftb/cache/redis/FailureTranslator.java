package io.iftb.cache.redis;

import java.io.IOException;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;
import org.redisson.client.WriteRedisConnectionException;

/** Says what the client library's exceptions mean, in one sentence that names the server and holds no argument. */
final class FailureTranslator {

    /** What our scripts say when a key does not hold what they wrote: the key, and what it holds. */
    private static final Pattern FOREIGN_VALUE = Pattern.compile("NOTOURS \\[('.*') (holds [^]]*)]");

    /** Before what a server repeats of a command that it does not know, a password perhaps. */
    private static final String ARGUMENTS = ", with args beginning with";

    private final String server;

    FailureTranslator(String server) {
        this.server = server;
    }

    /** The exception to give to a caller of a command. */
    RuntimeException of(Throwable thrown, String key) {
        Throwable error = unwrap(thrown);
        if (error instanceof RedisServerException ours) {
            return ours;
        }
        if (!(error instanceof RedisException)) {
            return error instanceof RuntimeException runtime
                    ? runtime
                    : new RedisServerException("Redis at " + server + " could not be asked: " + error, error);
        }
        RuntimeException connecting = connecting(error);
        if (connecting != null) {
            return connecting;
        }
        if (causedByNetwork(error)) {
            return nobodyAnswers(error);
        }
        String said = firstPart(error.getMessage());
        if (said.contains("WRONGTYPE")) {
            return new WrongTypeException(
                    "key '" + key + "' on " + server
                            + " holds another type of value than this cache writes; rename or delete that key",
                    error);
        }
        Matcher foreign = FOREIGN_VALUE.matcher(said);
        if (foreign.find()) {
            return new WrongTypeException(
                    "key " + foreign.group(1) + " on " + server + " " + foreign.group(2)
                            + "; rename or delete that key",
                    error);
        }
        if (error instanceof RedisOutOfMemoryException) {
            return new RedisServerException(
                    "Redis at " + server + " is out of memory: " + said + "; raise maxmemory or set an eviction policy",
                    error);
        }
        return new RedisServerException("Redis at " + server + " refused the command: " + said, error);
    }

    /** The exception to give to who opens a connection. */
    RuntimeException ofOpening(Throwable thrown) {
        for (Throwable cause = thrown; cause != null; cause = cause.getCause()) {
            RuntimeException login = login(cause);
            if (login != null) {
                return login;
            }
            if (cause.getClass() == RedisException.class) {
                return refusedConnection(cause);
            }
        }
        Throwable error = unwrap(thrown);
        RuntimeException connecting = connecting(error);
        return connecting != null ? connecting : refusedConnection(error);
    }

    private RuntimeException refusedConnection(Throwable error) {
        String said = firstPart(error.getMessage());
        // a server that does not know AUTH repeats its arguments, so the cause is left out
        return new RedisServerException(
                "Redis at " + server + " refused the connection: " + said + "; check the server and its address",
                String.valueOf(error.getMessage()).contains(ARGUMENTS) ? null : error);
    }

    /** The library wraps what the network said when a connection that it had cannot be made again. */
    private static boolean causedByNetwork(Throwable error) {
        for (Throwable cause = error.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }

    private RuntimeException nobodyAnswers(Throwable error) {
        return new RedisUnavailableException(
                "no Redis server answers at " + server + "; start one there, or set its address (iftb.cache.redis.uri)",
                error);
    }

    /** The exception for a call that did not end within its time. */
    RuntimeException timeout(long millis) {
        return new RedisUnavailableException(
                "Redis at " + server + " did not answer within " + millis
                        + " ms; check the server, or raise iftb.cache.redis.operation-timeout",
                null);
    }

    /** The exception for a call that was under way when its connection was closed. */
    RuntimeException closed() {
        return closed(null);
    }

    private RuntimeException closed(@Nullable Throwable error) {
        return new RedisUnavailableException(
                "the connection to Redis at " + server + " is closed; open another", error);
    }

    private @Nullable RuntimeException connecting(Throwable error) {
        if (error instanceof RedissonShutdownException) {
            return closed(error);
        }
        if (error instanceof RedisTimeoutException) {
            return new RedisUnavailableException(
                    "Redis at " + server
                            + " did not answer in time; check the server, or raise iftb.cache.redis.operation-timeout",
                    error);
        }
        if (error instanceof WriteRedisConnectionException) {
            return new RedisUnavailableException(
                    "the connection to Redis at " + server
                            + " was lost while a command was sent, and it is not known whether it was carried out;"
                            + " check the server, and read before you write again",
                    error);
        }
        if (error instanceof RedisConnectionException) {
            return nobodyAnswers(error);
        }
        return login(error);
    }

    private @Nullable RuntimeException login(Throwable error) {
        String message = String.valueOf(error.getMessage());
        if (error instanceof RedisWrongPasswordException
                || message.startsWith("WRONGPASS")
                || message.startsWith("ERR invalid password")
                || message.startsWith("ERR AUTH")
                || message.startsWith("ERR Client sent AUTH, but no password is set")) {
            return new RedisServerException(
                    "Redis at " + server + " refused the login; check the user and the password", error);
        }
        if (error instanceof RedisAuthRequiredException || message.startsWith("NOAUTH")) {
            return new RedisServerException(
                    "Redis at " + server + " wants a login; give a password (and a user, where it has users)", error);
        }
        if (message.startsWith("ERR DB index is out of range") || message.startsWith("ERR invalid DB index")) {
            return new RedisServerException(
                    "Redis at " + server + " has no such database; give a number it has, usually 0 to 15", error);
        }
        return null;
    }

    /** What the server said, without arguments, and what the library adds to it: channel, command and arguments. */
    private static String firstPart(@Nullable String message) {
        String text = until(". channel: ", until(ARGUMENTS, String.valueOf(message)));
        return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
    }

    private static String until(String mark, String text) {
        int at = text.indexOf(mark);
        return at < 0 ? text : text.substring(0, at);
    }

    static Throwable unwrap(Throwable thrown) {
        Throwable error = thrown;
        while ((error instanceof CompletionException || error instanceof ExecutionException)
                && error.getCause() != null) {
            error = error.getCause();
        }
        return error;
    }
}
