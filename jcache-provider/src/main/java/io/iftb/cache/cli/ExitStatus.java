package io.iftb.cache.cli;

/** The exit status of the process. */
final class ExitStatus {

    /** Done. */
    static final int DONE = 0;

    /**
     * The server cannot be reached or refused a command, what the command is for is not there, or an unexpected error
     * occurred.
     */
    static final int TROUBLE = 1;

    /** The command line, or a file that it names, is invalid. Nothing was changed. */
    static final int WRONG_USAGE = 2;

    /** Part of the input was refused; the rest was stored. */
    static final int PARTLY_REFUSED = 3;

    private ExitStatus() {}
}
