package io.iftb.cache;

/**
 * What {@link LlmCache} has saved in this JVM.
 *
 * @param hits answers that were there
 * @param shared answers that another caller has computed meanwhile, in whatever JVM
 * @param computed calls that were made
 * @param savedCost the sum of what the saved calls would have cost, as their requests say
 */
public record LlmCounts(long hits, long shared, long computed, double savedCost) {

    /** Calls that were not made. */
    public long savedCalls() {
        return hits + shared;
    }
}
