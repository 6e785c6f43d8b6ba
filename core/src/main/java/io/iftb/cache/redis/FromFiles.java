package io.iftb.cache.redis;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A value that is made of files, and made anew when one of them has changed. If that fails, the value before stays. Safe for
 * use by several threads.
 *
 * @param <T> the value
 */
final class FromFiles<T> {

    private static final Logger LOG = LoggerFactory.getLogger(FromFiles.class);

    private final List<Path> files;
    private final Supplier<T> maker;
    private volatile T value;
    private List<String> seen;
    private boolean failed;
    private int version;

    /** @param maker makes the value; what it throws the first time is thrown */
    FromFiles(List<Path> files, Supplier<T> maker) {
        this.files = files;
        this.maker = maker;
        this.seen = look();
        this.value = maker.get();
    }

    /** The value of the files as they are now. */
    T get() {
        var unused = version();
        return value;
    }

    /** Looks at the files; returns how often the value has changed. */
    synchronized int version() {
        List<String> now = look();
        boolean hasChanged = !now.equals(seen);
        if (hasChanged || failed) { // the right to read a file may come after it, which does not show
            seen = now;
            try {
                value = maker.get();
                version++;
                failed = false;
            } catch (RuntimeException e) {
                failed = true;
                if (hasChanged) {
                    LOG.warn("What was read before stays in use: {}", e.getMessage());
                }
            }
        }
        return version;
    }

    private List<String> look() {
        List<String> states = new ArrayList<>();
        for (Path file : files) {
            try {
                BasicFileAttributes state = Files.readAttributes(file, BasicFileAttributes.class);
                states.add(state.lastModifiedTime() + " " + state.size() + " " + state.fileKey());
            } catch (IOException e) {
                states.add("missing");
            }
        }
        return states;
    }
}
