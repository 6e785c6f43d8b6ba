package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A value that is made of files, of which one cannot be used for a while. */
class FromFilesTest {

    @TempDir
    private Path folder;

    private boolean mayRead = true;

    /** Such as by {@code chmod} after the file, which changes neither its time nor its size. */
    @Test
    void get_theRightToReadComesLater_hasTheNewValue() throws IOException {
        Path file = Files.writeString(folder.resolve("key.pem"), "old");
        FromFiles<String> value = new FromFiles<>(List.of(file), () -> read(file));
        mayRead = false;
        Files.writeString(file, "replaced");
        assertThat(value.get()).isEqualTo("old");
        assertThat(value.get()).isEqualTo("old");
        assertThat(value.version()).isZero();

        mayRead = true;

        assertThat(value.get()).isEqualTo("replaced");
        assertThat(value.version()).isOne();
        assertThat(value.version()).isOne();
    }

    private String read(Path file) {
        if (!mayRead) {
            throw new IllegalArgumentException("file '" + file + "' cannot be read");
        }
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
