package io.iftb.cache.cli;

import java.util.Arrays;
import java.util.Locale;

/** The latency of a call, measured sequentially in one thread. */
final class ScanLatency {

    private static final double NANOS_PER_MICRO = 1e3;

    private final long[] nanos;

    /** @param nanos the time of each call, sorted */
    private ScanLatency(long[] nanos) {
        this.nanos = nanos;
    }

    /** Measures a number of calls after a number of warm-up calls. */
    static ScanLatency of(int warmUp, int calls, Runnable call) {
        for (int i = 0; i < warmUp; i++) {
            call.run();
        }
        long[] nanos = new long[calls];
        for (int i = 0; i < calls; i++) {
            long start = System.nanoTime();
            call.run();
            nanos[i] = System.nanoTime() - start;
        }
        Arrays.sort(nanos);
        return new ScanLatency(nanos);
    }

    /** A percentile of the latency, 0 to 1, in microseconds. */
    double micros(double share) {
        int rank = (int) Math.ceil(share * nanos.length);
        return nanos[Math.max(0, rank - 1)] / NANOS_PER_MICRO;
    }

    @Override
    public String toString() {
        return String.format(
                Locale.ROOT,
                "p50 %,.0f µs, p99 %,.0f µs, slowest %,.0f µs of %,d calls",
                micros(0.5),
                micros(0.99),
                micros(1),
                nanos.length);
    }
}
