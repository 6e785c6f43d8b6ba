package io.iftb.cache.cli;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/**
 * A file that appears under its name only when it is complete; until then it is beside it under a name that no other file has,
 * and that ends in {@code .part}.
 */
final class NewFile implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Path file;
    private final Path part;
    private final FileChannel channel;
    private final OutputStream stream;

    private NewFile(Path file, Path part, FileChannel channel) {
        this.file = file;
        this.part = part;
        this.channel = channel;
        this.stream = new BufferedOutputStream(Channels.newOutputStream(channel), BUFFER);
    }

    /** Begins a file, in a folder that is made if it is not there. */
    static NewFile create(Path file) throws IOException {
        Path absolute = file.toAbsolutePath();
        makeFolderOf(absolute);
        String unique = Long.toUnsignedString(System.nanoTime(), Character.MAX_RADIX);
        Path part = absolute.resolveSibling(absolute.getFileName() + "." + unique + ".part");
        part.toFile().deleteOnExit(); // Ctrl-C ends the JVM
        return new NewFile(
                absolute, part, FileChannel.open(part, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE));
    }

    /** Makes the folder of a file, given with an absolute path, if it is not there. */
    static void makeFolderOf(Path absolute) throws IOException {
        Path folder = absolute.getParent();
        if (folder != null && !Files.isDirectory(folder)) { // which may be a link to one
            Files.createDirectories(folder);
        }
    }

    /**
     * Refuses to replace a file that is there.
     *
     * @param option that names it
     */
    static void requireFree(Path file, boolean isForced, String option) {
        boolean isFile = Files.isRegularFile(file);
        if (Files.exists(file) && (!isFile || !isForced)) {
            throw CommandFailure.wrongUsage("'" + Printable.text(file.toString()) + "' is there already; "
                    + (isFile ? "name another place, or add --force" : "it is " + what(file, option)));
        }
    }

    private static String what(Path noFile, String option) {
        return Files.isDirectory(noFile)
                ? "a folder, name a file"
                : "a device or a pipe; name a file, or leave " + option + " out";
    }

    /** Takes what is written. */
    OutputStream stream() {
        return stream;
    }

    /** Writes over the beginning. */
    void overwrite(byte[] beginning) throws IOException {
        stream.flush();
        ByteBuffer bytes = ByteBuffer.wrap(beginning);
        while (bytes.hasRemaining()) {
            channel.write(bytes, bytes.position());
        }
    }

    /** Gives the file its name, in place of another one. */
    void complete() throws IOException {
        stream.close();
        Files.move(part, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    }

    /** Ends this, and removes the file unless it is complete. */
    @Override
    public void close() throws IOException {
        channel.close();
        Files.deleteIfExists(part);
    }
}
