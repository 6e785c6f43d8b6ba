package io.iftb.cache.cli;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The turn of a command on the data folder of an embedded server. Only one server can use a folder, so commands that are run
 * at the same time, such as those of a pipe, wait for each other. The operating system ends the turn of a killed command.
 */
final class FolderTurn implements Closeable {

    private static final String EMBEDDED = "embedded:";
    private static final String LOCK = ".iftb-cache.command";

    /** For the data of this user only. */
    private static final FileAttribute<?> AS_PRIVATE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));

    private static final Duration QUIET = Duration.ofSeconds(1);
    private static final long POLL_MILLIS = 25;

    private final @Nullable FileChannel channel;

    private FolderTurn(@Nullable FileChannel channel) {
        this.channel = channel;
    }

    /**
     * Waits for the turn on the folder of an address; any other address needs none.
     *
     * @throws CommandFailure if the folder cannot be used
     */
    static FolderTurn at(String uri, Shell shell) {
        String folder = folder(uri);
        if (folder.isEmpty()) {
            return new FolderTurn(null);
        }
        FileChannel channel = open(folder);
        try {
            await(channel, folder, shell);
            return new FolderTurn(channel);
        } catch (IOException e) {
            throw unusable(folder, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw CommandFailure.trouble("interrupted while another command used '" + folder + "'");
        }
    }

    /** The data folder in the address of an embedded server; empty for any other address. */
    static String folder(String uri) {
        return uri.startsWith(EMBEDDED) ? uri.substring(EMBEDDED.length()) : "";
    }

    private static FileChannel open(String folder) {
        try {
            Path directory = Files.createDirectories(Path.of(folder), AS_PRIVATE);
            return FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        } catch (IOException | InvalidPathException e) {
            throw unusable(folder, e);
        }
    }

    private static void await(FileChannel channel, String folder, Shell shell)
            throws IOException, InterruptedException {
        long start = System.nanoTime();
        boolean said = false;
        while (!isTaken(channel)) {
            if (!said && System.nanoTime() - start > QUIET.toNanos()) {
                said = true;
                shell.err()
                        .println(Cli.NAME + ": waiting for another command that uses '" + Printable.text(folder) + "'");
            }
            Thread.sleep(POLL_MILLIS);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            FileLock lock = channel.tryLock();
            return lock != null;
        } catch (OverlappingFileLockException e) {
            return false; // by another command in this JVM
        }
    }

    private static CommandFailure unusable(String folder, Exception cause) {
        String why =
                cause instanceof AccessDeniedException ? "you may not write there" : "it cannot be created or opened";
        CommandFailure failure = CommandFailure.trouble("the data folder '" + folder + "' cannot be used: " + why
                + "; choose another, with --redis embedded:/path");
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void close() {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // the lock ends with this process
            }
        }
    }
}
