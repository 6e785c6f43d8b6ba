package io.iftb.cache.cli;

import java.io.BufferedOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.nio.charset.IllegalCharsetNameException;
import java.nio.charset.UnsupportedCharsetException;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * What a command sees of the world: the environment, its streams, the screen behind them.
 *
 * @param environment environment variables
 * @param out for what was asked for
 * @param err for everything else
 * @param charset what both are written in
 * @param screen what the reader of {@code out} sees
 * @param progress whether the reader of {@code err} wants to watch a progress bar
 */
record Shell(
        Map<String, String> environment,
        PrintStream out,
        PrintStream err,
        Charset charset,
        Screen screen,
        boolean progress) {

    private static final int BUFFER = 1 << 16;

    /** The shell that this process was started from. */
    static Shell ofProcess(StandardOutput output) {
        Charset charset = charsetOfProcess();
        PrintStream out = new PrintStream(new BufferedOutputStream(output, BUFFER), false, charset);
        PrintStream err = new PrintStream(new FileOutputStream(FileDescriptor.err), true, charset);
        Map<String, String> environment = System.getenv();
        return new Shell(
                environment,
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

    /** JDK 17 does not tell in one place what the terminal reads. */
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
