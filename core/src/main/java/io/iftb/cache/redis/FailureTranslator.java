package io.iftb.cache.redis;

import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.redisson.RedissonShutdownException;
import org.redisson.client.RedisAuthRequiredException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisOutOfMemoryException;
import org.redisson.client.RedisRedirectException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisWrongPasswordException;
import org.redisson.client.WriteRedisConnectionException;

/** Translates exceptions of the client library into ours, with one sentence that names the server and no argument. */
final class FailureTranslator {

    private static final String OPERATION_TIMEOUT = "iftb.cache.redis.operation-timeout";

    /** The error of our scripts if a key holds something else: the key, and what it holds. */
    private static final Pattern FOREIGN_VALUE = Pattern.compile("NOTOURS \\[('.*') (holds [^]]*)]");

    /** Its text is the address of the server, which may change. */
    private final Object server;

    private final ServerMode mode;

    /**
     * @param server what has the address of the server as its text
     * @param mode how the servers work together
     */
    FailureTranslator(Object server, ServerMode mode) {
        this.server = server;
        this.mode = mode;
    }

    /** The exception for the caller of a command. */
    RuntimeException of(Throwable thrown, Request request, Transmission transmission) {
        Throwable error = unwrap(thrown);
        if (!request.isRead()
                && transmission.isSent()
                && (RetryRule.isLost(error) || error instanceof RedisTimeoutException)) {
            return unknown(
                    "the connection to Redis at " + server + " closed before " + request.name() + " was answered",
                    error);
        }
        return of(error, request.key());
    }

    /** The exception for a failed subscription. */
    RuntimeException of(Throwable thrown) {
        return of(thrown, "");
    }

    /** The exception of a future whose failure is already translated. */
    static RuntimeException translated(Throwable thrown) {
        Throwable error = unwrap(thrown);
        if (error instanceof Error fatal) {
            throw fatal;
        }
        return error instanceof RuntimeException runtime
                ? runtime
                : new RedisServerException("a command to Redis failed: " + error, error);
    }

