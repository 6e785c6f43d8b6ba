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
     * Bars, in calls of milliseconds.
     *
     * @param longSeries bars of a series with a range in its middle
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

    /** A year of bars at once. */
    static Load year() {
        return Load.of(Workload.INGEST, Map.of("bars", YEAR_OF_MINUTES));
    }

    /** The scan and the simple operations by four threads. */
    static List<Load> threads() {
        return List.of(
                Load.of(Workload.LATEST, Map.of("limit", 100, "bars", STORED_BARS))
                        .threads(4),
                Load.of(Workload.GET, Map.of()).threads(4),
                Load.of(Workload.PUT, Map.of()).threads(4));
    }

    /** The scan among more and more keys of others, and of series that are longer and longer. */
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

    /** Bytes alone. */
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
