package io.iftb.cache.benchmarks.scale;

/**
 * Bots and their series.
 *
 * @param bots how many JVMs read
 * @param series how many series there are
 * @param seriesOfBot how many of them each bot reads
 * @param reads how often a second a bot reads the newest 100 bars of each of its series
 * @param writes how often a second the open bar of each series is written
 * @param bars how many bars of each series are kept
 * @param reading where the bots read
 */
public record Fleet(int bots, int series, int seriesOfBot, double reads, double writes, long bars, Reading reading) {

    private static final int MOST_COPIES = 50_000_000;

    public Fleet {
        if (bots < 0 || series < 1 || seriesOfBot < 1 || seriesOfBot > series) {
            throw new IllegalArgumentException("a fleet of " + bots + " bots with " + seriesOfBot + " of " + series
                    + " series; a bot reads at least one of the series, and at most all");
        }
        if (!isRate(reads) || !isRate(writes) || bars < 0) {
            throw new IllegalArgumentException("a fleet with " + reads + " reads and " + writes
                    + " writes a second and " + bars + " bars; reads and writes must be positive and finite");
        }
    }

    private static boolean isRate(double rate) {
        return rate > 0 && Double.isFinite(rate);
    }

    /** The same with another number of bots. */
    public Fleet withBots(int number) {
        return new Fleet(number, series, seriesOfBot, reads, writes, bars, reading);
    }

    /**
     * How many series of bots there are, each counted for each bot.
     *
     * @throws IllegalArgumentException if they are too many for a simulation
     */
    int copies() {
        long copies = (long) bots * seriesOfBot;
        if (copies > MOST_COPIES) {
            throw new IllegalArgumentException("a simulation of " + bots + " bots with " + seriesOfBot
                    + " series each; at most " + MOST_COPIES + " series of all bots can be simulated");
        }
        return (int) copies;
    }
}
