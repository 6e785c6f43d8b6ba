package io.iftb.cache.redis;

import org.redisson.client.RedisLoadingException;
import org.redisson.client.RedisTimeoutException;

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
        boolean lost = FailureTranslator.isLost(error)
                || (resends > 0 && error instanceof RedisLoadingException)
                || (!sent && error instanceof RedisTimeoutException); // opening the connection took too long
        return lost && (resends > 0 || !FailureTranslator.isRefused(error));
    }

    /** The pause before the next attempt, longer each time. */
    static long pauseMillis(int resends) {
        return resends == 0 ? 0 : Math.min(LONGEST_PAUSE_MILLIS, 5L << Math.min(resends, 8));
    }
}
