package io.iftb.cache.embedded;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The server program: an installed file, or a resource on the class path. */
interface ServerBinary {

    /** The program as a file: the installed one, or a copy of the bundled one in the given directory. */
    Path fileIn(Path directory) throws IOException;

    /**
     * Looks for {@code redis-server}, then for {@code valkey-server} on the path, then for the binary for this platform in
     * the jar {@code org.signal:embedded-redis}.
     *
     * @param path directories, as in the environment variable {@code PATH}; relative ones are ignored
     * @param loader looks for the jar
     * @param os as in the system property {@code os.name}
     * @param architecture as in the system property {@code os.arch}
     * @throws EmbeddedServerException if there is none; the message names both remedies
     */
    static ServerBinary find(String path, ClassLoader loader, String os, String architecture) {
        Optional<Path> installed = Stream.of("redis-server", "valkey-server")
                .flatMap(name -> onPath(path, name))
                .findFirst();
        if (installed.isPresent()) {
            return directory -> installed.get();
        }
        String platform = platform(os, architecture);
        URL carried = loader.getResource("redis-server-7.0.15-" + platform);
        if (carried == null) {
            throw new EmbeddedServerException("There is no redis-server or valkey-server on the PATH and none for "
                    + platform + " on the class path: install redis-server, or add the dependency"
                    + " org.signal:embedded-redis:0.9.1 (Linux and macOS).");
        }
        return directory -> copy(carried, directory);
    }

    private static Stream<Path> onPath(String path, String name) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .flatMap(directory -> program(directory, name).stream());
    }

    private static Optional<Path> program(String directory, String name) {
        try {
            Path program = Path.of(directory, name);
            return program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)
                    ? Optional.of(program)
                    : Optional.empty();
        } catch (InvalidPathException notADirectory) {
            return Optional.empty();
        }
    }

    private static String platform(String os, String architecture) {
        String system = os.startsWith("Mac") ? "darwin" : os.toLowerCase(Locale.ROOT);
        String machine = switch (architecture) {
            case "amd64", "x86_64" -> "amd64";
            case "aarch64", "arm64" -> "arm64";
            case "i386", "i586", "i686", "x86" -> "386";
            default -> architecture;
        };
        return system + "-" + machine;
    }

    private static Path copy(URL carried, Path directory) throws IOException {
        Path copy = directory.resolve("redis-server");
        try (InputStream bytes = carried.openStream()) {
            Files.copy(bytes, copy);
        }
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
        return copy;
    }
}
