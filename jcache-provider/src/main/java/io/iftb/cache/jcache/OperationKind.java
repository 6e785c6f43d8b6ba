package io.iftb.cache.jcache;

/** The one command of the store that carries out an operation, and what its reply tells of the entry before. */
enum OperationKind {
    GET(Reply.VALUE, Lookup.COUNTED),
    CONTAINS(Reply.PRESENT, Lookup.NOT_COUNTED),
    PUT(Reply.NOTHING, Lookup.NOT_COUNTED),
    PUT_IF_ABSENT(Reply.ABSENT, Lookup.COUNTED),
    PUT_IF_PRESENT(Reply.PRESENT, Lookup.COUNTED),
    GET_AND_PUT(Reply.VALUE, Lookup.COUNTED),
    GET_AND_PUT_IF_PRESENT(Reply.VALUE, Lookup.COUNTED),
    REMOVE(Reply.PRESENT, Lookup.NOT_COUNTED),
    GET_AND_REMOVE(Reply.VALUE, Lookup.COUNTED),
    /** No single command: the entry has to be read, compared or processed, and set. */
    COMPARE(Reply.NOTHING, Lookup.COUNTED),
    /** No single command: what was loaded is stored after a look at the entry, and is no use of the cache. */
    LOAD(Reply.NOTHING, Lookup.NOT_COUNTED);

    private final Reply reply;
    private final Lookup lookup;

    OperationKind(Reply reply, Lookup lookup) {
        this.reply = reply;
        this.lookup = lookup;
    }

    Reply reply() {
        return reply;
    }

    /** Whether a value is handed out. */
    boolean reads() {
        return reply == Reply.VALUE;
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
    boolean isHit(EntryView<?> seen) {
        return reads() ? seen.value() != null : seen.present();
    }

    /** What a reply tells of the entry before. */
    enum Reply {
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
