package io.iftb.cache.benchmarks.workload;

import java.util.Locale;

/** What a contender is asked to do. */
public enum Workload {
    /** the newest bars of a series */
    LATEST(Kind.BARS),
    /** the newest bars of many series */
    UNIVERSE(Kind.BARS),
    /** bars in the middle of a series */
    RANGE(Kind.BARS),
    /** the open bar, written again */
    UPSERT(Kind.BARS),
    /** many bars into a series that is empty */
    INGEST(Kind.BARS),
    /** an entry that is there */
    GET(Kind.ENTRIES),
    /** an entry written again */
    PUT(Kind.ENTRIES),
    /** entries that are there */
    GET_ALL(Kind.ENTRIES),
    /** entries written again */
    PUT_ALL(Kind.ENTRIES),
    /** a processor that reads an entry and writes it */
    INVOKE(Kind.ENTRIES),
    /** the bytes of a ticker */
    ENCODE_TICKER(Kind.CODEC),
    /** a ticker of bytes */
    DECODE_TICKER(Kind.CODEC),
    /** the bytes of a bar */
    ENCODE_BAR(Kind.CODEC),
    /** a bar of bytes */
    DECODE_BAR(Kind.CODEC),
    /** the bytes of bars */
    ENCODE_BARS(Kind.CODEC),
    /** bars of bytes */
    DECODE_BARS(Kind.CODEC);

    /** What a workload works on. */
    public enum Kind {
        /** candles of series */
        BARS,
        /** entries of a cache */
        ENTRIES,
        /** bytes, with no server */
        CODEC
    }

    private final Kind kind;

    Workload(Kind kind) {
        this.kind = kind;
    }

    /** What it works on. */
    public Kind kind() {
        return kind;
    }

    /** Its name in reports, such as {@code get-all}. */
    public String label() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
