package io.iftb.cache.cli;

import java.io.Console;
import java.io.IOException;
import java.io.InputStream;
import java.lang.ProcessBuilder.Redirect;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The capabilities of the terminal that shows the output.
 *
 * @param width columns
 * @param colour whether it shows colours
 * @param unicode whether it shows box drawing characters and blocks
 */
record Screen(int width, boolean colour, boolean unicode) {

    /** The defaults if nothing is known. */
    static final int DEFAULT_WIDTH = 80;

    /** The file descriptor of standard input. */
    static final int STANDARD_INPUT = 0;

    /** The file descriptor of standard output. */
    static final int STANDARD_OUTPUT = 1;

    /** The file descriptor of standard error. */
    static final int STANDARD_ERROR = 2;

    private static final int LEAST_WIDTH = 20;
    private static final int MOST_WIDTH = 500;
    private static final String SAMPLES = "┃╽░█▁┤·…▲";
    private static final Pattern TERMINAL_FILE = Pattern.compile("/dev/(pts/.*|tty.*|console)");
    private static final Pattern STTY_SIZE = Pattern.compile("\\s*[0-9]+ ([0-9]{1,4})\\s*");
    private static final long STTY_TIMEOUT_MILLIS = 500;

    /**
     * The screen behind standard output.
     *
     * @param environment where {@code COLUMNS}, {@code NO_COLOR}, {@code CLICOLOR_FORCE} and {@code TERM} are looked up
     * @param charset the encoding of the output
     */
    static Screen ofStandardOutput(Map<String, String> environment, Charset charset) {
        boolean terminal = isTerminal(STANDARD_OUTPUT);
        return new Screen(width(environment, terminal), colour(environment, terminal), unicode(charset));
    }

    /** Whether a standard stream is a terminal. */
    static boolean isTerminal(int descriptor) {
        Path link = Path.of("/proc/self/fd/" + descriptor);
        if (Files.isSymbolicLink(link)) {
            try {
                return TERMINAL_FILE
                        .matcher(Files.readSymbolicLink(link).toString())
                        .matches();
            } catch (IOException e) {
                return false;
            }
        }
        return hasConsole();
    }

    /** Whether a charset can encode the characters of the charts. */
    static boolean unicode(Charset charset) {
        return charset.canEncode() && charset.newEncoder().canEncode(SAMPLES);
    }

    static boolean colour(Map<String, String> environment, boolean terminal) {
        if (!environment.getOrDefault("NO_COLOR", "").isEmpty()) {
            return false;
        }
        if (!environment.getOrDefault("CLICOLOR_FORCE", "").matches("0?")) {
            return true;
        }
        return terminal && !environment.getOrDefault("TERM", "").equals("dumb");
    }

    static int width(Map<String, String> environment, boolean terminal) {
        String columns = environment.getOrDefault("COLUMNS", "");
        if (columns.matches("[0-9]{1,4}") && Integer.parseInt(columns) > 0) {
            return bounded(Integer.parseInt(columns));
        }
        return terminal ? bounded(widthOfTerminal()) : DEFAULT_WIDTH;
    }

    private static int bounded(int width) {
        return Math.max(LEAST_WIDTH, Math.min(width, MOST_WIDTH));
    }

    private static int widthOfTerminal() {
        try {
            Process stty = new ProcessBuilder("stty", "size")
                    .redirectInput(Path.of("/dev/tty").toFile())
                    .redirectError(Redirect.DISCARD)
                    .start();
            try (InputStream output = stty.getInputStream()) {
                if (!stty.waitFor(STTY_TIMEOUT_MILLIS, TimeUnit.MILLISECONDS)) {
                    stty.destroyForcibly();
                    return DEFAULT_WIDTH;
                }
                Matcher size = STTY_SIZE.matcher(new String(output.readAllBytes(), StandardCharsets.US_ASCII));
                return size.matches() && !size.group(1).equals("0") ? Integer.parseInt(size.group(1)) : DEFAULT_WIDTH;
            }
        } catch (IOException e) {
            return DEFAULT_WIDTH;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return DEFAULT_WIDTH;
        }
    }

    /** Since JDK 22 there is a console without a terminal too. A method that JDK 17 does not have distinguishes them. */
    @SuppressWarnings("SystemConsoleNull") // so it is on 17, and we know about later
    private static boolean hasConsole() {
        Console console = System.console();
        if (console == null) {
            return false;
        }
        try {
            return (boolean) Console.class.getMethod("isTerminal").invoke(console);
        } catch (ReflectiveOperationException e) {
            return true;
        }
    }
}
