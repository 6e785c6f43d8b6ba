package io.iftb.cache.benchmarks.workload;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An operation that contenders carry out. */
public enum Workload {
    LATEST(Subject.BARS, "The newest bars of one series: the read that the candle store is made for."),
    UNIVERSE(Subject.BARS, "The newest bars of many series in one call."),
    RANGE(Subject.BARS, "Bars between two times in the middle of a long series."),
    UPSERT(Subject.BARS, "The open bar, written again."),
    INGEST(Subject.BARS, "Many bars, written to an empty series."),
    BARS(Subject.BARS, "Single bars in the middle of a long series, read by their open times in one call."),
    BACKFILL(Subject.BARS, "Bars that were missing in the middle of a long series, written in one call."),
    LATE(Subject.BARS, "One bar in the middle of a long series, written again; another one of 100 each time."),
    GET(Subject.ENTRIES, "JCache get of one entry that exists."),
    PUT(Subject.ENTRIES, "JCache put of one entry that exists."),
    GET_ALL(Subject.ENTRIES, "JCache getAll of entries that exist."),
    PUT_ALL(Subject.ENTRIES, "JCache putAll of entries that exist."),
    INVOKE(Subject.ENTRIES, "JCache invoke: an entry processor reads and changes one entry."),
    NEAR_GET(Subject.NEAR_ENTRIES, "A get of an entry that this JVM holds; the keys take turns."),
    NEAR_LATEST(Subject.NEAR_BARS, "The newest bars of a series that this JVM holds; the series take turns."),
    NEAR_UNIVERSE(Subject.NEAR_BARS, "The newest bars of many series that this JVM holds, in one call."),
    ENCODE_TICKER(Subject.CODEC, "A ticker to bytes, without a server."),
    DECODE_TICKER(Subject.CODEC, "Bytes to a ticker, without a server."),
    ENCODE_BAR(Subject.CODEC, "A bar to bytes, without a server."),
    DECODE_BAR(Subject.CODEC, "Bytes to a bar, without a server."),
    ENCODE_BARS(Subject.CODEC, "Bars to bytes, without a server."),
    DECODE_BARS(Subject.CODEC, "Bytes to bars, without a server.");

    /** What workloads measure. */
    public enum Subject {
        /** bars of series */
        BARS,
        /** entries of a cache */
        ENTRIES,
        /** bars of series that this JVM holds */
        NEAR_BARS,
        /** entries of a cache that this JVM holds */
        NEAR_ENTRIES,
        /** bytes, without a server */
        CODEC
    }

    private final Subject subject;
    private final String description;

    Workload(Subject subject, String description) {
        this.subject = subject;
        this.description = description;
    }

    /** What it measures. */
    public Subject subject() {
        return subject;
    }

    /** One sentence for the report. */
    public String description() {
        return description;
    }

    /** Its name in results, such as {@code get-all}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The workload with a name in results; empty for one of another version. */
    public static Optional<Workload> labelled(String label) {
        return Arrays.stream(values())
                .filter(each -> each.label().equals(label))
                .findFirst();
    }
}
