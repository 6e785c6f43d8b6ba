package io.iftb.cache.cli;

import io.iftb.cache.market.OhlcvBar;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * A random walk that resembles the hourly candles of BTC/USDT in 2025: it has calm and volatile periods, and its volume
 * follows the moves and the hour of the day. The data are not real, and are the same in every run on every machine.
 */
final class RandomWalk {

    /** The hours of a year. */
    static final int YEAR = 8_760;

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long START = Instant.parse("2025-01-01T00:00:00Z").toEpochMilli();
    private static final double START_PRICE = 93_500;
    private static final double TYPICAL_MOVE = 0.0032;
    private static final double TYPICAL_VOLUME = 420;

    /** How much of the volatility persists to the next hour, and how much is new. */
    private static final double SPELL_LASTS = 0.97;

    private static final double SPELL_CHANGES = 0.13;
    private static final int PRICE_DECIMALS = 2;
    private static final int VOLUME_DECIMALS = 5;

    private final Random random;
    private double price = START_PRICE;
    private double spell;

    private RandomWalk(long seed) {
        random = new Random(seed);
    }

    /** The bars of a number of hours from the start of 2025, oldest first. */
    static List<OhlcvBar> hours(int count, long seed) {
        RandomWalk walk = new RandomWalk(seed);
        List<OhlcvBar> bars = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            bars.add(walk.next(START + i * HOUR, i % 24));
        }
        return bars;
    }

    private OhlcvBar next(long openTime, int hourOfDay) {
        spell = SPELL_LASTS * spell + SPELL_CHANGES * random.nextGaussian();
        double move = TYPICAL_MOVE * activity(hourOfDay) * StrictMath.exp(spell);
        double open = price;
        double back = 0.0004 * StrictMath.log(START_PRICE / price);
        double close = open * StrictMath.exp(back + move * random.nextGaussian());
        double high = Math.max(open, close) * (1 + move * 0.45 * Math.abs(random.nextGaussian()));
        double low = Math.min(open, close) * (1 - move * 0.45 * Math.abs(random.nextGaussian()));
        double span = (high - low) / price / TYPICAL_MOVE;
        double volume =
                TYPICAL_VOLUME * activity(hourOfDay) * (0.3 + span) * StrictMath.exp(0.35 * random.nextGaussian());
        price = rounded(close, PRICE_DECIMALS);
        return new OhlcvBar(
                openTime,
                rounded(open, PRICE_DECIMALS),
                rounded(high, PRICE_DECIMALS),
                rounded(low, PRICE_DECIMALS),
                price,
                rounded(volume, VOLUME_DECIMALS));
    }

    /** High during the day in New York, low during its night. */
    private static double activity(int hourOfDay) {
        return 1 + 0.45 * StrictMath.sin((hourOfDay - 9) * Math.PI / 12);
    }

    private static double rounded(double number, int decimals) {
        return BigDecimal.valueOf(number)
                .setScale(decimals, RoundingMode.HALF_EVEN)
                .doubleValue();
    }
}
