package io.iftb.cache.benchmarks.report;

import java.util.Locale;

/** What a workload does, in words for who reads the report. */
final class WorkloadText {

    private WorkloadText() {}

    /** A sentence; empty for a workload that needs none. */
    static String of(String workload) {
        return switch (plain(workload)) {
            case "latest" -> "The newest bars of one series: the read that the candle store is made for.";
            case "universe" -> "The newest bars of many series at once.";
            case "range" -> "Bars between two times in the middle of a long series.";
            case "upsert" -> "The open bar is written again.";
            case "ingest" -> "A year of one-minute bars is written.";
            case "get" -> "JCache get of one entry.";
            case "put" -> "JCache put of one entry.";
            case "getall" -> "JCache getAll of many entries.";
            case "putall" -> "JCache putAll of many entries.";
            case "invoke" -> "JCache invoke: an entry processor changes one entry.";
            default -> workload.matches("(codec|encode|decode)-.*") ? "Values to bytes and back, with no server." : "";
        };
    }

    /** The name without what differs between the ways to write it: {@code getAll} and {@code get-all} are one. */
    static String plain(String workload) {
        return workload.replace("-", "").toLowerCase(Locale.ROOT);
    }
}
