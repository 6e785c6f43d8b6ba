package io.iftb.cache.codec.page;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.OpenTime;
import java.util.Random;

/** Rows of one page with what bars of feeds, and others that are legal, have in them; the same for the same seed. */
final class GeneratedRows {

    private static final double[] EXTREMES = {
        0.0,
        -0.0,
        Double.MIN_VALUE,
        -Double.MIN_VALUE,
        Double.MIN_NORMAL,
        1e-300,
        1e-12,
        0.1 + 0.2,
        1.0 / 3,
        1,
        1e15,
        9007199254740992.0,
        1e22,
        1e22 * 10,
        1e308,
        -1e308,
        Double.MAX_VALUE,
        -Double.MAX_VALUE
    };

    private static final long MINUTE = 60_000;
    private static final long DAY = 24 * 60 * MINUTE;
    private static final int[] SIZES = {1, 2, 3, 127, 128, 129, 255, 256, 257};

    private final Random random;

    private GeneratedRows(long seed) {
        this.random = new Random(seed);
    }

    enum Prices {
        WALK,
        OPENS_AT_CLOSE,
        FLAT,
        TINY,
        TICKS,
        NOISE,
        NO_DECIMALS,
        OUTSIDE,
        NEGATIVE,
        ONE_IS_LONG,
        MAGNITUDES,
        EXTREME
    }

    enum Volumes {
        DECIMALS,
        LOTS,
        ZERO,
        HUGE,
        SUMS,
        NO_DECIMALS,
        EXTREME
    }

    enum Times {
        REGULAR,
        GAPS,
        DAYLIGHT,
        IRREGULAR,
        WEEKS_FROM_1950,
        EVERY_MILLISECOND,
        ALL_OF_TIME
    }

    enum Lifetimes {
        NEVER,
        ONE,
        ONE_BY_ONE,
        GROUPS,
        SOME_NEVER,
        ANY
    }

    /** Rows of everything that the seed chooses. */
    static PageRows of(long seed) {
        GeneratedRows generated = new GeneratedRows(seed);
        int size = generated.random.nextInt(3) == 0
                ? generated.any(SIZES)
                : 1 + generated.random.nextInt(generated.random.nextInt(8) == 0 ? 1_500 : 300);
        return generated.rows(
                size,
                generated.any(Prices.values()),
                generated.any(Volumes.values()),
                generated.any(Times.values()),
                generated.any(Lifetimes.values()));
    }

    static PageRows of(long seed, int size, Prices prices, Volumes volumes, Times times, Lifetimes lifetimes) {
        return new GeneratedRows(seed).rows(size, prices, volumes, times, lifetimes);
    }

    private <T> T any(T[] values) {
        return values[random.nextInt(values.length)];
    }

    private int any(int[] values) {
        return values[random.nextInt(values.length)];
    }

    private PageRows rows(int size, Prices prices, Volumes volumes, Times times, Lifetimes lifetimes) {
        PageRows rows = new PageRows(random.nextInt(2) * size);
        long[] openTimes = times(size, times);
        long written = 1_700_000_000_000L + random.nextInt(1 << 30);
        double price = 100 * Math.exp(3 * random.nextGaussian());
        int decimals = random.nextInt(6);
        for (int i = 0; i < size; i++) {
            double[] bar = prices(prices, price, decimals);
            price = bar[3] == 0 || prices == Prices.EXTREME || prices == Prices.MAGNITUDES ? price : Math.abs(bar[3]);
            double high = Math.max(bar[1], bar[2]);
            double low = Math.min(bar[1], bar[2]);
            long expiry = expiry(lifetimes, written, i);
            rows.add(openTimes[i], expiry, bar[0], high, low, bar[3], volume(volumes));
        }
        return rows;
    }

