package io.iftb.cache.jcache;

/** The one command of the store that carries out an operation, and what its reply tells of the entry before. */
enum OperationKind {
    GET(ReplyContent.VALUE, Lookup.COUNTED),
    CONTAINS(ReplyContent.PRESENT, Lookup.NOT_COUNTED),
    PUT(ReplyContent.NOTHING, Lookup.NOT_COUNTED),
    PUT_IF_ABSENT(ReplyContent.ABSENT, Lookup.COUNTED),
    PUT_IF_PRESENT(ReplyContent.PRESENT, Lookup.COUNTED),
    GET_AND_PUT(ReplyContent.VALUE, Lookup.COUNTED),
    GET_AND_PUT_IF_PRESENT(ReplyContent.VALUE, Lookup.COUNTED),
    REMOVE(ReplyContent.PRESENT, Lookup.NOT_COUNTED),
    GET_AND_REMOVE(ReplyContent.VALUE, Lookup.COUNTED),
    /** No single command: the entry has to be read, compared or processed, and set. */
    COMPARE(ReplyContent.NOTHING, Lookup.COUNTED),
    /** No single command: what was loaded is stored after a look at the entry, and is no use of the cache. */
    LOAD(ReplyContent.NOTHING, Lookup.NOT_COUNTED);

    private final ReplyContent reply;
    private final Lookup lookup;

    OperationKind(ReplyContent reply, Lookup lookup) {
        this.reply = reply;
        this.lookup = lookup;
    }

    ReplyContent reply() {
        return reply;
    }

    /** Whether a value is handed out. */
    boolean reads() {
        return reply == ReplyContent.VALUE;
    }

    /** Whether the entry stays as it is but for its lifetime. */
    boolean leaves() {
        return this == GET || this == CONTAINS;
    }

    /** Whether code of the user decides, which may take its time. */
    boolean runsUserCode() {
        return this == COMPARE || this == LOAD;
    }

    /** Whether the statistics count a hit or a miss. */
    boolean isLookup() {
        return lookup == Lookup.COUNTED;
    }

    /** Whether what was seen of the entry is a hit. */
    boolean isHit(EntryView<?> view) {
        return reads() ? view.value() != null : view.present();
    }

    /** What a reply tells of the entry before. */
    enum ReplyContent {
        /** its bytes, null if there was none */
        VALUE,
        /** whether there was one */
        PRESENT,
        /** whether there was none */
        ABSENT,
        /** nothing that matters */
        NOTHING
    }

    /** Whether the statistics of JSR-107 count the operation as a hit or a miss. */
    private enum Lookup {
        COUNTED,
        NOT_COUNTED
    }
}
