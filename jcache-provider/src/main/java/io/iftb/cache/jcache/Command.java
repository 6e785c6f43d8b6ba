package io.iftb.cache.jcache;

/** The one command of the store that carries out an operation, and what its reply tells of the entry before. */
enum Command {
    GET(Reply.VALUE),
    CONTAINS(Reply.PRESENT),
    PUT(Reply.NOTHING),
    PUT_IF_ABSENT(Reply.ABSENT),
    PUT_IF_PRESENT(Reply.PRESENT),
    GET_AND_PUT(Reply.VALUE),
    GET_AND_PUT_IF_PRESENT(Reply.VALUE),
    REMOVE(Reply.PRESENT),
    GET_AND_REMOVE(Reply.VALUE),
    /** No single command: the entry has to be read, compared and set. */
    COMPARE(Reply.NOTHING);

    private final Reply reply;

    Command(Reply reply) {
        this.reply = reply;
    }

    Reply reply() {
        return reply;
    }

    /** Whether a value is handed out, which counts as a hit or a miss. */
    boolean reads() {
        return reply == Reply.VALUE;
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
}
