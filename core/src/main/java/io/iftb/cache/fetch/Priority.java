package io.iftb.cache.fetch;

/**
 * How urgent a request to a source is, in every JVM that shares its {@link RequestBudget}: an order goes before a read, a read
 * before a warm-up, also one that has been waiting for longer.
 *
 * <p>A read may not take the last fifth of the tokens that a bucket holds, a warm-up not the last two fifths. So an order
 * finds tokens at once while others wait. While a warm-up waits for reads, one token in ten is for it.
 */
public enum Priority {

    /** What an order waits for, such as a fresh price. */
    ORDER(1),

    /** An ordinary read. */
    READ(2),

    /** What nobody waits for yet, such as the history of a series. */
    WARM_UP(3);

    private static final double RESERVE = 0.2;

    private final int number;

    Priority(int number) {
        this.number = number;
    }

    /** Its number in the script: 1 goes first. */
    int number() {
        return number;
    }

    /** The part of a bucket that is left to higher priorities; the script says it too. */
    double reserve() {
        return (number - 1) * RESERVE;
    }
}
