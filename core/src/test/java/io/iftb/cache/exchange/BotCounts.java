package io.iftb.cache.exchange;

import java.util.Locale;

/**
 * What bots counted.
 *
 * @param reads reads of a feed
 * @param refused reads that the exchange refused
 * @param failed reads that failed otherwise
 * @param skipped reads that a bot left out because it was told to wait
 * @param wrong reads that gave other closed bars than the exchange has
 */
record BotCounts(long reads, long refused, long failed, long skipped, long wrong) {

    /** How a JVM says them. */
    private static final String LINE = "bots counted ";

    static final BotCounts NONE = new BotCounts(0, 0, 0, 0, 0);

    BotCounts plus(BotCounts others) {
        return new BotCounts(
                reads + others.reads,
                refused + others.refused,
                failed + others.failed,
                skipped + others.skipped,
                wrong + others.wrong);
    }

    String line() {
        return String.format(Locale.ROOT, "%s%d %d %d %d %d", LINE, reads, refused, failed, skipped, wrong);
    }

    static boolean isLine(String text) {
        return text.startsWith(LINE);
    }

    static BotCounts parse(String line) {
        String[] numbers = line.substring(LINE.length()).split(" ", -1);
        return new BotCounts(
                Long.parseLong(numbers[0]),
                Long.parseLong(numbers[1]),
                Long.parseLong(numbers[2]),
                Long.parseLong(numbers[3]),
                Long.parseLong(numbers[4]));
    }
}
