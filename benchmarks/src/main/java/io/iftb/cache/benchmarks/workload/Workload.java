package io.iftb.cache.benchmarks.workload;

import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;

/** An operation that contenders carry out. */
public enum Workload {
    LATEST(Kind.BARS, "The newest bars of one series: the read that the candle store is made for."),
    UNIVERSE(Kind.BARS, "The newest bars of many series in one call."),
    RANGE(Kind.BARS, "Bars between two times in the middle of a long series."),
    UPSERT(Kind.BARS, "The open bar, written again."),
    INGEST(Kind.BARS, "Many bars, written to an empty series."),
    GET(Kind.ENTRIES, "JCache get of one entry that exists."),
    PUT(Kind.ENTRIES, "JCache put of one entry that exists."),
    GET_ALL(Kind.ENTRIES, "JCache getAll of entries that exist."),
    PUT_ALL(Kind.ENTRIES, "JCache putAll of entries that exist."),
    INVOKE(Kind.ENTRIES, "JCache invoke: an entry processor reads and changes one entry."),
    ENCODE_TICKER(Kind.CODEC, "A ticker to bytes, without a server."),
    DECODE_TICKER(Kind.CODEC, "Bytes to a ticker, without a server."),
    ENCODE_BAR(Kind.CODEC, "A bar to bytes, without a server."),
    DECODE_BAR(Kind.CODEC, "Bytes to a bar, without a server."),
    ENCODE_BARS(Kind.CODEC, "Bars to bytes, without a server."),
    DECODE_BARS(Kind.CODEC, "Bytes to bars, without a server.");

    /** The kind of data that a workload uses. */
    public enum Kind {
        /** bars of series */
        BARS,
        /** entries of a cache */
        ENTRIES,
        /** bytes, without a server */
        CODEC
    }

    private final Kind kind;
    private final String description;

    Workload(Kind kind, String description) {
        this.kind = kind;
        this.description = description;
    }

    /** The kind of data that it uses. */
    public Kind kind() {
        return kind;
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
