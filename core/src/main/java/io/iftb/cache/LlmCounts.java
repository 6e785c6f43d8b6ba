package io.iftb.cache;

/**
 * What {@link LlmCache} has saved in this JVM.
 *
 * @param hits answers that were there
 * @param shared answers that another caller has computed meanwhile, in whatever JVM
 * @param computed calls that were made and succeeded, also behind an answer that was there
 * @param savedCost the sum of what the saved calls would have cost, as their requests say
 */
public record LlmCounts(long hits, long shared, long computed, double savedCost) {

    /** Answers that the code of their caller did not give. */
    public long savedCalls() {
        return hits + shared;
    }
}
