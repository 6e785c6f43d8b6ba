package io.iftb.cache.cli;

import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.Closeable;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.Reader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/**
 * What bars are read from: a file, or standard input. It is read twice, so what is not a regular file is first copied into a
 * temporary one: its start when this is made, the rest by {@link #keepRest}, once the start has been understood.
 */
final class ImportSource implements Closeable {

    /** The name of standard input in place of a file. */
    static final String STANDARD_INPUT = "-";

    private static final int START = 1 << 17;
    private static final int BUFFER = 1 << 16;
    private static final char BYTE_ORDER_MARK = '\uFEFF';

    private final String name;
    private final Path content;
    private final @Nullable InputStream rest;

    private ImportSource(String name, Path content, @Nullable InputStream rest) {
        this.name = name;
        this.content = content;
        this.rest = rest;
    }

    /**
     * Opens a source.
     *
     * @param file a path, or {@code -} for standard input
     * @throws CommandFailure if there is no such file, or it cannot be read
     */
    static ImportSource open(Path file, InputStream standardInput) {
        String name = isStandardInput(file) ? "standard input" : file.toString();
        try {
            if (isStandardInput(file)) {
                return copied(name, standardInput);
            }
            requireFile(file);
            return Files.isRegularFile(file)
                    ? new ImportSource(name, file, null)
                    : copied(name, new FileInputStream(file.toFile()));
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    /**
     * Checks a path before it is read.
     *
     * @throws CommandFailure if there is nothing, or a folder
     */
    static void requireFile(Path file) {
        if (!isStandardInput(file) && !Files.exists(file)) {
            throw CommandFailure.wrongUsage("there is no file '" + file + "'; give the path of a file of bars");
        }
        if (Files.isDirectory(file)) {
            throw CommandFailure.wrongUsage("'" + file + "' is a folder; give the path of a file of bars");
        }
    }

    /** Whether a path means standard input. */
    static boolean isStandardInput(Path file) {
        return file.toString().equals(STANDARD_INPUT);
    }

    private static ImportSource copied(String name, InputStream unbuffered) throws IOException {
        // streams of files ask a pipe for its position where they read many bytes at once, and fail
        InputStream stream = new BufferedInputStream(unbuffered, BUFFER);
        Path copy;
        try {
            copy = Files.createTempFile("iftb-cache-", ".input");
            copy.toFile().deleteOnExit(); // Ctrl-C ends the JVM
        } catch (IOException e) {
            throw CommandFailure.trouble("no temporary file for " + name + " can be made in '"
                    + System.getProperty("java.io.tmpdir") + "'; make room there, or set -Djava.io.tmpdir");
        }
        ImportSource source = new ImportSource(name, copy, stream);
        try {
            source.keep(stream.readNBytes(START));
            return source;
        } catch (IOException | RuntimeException e) {
            source.close();
            throw e;
        }
    }

    /** The name in messages. */
    String name() {
        return name;
    }

    /** Copies what is left of a stream. */
    void keepRest() {
        if (rest == null) {
            return;
        }
        byte[] buffer = new byte[BUFFER];
        try {
            for (int length = rest.read(buffer); length >= 0; length = rest.read(buffer)) {
                keep(buffer, length);
            }
        } catch (IOException e) {
            throw unreadable(name, e);
        }
    }

    private void keep(byte[] bytes) {
        keep(bytes, bytes.length);
    }

    private void keep(byte[] bytes, int length) {
        try (OutputStream copy = Files.newOutputStream(content, StandardOpenOption.APPEND)) {
            copy.write(bytes, 0, length);
        } catch (IOException e) {
            throw CommandFailure.trouble("the copy of " + name + " cannot be written to '" + content + "' ("
                    + e.getMessage() + "); make room there, or set -Djava.io.tmpdir");
        }
    }

    /** The text from its start, unpacked if its first bytes say that it is compressed. */
    Reader reader() throws IOException {
        InputStream unpacked = new BufferedInputStream(Packing.unpack(Files.newInputStream(content), name), BUFFER);
        try {
            unpacked.mark(2);
            int first = unpacked.read();
            int second = unpacked.read();
            unpacked.reset();
            Reader reader = new InputStreamReader(unpacked, charset(first, second));
            return withoutMark(reader);
        } catch (IOException | RuntimeException e) {
            unpacked.close();
            throw e;
        }
    }

    /** UTF-8, unless the text starts with the mark of UTF-16, which Excel and PowerShell write. */
    private static Charset charset(int first, int second) {
        boolean utf16 = (first == 0xFF && second == 0xFE) || (first == 0xFE && second == 0xFF);
        return utf16 ? StandardCharsets.UTF_16 : StandardCharsets.UTF_8;
    }

    private static Reader withoutMark(Reader decoded) throws IOException {
        Reader reader = new BufferedReader(decoded, BUFFER);
        reader.mark(1);
        if (reader.read() != BYTE_ORDER_MARK) {
            reader.reset();
        }
        return reader;
    }

    /** The failure that an error of reading means to the user. */
    CommandFailure unreadable(IOException cause) {
        return unreadable(name, cause);
    }

    private static CommandFailure unreadable(String name, IOException cause) {
        String why;
        if (cause instanceof EOFException) {
            why = "ends before its compressed data does; get it again, it was cut short";
        } else if (cause instanceof ZipException) {
            why = "cannot be unpacked (" + cause.getMessage() + "); get it again, it is damaged";
        } else if (cause instanceof AccessDeniedException) {
            why = "cannot be read; check its permissions";
        } else {
            why = "cannot be read (" + cause.getMessage() + "); check it";
        }
        CommandFailure failure = CommandFailure.wrongUsage("'" + name + "' " + why);
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void close() {
        if (rest != null) {
            try {
                Files.deleteIfExists(content);
            } catch (IOException e) {
                // the system empties its temporary folder
            }
        }
    }
}
