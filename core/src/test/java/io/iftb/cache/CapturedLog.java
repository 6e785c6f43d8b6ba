package io.iftb.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.List;

/** Captures what this JVM logs, in any thread, while it is open. The logger of the tests writes to {@code System.err}. */
public final class CapturedLog implements AutoCloseable {

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    public CapturedLog() {
        System.setErr(new PrintStream(bytes, true, UTF_8));
    }

    /** Everything that was logged. */
    public String text() {
        return bytes.toString(UTF_8);
    }

    /** The lines of a level, such as {@code WARN}. */
    public List<String> lines(String level) {
        return text().lines().filter(line -> line.contains("] " + level + " ")).toList();
    }

    @Override
    public void close() {
        System.setErr(before);
        before.print(text());
    }
}
