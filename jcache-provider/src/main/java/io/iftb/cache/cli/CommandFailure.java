package io.iftb.cache.cli;

/** Ends a command with a sentence for the user and an exit status. */
final class CommandFailure extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int exitStatus;

    private CommandFailure(int exitStatus, String sentence) {
        super(sentence);
        this.exitStatus = exitStatus;
    }

    /** The command line, or a file that it names, is invalid. */
    static CommandFailure wrongUsage(String sentence) {
        return new CommandFailure(ExitStatus.WRONG_USAGE, sentence);
    }

    /** The server or the machine failed, or what the command is for is not there. */
    static CommandFailure trouble(String sentence) {
        return new CommandFailure(ExitStatus.TROUBLE, sentence);
    }

    int exitStatus() {
        return exitStatus;
    }
}
