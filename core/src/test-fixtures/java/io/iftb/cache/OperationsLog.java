package io.iftb.cache;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.Field;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Captures the lines of the logger of operations while it is open, at DEBUG. The logger of the tests writes to {@code System.err}. */
public final class OperationsLog implements AutoCloseable {

    private static final String NAME = "io.iftb.cache.operations";
    private static final int DEBUG = 10; // of SimpleLogger

    private final PrintStream before = System.err;
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final Logger logger = LoggerFactory.getLogger(NAME);
    private final int level;

    public OperationsLog() {
        System.setErr(new PrintStream(bytes, true, StandardCharsets.UTF_8));
        level = level(DEBUG);
    }

    private int level(int other) {
        try {
            Field field = logger.getClass().getDeclaredField("currentLogLevel");
            field.setAccessible(true);
            int now = field.getInt(logger);
            field.setInt(logger, other);
            return now;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The lines so far, from the first key on. */
    public List<String> lines() {
        return bytes.toString(StandardCharsets.UTF_8)
                .lines()
                .filter(line -> line.contains(NAME) || line.contains("operations"))
                .map(line -> line.substring(Math.max(0, line.indexOf("cache="))))
                .toList();
    }

    @Override
    public void close() {
        int unused = level(level);
        System.setErr(before);
    }
}
