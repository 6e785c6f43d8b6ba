package io.iftb.cache.exchange;

/** How the answer to a request goes wrong on its way. */
public enum Fault {
    /** It does not. */
    NONE,
    /** Status 500. */
    ERROR,
    /** The connection closes in the middle of the body. */
    CUT,
    /** The body stops in the middle, and the connection stays open. */
    STALLED,
    /** No answer comes, and the connection stays open. */
    SILENT
}
