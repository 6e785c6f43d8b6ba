package io.iftb.cache.jcache;

/** The single command of the store for an operation, and what its reply contains. */
enum OperationKind {
    GET("get", ReplyContent.VALUE, Lookup.COUNTED),
    CONTAINS("containsKey", ReplyContent.PRESENT, Lookup.NOT_COUNTED),
    PUT("put", ReplyContent.NOTHING, Lookup.NOT_COUNTED),
    PUT_IF_ABSENT("putIfAbsent", ReplyContent.ABSENT, Lookup.COUNTED),
    PUT_IF_PRESENT("replace", ReplyContent.PRESENT, Lookup.COUNTED),
    GET_AND_PUT("getAndPut", ReplyContent.VALUE, Lookup.COUNTED),
    GET_AND_PUT_IF_PRESENT("getAndReplace", ReplyContent.VALUE, Lookup.COUNTED),
    REMOVE("remove", ReplyContent.PRESENT, Lookup.NOT_COUNTED),
    GET_AND_REMOVE("getAndRemove", ReplyContent.VALUE, Lookup.COUNTED),
    /** No single command: the entry is read, compared or processed, and set. */
    COMPARE("invoke", ReplyContent.NOTHING, Lookup.COUNTED),
    /** No single command: a loaded value is stored after a read of the entry. Not counted as use of the cache. */
    LOAD("load", ReplyContent.NOTHING, Lookup.NOT_COUNTED);

    private final String method;
    private final ReplyContent reply;
    private final Lookup lookup;

    OperationKind(String method, ReplyContent reply, Lookup lookup) {
        this.method = method;
        this.reply = reply;
        this.lookup = lookup;
    }

    /** The method of the cache that it is for. */
    String method() {
        return method;
    }

    ReplyContent reply() {
        return reply;
    }

    /** Whether the result contains a value of the entry. */
    boolean reads() {
        return reply == ReplyContent.VALUE;
    }

    /** Whether the value of the entry decides, or is the result, so that it must be readable before the entry may change. */
    boolean needsValue() {
        return this == COMPARE || getsAndChanges();
    }

    /** Whether the result is the value before a change. */
    boolean getsAndChanges() {
        return this == GET_AND_PUT || this == GET_AND_PUT_IF_PRESENT || this == GET_AND_REMOVE;
    }

    /** Whether the entry does not change, except for its lifetime. */
    boolean leaves() {
        return this == GET || this == CONTAINS;
    }

    /** Whether it can be carried out without the server, where reads miss and writes are dropped in an outage. */
    boolean canMiss() {
        return leaves() || this == PUT || this == REMOVE || this == LOAD;
    }

    /** Whether it runs user code, which may be slow. */
    boolean runsUserCode() {
        return this == COMPARE || this == LOAD;
    }

    /** Whether the statistics count a hit or a miss. */
    boolean isLookup() {
        return lookup == Lookup.COUNTED;
    }

    /** Whether the view of the entry counts as a hit. */
    boolean isHit(EntryView<?> view) {
        return reads() ? view.value() != null : view.present();
    }

    /** What a reply says about the entry before the operation. */
    enum ReplyContent {
        /** the bytes of the entry; null if there was none */
        VALUE,
        /** whether the entry existed */
        PRESENT,
        /** whether the entry did not exist */
        ABSENT,
        /** nothing */
        NOTHING
    }

    /** Whether the statistics of JSR-107 count the operation as a hit or a miss. */
    private enum Lookup {
        COUNTED,
        NOT_COUNTED
    }
}
