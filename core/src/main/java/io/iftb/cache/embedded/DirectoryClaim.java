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
 * <p>A lock on {@code .iftb-cache.lock} shows whether the holder is alive: the operating system releases it when the JVM
 * ends for any reason, and neither clocks nor reused pids affect it. The file {@code .iftb-cache.owner} beside it
 * identifies the holder:
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

    /** The JVM that holds a directory, and its server. */
    record Owner(ProcessIdentity jvm, Optional<ProcessIdentity> server) {}

    private final Path directory;
    private final FileChannel lock;

    private DirectoryClaim(Path directory, FileChannel lock) {
        this.directory = directory;
        this.lock = lock;
    }

    /**
     * Claims a data directory, and creates it for this user alone if it is missing.
     *
     * @throws EmbeddedServerException if it cannot be created, or a live JVM holds it
     */
    static DirectoryClaim take(Path directory) throws IOException {
        Path real;
        try {
            real = Files.createDirectories(directory, ServerRegistry.AS_PRIVATE).toRealPath();
        } catch (IOException e) {
            throw new EmbeddedServerException(
                    "The data directory '" + directory + "' cannot be created or opened: choose one that you may write",
                    e);
        }
        DirectoryClaim claim = tryTake(real);
        if (claim == null) {
            String holder = owner(real)
                    .map(owner -> "the JVM with pid " + owner.jvm().pid()
                            + owner.server()
                                    .map(server -> " and its server with pid " + server.pid())
                                    .orElse(""))
                    .orElse("another JVM");
            throw new EmbeddedServerException("The data directory '" + real + "' is in use by " + holder
                    + ": close that server, or give each server its own directory");
        }
        return claim;
    }

    /**
     * Claims the directory, unless a live JVM holds it. First stops the server of a previous holder that is dead.
     *
     * @return null if this or another live JVM holds the directory
     */
    static synchronized @Nullable DirectoryClaim tryTake(Path directory) throws IOException {
        if (isHeldByThisJvm(directory)) {
            // do not open the lock file again: closing a second channel on it releases the lock of the first
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

    /** The JVM that holds the directory, or that held it last and did not release it. */
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

    /** Records the server to stop if this JVM dies. */
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

    /** Releases the directory. Keeps the lock file: if it were deleted, two JVMs could each lock another file. */
    @Override
    public void close() throws IOException {
        synchronized (DirectoryClaim.class) {
            try (lock) {
                Files.deleteIfExists(directory.resolve(OWNER));
            }
        }
    }
}
