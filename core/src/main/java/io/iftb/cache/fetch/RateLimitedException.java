package io.iftb.cache.fetch;

import java.io.Serial;
import java.time.Duration;

/** A source refused a request because there were too many, such as by HTTP status 429: nobody may ask it for some time. */
public final class RateLimitedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final Duration retryAfter;

    /** @param retryAfter how long nobody may ask, such as the header {@code Retry-After} says; not negative */
    public RateLimitedException(Duration retryAfter) {
        super("the source takes no request for " + retryAfter.toMillis() + " ms; ask again after that");
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter " + retryAfter + " is negative; give 0 or more");
        }
        this.retryAfter = retryAfter;
    }

    /** How long nobody may ask the source. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
