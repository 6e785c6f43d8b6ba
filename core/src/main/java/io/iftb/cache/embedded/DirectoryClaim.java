package io.iftb.cache.embedded;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A directory that this JVM holds for one server.
 *
 * <p>A lock on {@code .iftb-cache.lock} says whether the holder lives: the system drops it with the JVM, however that
 * ends, and no clock or recycled pid can fake it. The file {@code .iftb-cache.owner} beside it says who the holder is:
 *
 * <pre>
 * line 1   pid and start of the JVM
 * line 2   pid and start of the server, once there is one
 * </pre>
 */
final class DirectoryClaim implements AutoCloseable {

    private static final String LOCK = ".iftb-cache.lock";
    private static final String OWNER = ".iftb-cache.owner";
    private static final Duration GRACE_OF_A_LEFTOVER = Duration.ofSeconds(3);

    /** Who holds a directory, and for which server. */
    record Owner(ProcessIdentity jvm, Optional<ProcessIdentity> server) {}

    private final Path directory;
    private final FileChannel lock;

    private DirectoryClaim(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Takes the directory, unless a live JVM holds it. A server that a dead holder left is ended first.
     *
     * @return null if this or another live JVM holds the directory
     */
    static synchronized @Nullable DirectoryClaim tryTake(Path directory) throws IOException {
        if (isHeldByThisJvm(directory)) {
            // not even a look at the lock: closing a second channel on that file drops the lock of the first
            return null;
        }
        FileChannel channel =
                FileChannel.open(directory.resolve(LOCK), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        try {
            if (channel.tryLock() == null) {
                channel.close();
                return null;
            }
        } catch (OverlappingFileLockException takenByAnotherLoaderOfOurClass) {
            channel.close();
            return null;
        }
        try {
            owner(directory)
                    .flatMap(Owner::server)
                    .flatMap(ProcessIdentity::find)
                    .ifPresent(server -> ProcessIdentity.stop(server, GRACE_OF_A_LEFTOVER));
            DirectoryClaim claim = new DirectoryClaim(directory, channel);
            claim.write(List.of(ProcessIdentity.ofThisJvm().toString()));
            return claim;
        } catch (IOException | RuntimeException e) {
            channel.close();
            throw e;
        }
    }

    /** Who holds the directory, or held it last without giving it back. */
    static Optional<Owner> owner(Path directory) throws IOException {
        try {
            List<String> lines = Files.readAllLines(directory.resolve(OWNER));
            return lines.isEmpty()
                    ? Optional.empty()
                    : ProcessIdentity.parse(lines.get(0))
                            .map(jvm -> new Owner(
                                    jvm, lines.size() < 2 ? Optional.empty() : ProcessIdentity.parse(lines.get(1))));
        } catch (NoSuchFileException unclaimed) {
            return Optional.empty();
        }
    }

    private static boolean isHeldByThisJvm(Path directory) throws IOException {
        return owner(directory)
                .filter(o -> o.jvm().equals(ProcessIdentity.ofThisJvm()))
                .isPresent();
    }

    Path directory() {
        return directory;
    }

    /** Notes which server to end should this JVM die. */
    void recordServer(ProcessHandle server) throws IOException {
        write(List.of(
                ProcessIdentity.ofThisJvm().toString(),
                ProcessIdentity.of(server).toString()));
    }

    private void write(List<String> lines) throws IOException {
        Path draft = directory.resolve(OWNER + ".new");
        Files.write(draft, lines);
        Files.move(draft, directory.resolve(OWNER), StandardCopyOption.ATOMIC_MOVE);
    }

    /** Gives the directory back. The lock file stays: two could hold a lock each if it came and went. */
    @Override
    public void close() throws IOException {
        synchronized (DirectoryClaim.class) {
            try (lock) {
                Files.deleteIfExists(directory.resolve(OWNER));
            }
        }
    }
}
