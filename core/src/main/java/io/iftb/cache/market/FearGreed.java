package io.iftb.cache.market;

import java.util.Objects;

/**
 * The fear and greed index.
 *
 * @param value 0 (extreme fear) to 100 (extreme greed)
 * @param classification the value in words, such as {@code Extreme Fear}
 * @param time when it was published, epoch milliseconds
 */
public record FearGreed(int value, String classification, long time) {

    /** The key of the index in its cache. */
    public static final String KEY = "latest";

    /** @throws IllegalArgumentException if the value is outside 0..100 */
    public FearGreed {
        Objects.requireNonNull(classification, "classification");
        if (value < 0 || value > 100) {
            throw new IllegalArgumentException("fear & greed value is " + value + "; it must be 0 to 100");
        }
    }
}
