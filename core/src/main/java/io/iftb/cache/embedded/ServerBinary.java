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
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The server program: an installed file, or a resource on the class path. */
interface ServerBinary {

    /** The environment variable that names the program, or says {@link #BUNDLED}. */
    String VARIABLE = "IFTB_CACHE_EMBEDDED_SERVER";

    /** The value of {@link #VARIABLE} for the program in the jar, whatever is on the PATH. */
    String BUNDLED = "bundled";

    /** The program as a file: the installed one, or a copy of the bundled one in the given directory. */
    Path fileIn(Path directory) throws IOException;

    /**
     * The program for this JVM, from its environment and class path.
     *
     * @throws EmbeddedServerException if there is none; the message names the remedies
     */
    static ServerBinary find() {
        return find(
                Objects.requireNonNullElse(System.getenv(VARIABLE), ""),
                Objects.requireNonNullElse(System.getenv("PATH"), ""),
                ServerBinary.class.getClassLoader(),
                System.getProperty("os.name"),
                System.getProperty("os.arch"));
    }

    /**
     * Returns the named program, or else looks for {@code redis-server}, then {@code valkey-server} on the path, then
     * for the binary for this platform in the jar {@code org.signal:embedded-redis}.
     *
     * @param named a file, {@link #BUNDLED} for the one in the jar, or empty
     * @param path directories, as in the environment variable {@code PATH}; relative ones are ignored
     * @param loader looks for the jar
     * @param os as in the system property {@code os.name}
     * @param architecture as in the system property {@code os.arch}
     * @throws EmbeddedServerException if there is none; the message names the remedies
     */
    static ServerBinary find(String named, String path, ClassLoader loader, String os, String architecture) {
        String platform = platform(os, architecture);
        if (named.equals(BUNDLED)) {
            return bundled(loader, platform)
                    .orElseThrow(() -> new EmbeddedServerException(VARIABLE + " is '" + BUNDLED
                            + "', and the class path has no redis-server for " + platform
                            + ": add the dependency org.signal:embedded-redis:0.9.1 (Linux and macOS), or unset it."));
        }
        if (!named.isEmpty()) {
            Path program = program(named)
                    .orElseThrow(() -> new EmbeddedServerException(VARIABLE + " is '" + named
                            + "', which is not the absolute path of an executable file: name a redis-server or"
                            + " valkey-server, or unset it."));
            return directory -> program;
        }
        return installed(path)
                .or(() -> bundled(loader, platform))
                .orElseThrow(() -> new EmbeddedServerException(
                        "There is no redis-server or valkey-server on the PATH and none for " + platform
                                + " on the class path: install redis-server, or add the dependency"
                                + " org.signal:embedded-redis:0.9.1 (Linux and macOS)."));
    }

    private static Optional<ServerBinary> installed(String path) {
        return Stream.of("redis-server", "valkey-server")
                .flatMap(name -> onPath(path, name))
                .findFirst()
                .map(program -> directory -> program);
    }

    private static Optional<ServerBinary> bundled(ClassLoader loader, String platform) {
        return Optional.ofNullable(loader.getResource("redis-server-7.0.15-" + platform))
                .map(resource -> directory -> copy(resource, directory));
    }

    private static Stream<Path> onPath(String path, String name) {
        return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
                .splitAsStream(path)
                .flatMap(directory -> program(directory, name).stream());
    }

    private static Optional<Path> program(String first, String... more) {
        try {
            Path program = Path.of(first, more);
            return program.isAbsolute() && Files.isRegularFile(program) && Files.isExecutable(program)
                    ? Optional.of(program)
                    : Optional.empty();
        } catch (InvalidPathException notAPath) {
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

    private static Path copy(URL resource, Path directory) throws IOException {
        Path copy = directory.resolve("redis-server");
        try (InputStream bytes = resource.openStream()) {
            Files.copy(bytes, copy);
        }
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwx------"));
        return copy;
    }
}
