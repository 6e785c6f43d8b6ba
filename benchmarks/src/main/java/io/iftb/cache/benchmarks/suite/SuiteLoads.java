package io.iftb.cache.benchmarks.suite;

import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The loads of the suites. */
final class SuiteLoads {

    private static final int MILLION = 1_000_000;
    private static final int STORED_BARS = 10_000;
    private static final int LONG_SERIES = 100_000;
    private static final int YEAR_OF_MINUTES = 525_600;

    private SuiteLoads() {}

    /** Entries of a cache. */
    static List<Load> entries() {
        return List.of(
                Load.of(Workload.GET_ALL, Map.of("keys", 100)),
                Load.of(Workload.PUT_ALL, Map.of("keys", 100)),
                Load.of(Workload.INVOKE, Map.of()),
                Load.of(Workload.GET, Map.of()),
                Load.of(Workload.PUT, Map.of()));
    }

    /**
     * Bars, in calls that take at most some milliseconds.
     *
     * @param longSeries the number of bars of the series for range
     */
    static List<Load> bars(int longSeries) {
        List<Load> loads = new ArrayList<>();
        for (int limit : new int[] {1, 100, 500, 5_000}) {
            loads.add(Load.of(Workload.LATEST, Map.of("limit", limit, "bars", STORED_BARS)));
        }
        loads.add(Load.of(Workload.UPSERT, Map.of("bars", STORED_BARS)));
        loads.add(Load.of(Workload.INGEST, Map.of("bars", STORED_BARS)));
        loads.add(Load.of(Workload.UNIVERSE, Map.of("series", 500, "bars", 200, "limit", 100)));
        loads.add(Load.of(Workload.RANGE, Map.of("bars", longSeries, "limit", 1_000)));
        return loads;
    }

    /** Bars written to the middle of a long series, one by one. */
    static Load late() {
        return Load.of(Workload.LATE, Map.of("bars", LONG_SERIES));
    }

    /** Other bars in the middle of a long series: side by side, far from each other, and missing ones. */
    static List<Load> history() {
        return List.of(
                Load.of(Workload.BARS, Map.of("bars", LONG_SERIES, "limit", 100, "step", 1)),
                Load.of(Workload.BARS, Map.of("bars", LONG_SERIES, "limit", 100, "step", 900)),
                Load.of(Workload.BACKFILL, Map.of("bars", LONG_SERIES, "limit", 1_000)));
    }

    /** A year of one-minute bars in one call. */
    static Load year() {
        return Load.of(Workload.INGEST, Map.of("bars", YEAR_OF_MINUTES));
    }

    /** The scan and single operations with four threads. */
    static List<Load> threads() {
        return List.of(
                Load.of(Workload.LATEST, Map.of("limit", 100, "bars", STORED_BARS))
                        .threads(4),
                Load.of(Workload.GET, Map.of()).threads(4),
                Load.of(Workload.PUT, Map.of()).threads(4));
    }

    /** The scan with growing numbers of foreign keys, and of bars. */
    static List<Load> growth() {
        List<Load> loads = new ArrayList<>();
        for (int size = 1_000; size <= MILLION; size *= 10) {
            loads.add(Load.of(Workload.LATEST, Map.of("limit", 100, "bars", 1_000, "foreignKeys", size)));
        }
        for (int size = 1_000; size <= MILLION; size *= 10) {
            loads.add(Load.of(Workload.LATEST, Map.of("limit", 100, "bars", size, "foreignKeys", 0)));
        }
        return loads;
    }

    /** What this JVM holds. */
    static List<Load> near() {
        return List.of(
                Load.of(Workload.NEAR_GET, Map.of("keys", 100)),
                Load.of(Workload.NEAR_LATEST, Map.of("series", 100, "bars", 200, "limit", 100)),
                Load.of(Workload.NEAR_UNIVERSE, Map.of("series", 500, "bars", 200, "limit", 100)));
    }

    /** Codecs. */
    static List<Load> codecs() {
        return List.of(
                Load.of(Workload.ENCODE_TICKER, Map.of()),
                Load.of(Workload.DECODE_TICKER, Map.of()),
                Load.of(Workload.ENCODE_BAR, Map.of()),
                Load.of(Workload.DECODE_BAR, Map.of()),
                Load.of(Workload.ENCODE_BARS, Map.of("bars", 100)),
                Load.of(Workload.DECODE_BARS, Map.of("bars", 100)));
    }
}
