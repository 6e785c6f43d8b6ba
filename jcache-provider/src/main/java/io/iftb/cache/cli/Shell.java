package io.iftb.cache.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.stream.Stream;

/**
 * The environment of a command: its variables, its streams and its screen.
 *
 * @param environment environment variables
 * @param in standard input
 * @param out for results
 * @param err for everything else
 * @param charset the encoding of both
 * @param screen the screen that shows {@code out}
 * @param progress whether to show a progress bar on {@code err}
 * @param options what an outer command says of the server, see {@link ServerOptions}; they go before all but the command's own
 */
record Shell(
        Map<String, String> environment,
        InputStream in,
        PrintStream out,
        PrintStream err,
        Charset charset,
        Screen screen,
        boolean progress,
        Properties options) {

    private static final int BUFFER = 1 << 16;

    /** Without an outer command. */
    Shell(
            Map<String, String> environment,
            InputStream in,
            PrintStream out,
            PrintStream err,
            Charset charset,
            Screen screen,
            boolean progress) {
        this(environment, in, out, err, charset, screen, progress, new Properties());
    }

    /** The environment of this process. */
    static Shell ofProcess(StandardOutput output) {
        Charset charset = charsetOfProcess();
        PrintStream out = new PrintStream(new BufferedOutputStream(output, BUFFER), false, charset);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset);
        Map<String, String> environment = System.getenv();
        return new Shell(
                environment,
                // JDK 17 asks a file for its position to read a number of bytes, and a pipe has none
                new BufferedInputStream(new FileInputStream(FileDescriptor.in)),
                out,
                err,
                charset,
                Screen.ofStandardOutput(environment, charset),
                Screen.isTerminal(Screen.STANDARD_ERROR));
    }

    /** The value of an environment variable; empty if it is not set. */
    String variable(String name) {
        return environment.getOrDefault(name, "");
    }

    /** JDK 17 has no single property for the encoding of the terminal. */
    private static Charset charsetOfProcess() {
        return Stream.of("stdout.encoding", "sun.stdout.encoding", "native.encoding")
                .map(System::getProperty)
                .filter(Objects::nonNull)
                .map(Shell::charsetNamed)
                .findFirst()
                .orElseGet(Charset::defaultCharset);
    }

    private static Charset charsetNamed(String name) {
        try {
            return Charset.forName(name);
        } catch (IllegalCharsetNameException | UnsupportedCharsetException e) {
            return Charset.defaultCharset();
        }
    }
}
