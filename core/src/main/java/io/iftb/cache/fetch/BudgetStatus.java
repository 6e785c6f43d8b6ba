package io.iftb.cache.fetch;

import java.time.Duration;

/**
 * What a {@link RequestBudget} has done in this JVM, and its state.
 *
 * @param source the name of the source
 * @param granted requests that were let through, those of {@code grantedAlone} included
 * @param grantedAlone requests that were let through while the server was away, from this JVM's share
 * @param waited how long all granted requests have waited together
 * @param refused requests that were refused
 * @param stops how often this JVM has said that nobody may ask the source
 * @param waiting requests that wait now
 * @param jvms JVMs that share the budget, as the server said last; 0 if it never did
 * @param isAlone whether this JVM keeps to its share by itself, since the server is away
 * @param stopped for how long nobody may ask the source
 */
public record BudgetStatus(
        String source,
        long granted,
        long grantedAlone,
        Duration waited,
        long refused,
        long stops,
        int waiting,
        int jvms,
        boolean isAlone,
        Duration stopped) {}
