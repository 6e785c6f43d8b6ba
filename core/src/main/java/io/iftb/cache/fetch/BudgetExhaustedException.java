package io.iftb.cache.fetch;

import java.io.Serial;
import java.time.Duration;

/**
 * A request was refused because the {@link RequestBudget} of its source has nothing for it in the time that it may wait,
 * because as many others as may be under way took all or most of that time, or because the source has said that there were too
 * many.
 */
public final class BudgetExhaustedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private final String source;
    private final Duration wait;

    /**
     * @param source the name of the source
     * @param wait how long it would have to wait at least, as far as is known
     * @param why one sentence that says what is exhausted, and the remedy
     */
    BudgetExhaustedException(String source, Duration wait, String why) {
        super(why);
        this.source = source;
        this.wait = wait;
    }

    /** The name of the source. */
    public String source() {
        return source;
    }

    /** How long the request would have had to wait at least, as far as is known. */
    public Duration neededWait() {
        return wait;
    }
}
