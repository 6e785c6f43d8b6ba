package io.iftb.cache.fetch;

/**
 * How a bucket of tokens fills that keeps to one window of a limit.
 *
 * @param unit what a token is
 * @param windowMillis the length of the window
 * @param burst how many tokens it holds at most
 * @param perMilli how many come in a ms
 * @param usable how much may be used in one window of the source
 */
record TokenRate(RequestLimits.Unit unit, long windowMillis, double burst, double perMilli, double usable) {

    /** What a request of a weight takes. */
    int cost(int weight) {
        return unit == RequestLimits.Unit.WEIGHT ? weight : 1;
    }
}
