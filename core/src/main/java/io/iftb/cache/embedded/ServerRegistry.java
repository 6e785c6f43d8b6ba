package io.iftb.cache.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.nio.file.attribute.UserPrincipal;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder of one user with a private directory for each embedded server, so that the next start finds servers whose
 * JVM has died.
 *
 * <p>The folder needs no lock: directory names are never reused, and each directory has its own {@link DirectoryClaim}.
 */
final class ServerRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(ServerRegistry.class);

    private static final Set<PosixFilePermission> PRIVATE = PosixFilePermissions.fromString("rwx------");

    /** Makes a new directory one that only this user can read. */
    static final FileAttribute<?> AS_PRIVATE = PosixFilePermissions.asFileAttribute(PRIVATE);

    private static final String SERVER_PREFIX = "s-";

    /** A young directory without an owner belongs to a server that is just starting. */
    private static final Duration UNOWNED_UNTIL = Duration.ofHours(1);

    private final Path folder;
    private final SecureRandom random = new SecureRandom();

    private ServerRegistry(Path folder) {
        this.folder = folder;
    }

    /**
     * Opens the registry of a user, and creates it if it is missing.
     *
     * @param temporary the system's folder for temporary files
     * @param user the name of the user, a part of the folder's name
     * @throws EmbeddedServerException if other users can write into the folder
     */
    static ServerRegistry open(Path temporary, String user) throws IOException {
        Path folder = temporary.toAbsolutePath().resolve("iftb-cache-" + user.replaceAll("[^A-Za-z0-9._-]", "_"));
        try {
            Files.createDirectory(folder, AS_PRIVATE);
        } catch (FileAlreadyExistsException usual) {
            requireOurs(folder, ourselves(temporary));
            Files.setPosixFilePermissions(folder, PRIVATE);
        }
        return new ServerRegistry(folder);
    }

    /** The owner of the files that we create; in a container it may have no name. */
    private static UserPrincipal ourselves(Path temporary) throws IOException {
        Path probe = Files.createTempFile(temporary, "iftb-cache-", null);
        try {
            return Files.getOwner(probe);
        } finally {
            Files.delete(probe);
        }
    }

    private static void requireOurs(Path folder, UserPrincipal us) throws IOException {
        PosixFileAttributes found = Files.readAttributes(folder, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        Set<PosixFilePermission> permissions = found.permissions();
        if (!found.isDirectory()
                || !found.owner().equals(us)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE)) {
            throw new EmbeddedServerException("'" + folder + "' must be a directory of " + us.getName()
                    + " that no other user can write into, and it belongs to "
                    + found.owner().getName() + " with permissions " + PosixFilePermissions.toString(permissions)
                    + ": remove it, or set another java.io.tmpdir");
        }
    }

    /** Stops each server whose JVM is dead and removes its directory. If that fails, the next start tries again. */
    void reap() throws IOException {
        try (DirectoryStream<Path> directories = Files.newDirectoryStream(folder, SERVER_PREFIX + "*")) {
            for (Path directory : directories) {
                try {
                    reap(directory);
                } catch (NoSuchFileException goneMeanwhile) {
                    // its JVM has removed it, or another JVM reaps at the same time
                } catch (IOException | UncheckedIOException e) {
                    LOG.warn("Cannot remove '{}', which an embedded server left: {}", directory, e.toString());
                }
            }
        }
    }

    private static void reap(Path directory) throws IOException {
        if (DirectoryClaim.owner(directory).isEmpty() && isYoung(directory)) {
            return;
        }
        DirectoryClaim claim = DirectoryClaim.tryTake(directory);
        if (claim != null) {
            LOG.info("Removing '{}', which an embedded server of a dead JVM left", directory);
            remove(claim);
        }
    }

    private static boolean isYoung(Path directory) throws IOException {
        Instant changed = Files.getLastModifiedTime(directory).toInstant();
        return changed.isAfter(Instant.now().minus(UNOWNED_UNTIL));
    }

    /** A new private directory for one server. Its name is short, since the path of a Unix socket has to be short. */
    DirectoryClaim newServerDirectory() throws IOException {
        String name = SERVER_PREFIX + Long.toString(random.nextLong() >>> 24, Character.MAX_RADIX);
        DirectoryClaim claim = DirectoryClaim.tryTake(Files.createDirectory(folder.resolve(name), AS_PRIVATE));
        if (claim == null) {
            throw new IOException("another process took '" + folder.resolve(name) + "'");
        }
        return claim;
    }

    /** Deletes a server's directory and releases the claim on it. */
    static void remove(DirectoryClaim claim) throws IOException {
        try (claim) {
            List<Path> inner;
            try (Stream<Path> tree = Files.walk(claim.directory())) {
                inner = tree.sorted(Comparator.reverseOrder()).toList();
            }
            for (Path path : inner) {
                Files.deleteIfExists(path);
            }
        }
    }
}
