package io.iftb.cache.cli;

import io.iftb.cache.cli.MigrationReport.Complaint;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The file of {@code migrate --report}: all complaints, a line of JSON each. The operating system has a line as soon as it is
 * added, so Ctrl-C loses none, and none is kept in memory.
 */
final class ComplaintFile implements AutoCloseable {

    static final String OPTION = "--report";

    private final Path path;
    private final RandomAccessFile file;

    /** Where the last whole line ends. */
    private long end;

    private boolean isDone;

    private ComplaintFile(Path path, RandomAccessFile file) throws IOException {
        this.path = path;
        this.file = file;
        this.end = file.length();
    }

    /**
     * Opens the file, in a folder that is made if it is not there.
     *
     * @param isForced whether a file that is there may be replaced
     * @param isResumed whether a migration goes on, see {@link #cutTo}
     * @throws CommandFailure if it is there and may not be replaced, or cannot be written
     */
    static ComplaintFile open(Path path, boolean isForced, boolean isResumed) {
        try {
            if (!isResumed) {
                NewFile.requireFree(path, isForced, OPTION);
                NewFile.makeFolderOf(path.toAbsolutePath());
                if (isForced) {
                    Files.deleteIfExists(path); // a link itself, not what it leads to
                }
                Files.createFile(path);
            }
            return new ComplaintFile(path, new RandomAccessFile(path.toFile(), "rw"));
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** Removes what an interrupted migration has added behind a length, since it is found again. */
    void cutTo(long length) {
        if (length > end) {
            throw CommandFailure.wrongUsage("'" + path + "' is not what the interrupted migration has written there;"
                    + " delete the file of --resume to start anew");
        }
        try {
            file.setLength(length);
            file.seek(length);
            end = length;
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** Adds a line. */
    void add(Complaint complaint) {
        byte[] line = (Json.line(complaint.document()) + "\n").getBytes(StandardCharsets.US_ASCII);
        try {
            file.write(line);
            end += line.length;
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    /** How many bytes it has. */
    long length() {
        return end;
    }

    /** The migration has come to its end. */
    void done() {
        isDone = true;
    }

    /** Ends this: without a line that a full disk has cut, and without the file if nothing was done. */
    @Override
    public void close() {
        try {
            try (file) {
                file.setLength(end);
            }
            if (end == 0 && !isDone) {
                Files.deleteIfExists(path);
            }
        } catch (IOException e) {
            throw unwritable(path, e);
        }
    }

    private static CommandFailure unwritable(Path path, IOException e) {
        return CommandFailure.trouble(
                "'" + path + "' cannot be written: " + e + "; make room for it, or name another place with " + OPTION);
    }

    @Override
    public String toString() {
        return path.toString();
    }
}
