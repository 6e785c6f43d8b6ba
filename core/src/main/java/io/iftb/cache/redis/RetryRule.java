package io.iftb.cache.redis;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisAskException;
import org.redisson.client.RedisClusterDownException;
import org.redisson.client.RedisConnectionException;
import org.redisson.client.RedisLoadingException;
import org.redisson.client.RedisNodeNotFoundException;
import org.redisson.client.RedisReadonlyException;
import org.redisson.client.RedisReconnectedException;
import org.redisson.client.RedisRedirectException;
import org.redisson.client.RedisTimeoutException;
import org.redisson.client.RedisTryAgainException;
import org.redisson.client.WriteRedisConnectionException;
import org.redisson.connection.NodeSource;
import org.redisson.connection.NodeSource.Redirect;

/** When a command is sent again that is a read, or was certainly not carried out. */
final class RetryRule {

    private static final long LONGEST_PAUSE_MILLIS = 250;

    private RetryRule() {}

    /**
     * Whether a failure invites another attempt.
     *
     * @param resends how many there were
     * @param sent whether the command was sent this time
     */
    static boolean allows(Throwable error, int resends, boolean sent) {
        boolean lost = isLost(error)
                || (resends > 0 && error instanceof RedisLoadingException)
                || (!sent && error instanceof RedisTimeoutException); // opening the connection took too long
        return lost && (resends > 0 || !isRefused(error));
    }

    /** Where a server sends a command that is for another one; null if the failure is another. */
    static @Nullable NodeSource target(Throwable error, ServerMode mode) {
        if (mode != ServerMode.CLUSTER || !(error instanceof RedisRedirectException redirect)) {
            return null;
        }
        Redirect how = error instanceof RedisAskException ? Redirect.ASK : Redirect.MOVED;
        return new NodeSource(redirect.getSlot(), redirect.getUrl(), how);
    }

    /**
     * Whether a failure says that the command was not carried out, and that it will be soon: by another server, or when keys
     * have been moved.
     */
    static boolean isUndone(Throwable error, ServerMode mode) {
        return mode.follows()
                && (error instanceof RedisNodeNotFoundException
                        || error instanceof RedisTryAgainException
                        || error instanceof RedisClusterDownException
                        || error instanceof RedisReadonlyException);
    }

    /** The pause before the next attempt, longer each time. */
    static long pauseMillis(int resends) {
        return resends == 0 ? 0 : Math.min(LONGEST_PAUSE_MILLIS, 5L << Math.min(resends, 8));
    }

    /** Whether a connection was lost or could not be opened. */
    static boolean isLost(Throwable error) {
        return error instanceof RedisConnectionException
                || error instanceof RedisReconnectedException
                || hasNetworkCause(error);
    }

    /** Whether no connection could be opened. */
    static boolean isRefused(Throwable error) {
        return !(error instanceof ConnectionClosedException
                        || error instanceof WriteRedisConnectionException
                        || error instanceof RedisReconnectedException)
                && isLost(error);
    }

    /** The library wraps the network error if it cannot reconnect, but not where it opens a connection for a batch. */
    private static boolean hasNetworkCause(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof IOException) {
                return true;
            }
        }
        return false;
    }
}