    private RuntimeException of(Throwable thrown, String key) {
        Throwable error = unwrap(thrown);
        if (error instanceof RedisServerException ours) {
            return ours;
        }
        if (error instanceof IOException) {
            return noServer(error);
        }
        if (!(error instanceof RedisException)) {
            return error instanceof RuntimeException runtime
                    ? runtime
                    : new RedisServerException("a command to Redis at " + server + " failed: " + error, error);
        }
        RuntimeException connecting = connecting(error);
        if (connecting != null) {
            return connecting;
        }
        if (RetryRule.isRefused(error)) {
            return noServer(error);
        }
        if (error instanceof RedisRedirectException && mode == ServerMode.CLUSTER) {
            return new RedisServerException(
                    "the slot of key '" + key + "' is being moved between nodes of the cluster at " + server
                            + "; try again when that is done",
                    error);
        }
        if (error instanceof RedisNodeNotFoundException) {
            return new RedisUnavailableException(
                    "no primary at " + server + " serves the slot of key '" + key + "'; bring its primary back", error);
        }
        String said = ServerError.said(error.getMessage());
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
                            + (foreign.group(2).endsWith("later version of this library")
                                    ? "; update this program"
                                    : "; rename or delete that key"),
                    error);
        }
        return refused(error, said);
    }

    private RuntimeException refused(Throwable error, String said) {
        Optional<ServerError> known = error instanceof RedisOutOfMemoryException
                ? Optional.of(ServerError.OOM) // the library removes the error code
                : error instanceof RedisRedirectException ? Optional.of(ServerError.MOVED) : ServerError.in(said);
        String sentence = known.map(each -> each.sentence(server, said))
                .orElseGet(() -> "Redis at " + server + " refused the command: " + ServerError.withoutScript(said)
                        + "; check that it is Redis 6.2 or later, or Valkey");
        return known.filter(ServerError::isOutage).isPresent()
                ? new RedisUnavailableException(sentence, withoutArguments(error))
                : new RedisServerException(sentence, withoutArguments(error));
    }

    /** For a server that answers, and says that it is a replica. */
    RuntimeException demoted() {
        return new RedisUnavailableException(ServerError.READONLY.sentence(server, ""), null);
    }

    /** The library appends commands and their arguments to the server's message. */
    private static RuntimeException withoutArguments(Throwable error) {
        RuntimeException said = new RedisException(ServerError.withoutScript(ServerError.said(error.getMessage())));
        said.setStackTrace(error.getStackTrace());
        return said;
    }

    /** The exception for a failure to open a connection. */
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
        if (connecting != null) {
            return connecting;
        }
        return RetryRule.isLost(error) ? noServer(error) : refusedConnection(error);
    }

    private RuntimeException refusedConnection(Throwable error) {
        String said = ServerError.said(error.getMessage());
        // a server that does not know AUTH repeats its arguments, so omit the cause
        return new RedisServerException(
                "Redis at " + server + " refused the connection: " + said + "; check the server and its address",
                String.valueOf(error.getMessage()).contains(ServerError.ARGUMENTS) ? null : error);
    }

    private RuntimeException noServer(Throwable error) {
        String what = TlsFault.in(error, null)
                .map(fault -> fault.in(mode).sentence(server))
                .orElse("no Redis server answers at " + server
                        + "; start one there, or set its address (iftb.cache.redis.uri)");
        return new RedisUnavailableException(what, error);
    }

    /** For a command that waited for a connection until it timed out. */
    RuntimeException noConnection(Request request, long millis) {
        String waited = request.name() + " waited for a free connection and was not sent";
        return late("within " + millis + " ms, in which " + waited, null);
    }

    /** For a command that found too many others waiting for a connection. */
    RuntimeException tooMany(Request request) {
        return new RedisServerException(SendQueue.MOST_WAITING + " calls wait for a connection to Redis at " + server
                + ", so " + request.name() + " was not sent; wait for some of them before you start more");
    }

    /** For a command that was sent and timed out. */
    RuntimeException unanswered(Request request, long millis) {
        String what = request.name() + " within " + millis + " ms";
        return request.isRead() ? late(what, null) : unknown("Redis at " + server + " did not answer " + what, null);
    }

    /** For a fence that waits until its call is late. */
    RuntimeException lateFence() {
        return late("a fence within the budget of its call", null);
    }

    private RuntimeException late(String what, @Nullable Throwable cause) {
        return new RedisUnavailableException(
                "Redis at " + server + " did not answer " + what + "; check the server, or raise " + OPERATION_TIMEOUT,
                cause);
    }

    /** For a command whose caller was interrupted. */
    RuntimeException interrupted(Request request, boolean sent, InterruptedException why) {
        String what = "interrupted while " + request.name() + " waited for Redis at " + server;
        return sent && !request.isRead()
                ? unknown(what, why, false)
                : new RedisServerException(what + (request.isRead() ? "" : ", and not sent"), why);
    }

    /** For a caller that was interrupted between two commands of an operation, perhaps after a change. */
    static RuntimeException interrupted(boolean changed, InterruptedException why) {
        String what = "interrupted while waiting for Redis";
        return changed
                ? new RedisOutcomeUnknownException(
                        what + ": the change may have been carried out; read before you write again", why, false)
                : new RedisServerException(what, why);
    }

    private RuntimeException unknown(String what, @Nullable Throwable cause) {
        return unknown(what, cause, true);
    }

    private RuntimeException unknown(String what, @Nullable Throwable cause, boolean isOutage) {
        return new RedisOutcomeUnknownException(
                what + ": it may have been carried out, and may still be; read before you write again",
                cause,
                isOutage);
    }

    /** For a call that was not sent before its connection was closed. */
    RuntimeException closed() {
        return closed((Throwable) null);
    }

    /** For a call that was in flight when its connection was closed. */
    RuntimeException closed(Request request) {
        String what = "the connection to Redis at " + server + " was closed before " + request.name() + " was answered";
        return request.isRead() ? closed() : unknown(what, null, false);
    }

    private RuntimeException closed(@Nullable Throwable error) {
        return new RedisUnavailableException(
                "the connection to Redis at " + server + " is closed; open another", error, false);
    }

    private @Nullable RuntimeException connecting(Throwable error) {
        if (error instanceof RedissonShutdownException) {
            return closed(error);
        }
        if (error instanceof RedisTimeoutException) {
            return late("in time", error);
        }
        if (error instanceof ConnectionClosedException || error instanceof WriteRedisConnectionException) {
            return new RedisUnavailableException(
                    "Redis at " + server + " closed the connection before it answered; check the server", error);
        }
        if (error instanceof RedisConnectionException) {
            return noServer(error);
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
                    "Redis at " + server + " requires a login; give a password (and a user, if it has users)", error);
        }
        if (message.startsWith("ERR DB index is out of range") || message.startsWith("ERR invalid DB index")) {
            return new RedisServerException(
                    "Redis at " + server + " has no such database; give a number it has, usually 0 to 15", error);
        }
        return null;
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
