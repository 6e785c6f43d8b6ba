package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.Keys;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** The keys of one of our series on the server. */
record StoredSeries(BenchmarkServer server, SeriesKey series) {

    /** Rows of a head that is not sealed any further. */
    static final int HEAD_MAX_ROWS = 2_046;

    private static final Keys KEYS = new Keys(Contender.IFTB_TCP.label());
    private static final long SETTLED_NANOS = Duration.ofMillis(100).toNanos();
    private static final long PATIENCE_NANOS = Duration.ofSeconds(20).toNanos();

    /** The rows of the head; the mark in front of them is shorter than one. */
    int headRows() {
        return (int) ((Long) server.call("STRLEN", KEYS.head(series)) / BarRow.ROW_BYTES);
    }

    int pages() {
        return server.keys(pagePattern()).size();
    }

    /** The bytes of all pages. */
    long pageBytes() {
        return server.sum(pagePattern(), key -> new Object[] {"STRLEN", key});
    }

    private String pagePattern() {
        return KEYS.pagePrefix(series) + "[0-9]*";
    }

    /** Its keys, as scripts get them, and the prefix of its pages. */
    Object[] keysOfScripts() {
        return new Object[] {KEYS.head(series), KEYS.index(series), KEYS.formerIndex(series), KEYS.pagePrefix(series)};
    }

    /** Waits until nothing is sealed any more. */
    void settle() {
        long start = System.nanoTime();
        long since = start;
        long before = -1;
        for (long now = start; now - start < PATIENCE_NANOS; now = System.nanoTime()) {
            long state = headRows() * 1_000L + pages();
            if (state != before) {
                since = now;
                before = state;
            }
            if (now - since > SETTLED_NANOS && headRows() <= HEAD_MAX_ROWS) {
                return;
            }
            LockSupport.parkNanos(SETTLED_NANOS / 10);
        }
        throw new IllegalStateException("The head of " + series + " is not sealed.");
    }
}
