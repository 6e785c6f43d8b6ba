package io.iftb.cache.cli;

/** What the process ends with. */
final class ExitStatus {

    /** Done. */
    static final int DONE = 0;

    /** The server cannot be reached, refused, or something broke that nobody foresaw. */
    static final int SERVER_TROUBLE = 1;

    /** The command line, or a file that it names, is not what the command takes. Nothing was changed. */
    static final int WRONG_USAGE = 2;

    /** A part of the input was refused; the rest went in. */
    static final int PARTLY_REFUSED = 3;

    private ExitStatus() {}
}
