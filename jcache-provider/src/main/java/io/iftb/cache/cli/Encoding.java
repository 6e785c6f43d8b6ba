package io.iftb.cache.cli;

import java.util.Map;
import java.util.Objects;

/**
 * The encoding in which the operating system gave this process its arguments and its environment. With {@code LANG=C}, Java
 * replaces every character outside ASCII by the same one, so that different symbols would become the same series.
 */
final class Encoding {

    private static final char REPLACEMENT = '\uFFFD';
    private static final String OURS = "IFTB_CACHE_";

    private Encoding() {}

    /**
     * Refuses arguments and settings that were not decoded.
     *
     * @throws CommandFailure if there is one; the message names it and the remedy
     */
    static void requireDecoded(Shell shell, String... args) {
        for (int i = 0; i < args.length; i++) {
            require(args[i], "argument " + (i + 1));
        }
        for (Map.Entry<String, String> variable : shell.environment().entrySet()) {
            if (variable.getKey().startsWith(OURS)) {
                require(variable.getValue(), "the environment variable " + variable.getKey());
            }
        }
    }

    private static void require(String text, String what) {
        if (text.indexOf(REPLACEMENT) >= 0) {
            throw CommandFailure.wrongUsage(what + " has characters that cannot be decoded in "
                    + Objects.requireNonNullElse(System.getProperty("sun.jnu.encoding"), "this encoding")
                    + ", the encoding of this terminal; set LC_ALL=C.UTF-8 and run it again");
        }
    }
}
