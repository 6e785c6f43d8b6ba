package io.iftb.cache.cli;

import picocli.CommandLine.Option;

/** The option of every command that prints a result. */
final class JsonOption {

    @Option(names = "--json", description = "Print the result as JSON; see below.")
    private boolean json;

    /** Whether the result is wanted as JSON. */
    boolean isWanted() {
        return json;
    }

    /** Prints a result. */
    static void print(Shell shell, Object document) {
        shell.out().println(Json.line(document));
    }
}