    /** Open, two that are high and low in any order, close. */
    private double[] prices(Prices kind, double price, int decimals) {
        double open = kind == Prices.OPENS_AT_CLOSE ? price : price * (1 + 0.001 * random.nextGaussian());
        double close = price * (1 + 0.01 * random.nextGaussian());
        double high = Math.max(open, close) * (1 + 0.005 * random.nextDouble());
        double low = Math.min(open, close) * (1 - 0.005 * random.nextDouble());
        double[] bar = {open, high, low, close};
        for (int i = 0; i < bar.length; i++) {
            bar[i] = price(kind, bar[i], decimals);
        }
        if (kind == Prices.FLAT && random.nextInt(8) > 0) {
            return new double[] {bar[0], bar[0], bar[0], bar[0]};
        } else if (kind == Prices.OUTSIDE && random.nextInt(4) == 0) {
            return new double[] {bar[1], bar[0], bar[3], bar[2]};
        } else if (kind == Prices.OPENS_AT_CLOSE) {
            bar[0] = price;
        }
        return bar;
    }

    private double price(Prices kind, double price, int decimals) {
        return switch (kind) {
            case WALK, FLAT, OUTSIDE -> rounded(price, decimals);
            case OPENS_AT_CLOSE -> rounded(price, 2);
            case TINY -> rounded(price * 1e-12, 18);
            case TICKS -> Math.rint(price * 4) / 4;
            case NOISE -> rounded(price, 1) + (random.nextBoolean() ? 0.1 + 0.2 - 0.3 : 0);
            case NO_DECIMALS -> price;
            case NEGATIVE -> rounded(price - 50, 2) + 0.0;
            case ONE_IS_LONG -> random.nextInt(300) == 0 ? rounded(price, 13) : rounded(price, 2);
            case MAGNITUDES -> price * Math.pow(10, random.nextInt(600) - 300);
            case EXTREME -> EXTREMES[random.nextInt(EXTREMES.length)];
        };
    }

    private double volume(Volumes kind) {
        double volume = Math.exp(5 + 3 * random.nextGaussian());
        return switch (kind) {
            case DECIMALS -> rounded(volume, 8);
            case LOTS -> 100 * Math.rint(volume);
            case ZERO -> random.nextInt(20) == 0 ? rounded(volume, 3) : 0;
            case HUGE -> Math.rint(1e15 * random.nextDouble());
            case SUMS -> rounded(volume, 1) + rounded(volume / 3, 1) + 0.1;
            case NO_DECIMALS -> volume;
            case EXTREME -> {
                double extreme = EXTREMES[random.nextInt(EXTREMES.length)];
                yield extreme < 0 ? 0 : extreme;
            }
        };
    }

    private long[] times(int size, Times kind) {
        long[] times = new long[size];
        long time = kind == Times.WEEKS_FROM_1950 ? -631_152_000_000L : 1_600_000_000_000L + random.nextInt() * MINUTE;
        time = kind == Times.ALL_OF_TIME ? OpenTime.MIN + random.nextInt(2) : time;
        for (int i = 0; i < size; i++) {
            times[i] = time;
            time += switch (kind) {
                case REGULAR -> MINUTE;
                case GAPS -> MINUTE * (random.nextInt(10) == 0 ? 1 + random.nextInt(100) : 1);
                case DAYLIGHT -> DAY + (i % 180 == 90 ? -MINUTE * 60 : i % 180 == 0 ? MINUTE * 60 : 0);
                case IRREGULAR -> 1 + random.nextInt(1_000_000);
                case WEEKS_FROM_1950 -> 7 * DAY;
                case EVERY_MILLISECOND -> 1;
                case ALL_OF_TIME -> Math.max(1, (OpenTime.MAX - OpenTime.MIN - 2) / size - random.nextInt(5));
            };
        }
        if (kind == Times.ALL_OF_TIME && size > 1) {
            times[size - 1] = OpenTime.MAX;
        }
        return times;
    }

    private long expiry(Lifetimes kind, long written, int row) {
        return switch (kind) {
            case NEVER -> BarRow.NEVER;
            case ONE -> written;
            case ONE_BY_ONE -> written + row * MINUTE + random.nextInt(2_000);
            case GROUPS -> written + row / 50 * 50L * MINUTE;
            case SOME_NEVER -> random.nextInt(3) == 0 ? BarRow.NEVER : written + row / 20;
            case ANY ->
                switch (random.nextInt(4)) {
                    case 0 -> 0;
                    case 1 -> OpenTime.MAX;
                    case 2 -> BarRow.NEVER;
                    default -> random.nextLong() >>> 11;
                };
        };
    }

    private static double rounded(double number, int decimals) {
        double power = Scale.power(decimals);
        return Math.rint(number * power) / power;
    }
}
