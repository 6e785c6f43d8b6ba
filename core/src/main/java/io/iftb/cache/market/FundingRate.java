package io.iftb.cache.market;

/**
 * The funding rate of a perpetual contract.
 *
 * @param rate the rate for one funding interval as a fraction: 0.0001 is 0.01 %
 * @param time when it applies, epoch milliseconds
 */
public record FundingRate(double rate, long time) {

    /** @throws IllegalArgumentException if the rate is not finite */
    public FundingRate {
        Numbers.requireFinite("rate", rate);
    }
}
