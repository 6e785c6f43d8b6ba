package io.iftb.cache.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** A file whose first line is a password. */
final class PasswordFile {

    private PasswordFile() {}

    /** @throws IllegalArgumentException if the file cannot be read or its first line is empty */
    static char[] read(Path file) {
        try (var lines = Files.lines(file)) {
            return lines.findFirst()
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() -> new IllegalArgumentException(
                            "password file '" + file + "' has no first line; write the password there"))
                    .toCharArray();
        } catch (IOException | UncheckedIOException e) {
            throw new IllegalArgumentException(
                    "password file '" + file + "' cannot be read; check its path and its rights", e);
        }
    }
}
