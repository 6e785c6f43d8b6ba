package io.iftb.cache.benchmarks.against;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A jar with the classes of the modules of one build. Its manifest names the libraries where they are on this machine, in
 * the local Maven repository.
 */
final class BenchmarkJar {

    /** The entry point of a fork, and a class of {@code core}, which the jar of the module alone does not have. */
    private static final List<String> CLASSES =
            List.of("io/iftb/cache/benchmarks/suite/ForkMain.class", "io/iftb/cache/market/SeriesKey.class");

    private BenchmarkJar() {}

    /**
     * Writes a jar; creates its folder.
     *
     * @param classPath folders with classes, whose files are copied, and jars, which are named
     */
    static void write(List<Path> classPath, Path jar) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes()
                .put(
                        Attributes.Name.CLASS_PATH,
                        classPath.stream()
                                .filter(Files::isRegularFile)
                                .map(each -> each.toUri().toString())
                                .collect(Collectors.joining(" ")));
        Files.createDirectories(jar.toAbsolutePath().getParent());
        Path unfinished = jar.resolveSibling(jar.getFileName() + ".part");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(unfinished), manifest)) {
            Set<String> names = new HashSet<>(Set.of(JarFile.MANIFEST_NAME));
            for (Path folder : classPath) {
                if (Files.isDirectory(folder)) {
                    copy(folder, out, names);
                }
            }
        }
        Files.move(unfinished, jar, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void copy(Path folder, JarOutputStream out, Set<String> names) throws IOException {
        List<Path> files;
        try (Stream<Path> walk = Files.walk(folder)) {
            files = walk.filter(Files::isRegularFile).toList();
        }
        for (Path file : files) {
            String name = folder.relativize(file).toString().replace('\\', '/');
            if (names.add(name)) {
                out.putNextEntry(new JarEntry(name));
                Files.copy(file, out);
                out.closeEntry();
            }
        }
    }

    /**
     * Checks that forks can run from a jar.
     *
     * @throws AgainstException if they cannot
     */
    static void check(Path jar) throws MalformedURLException {
        URL[] urls = {jar.toUri().toURL()};
        try (JarFile opened = new JarFile(jar.toFile());
                URLClassLoader loader = new URLClassLoader(urls, ClassLoader.getPlatformClassLoader())) {
            missing(opened).ifPresent(library -> {
                throw new AgainstException(
                        jar + " needs " + library + ", which is not on this machine" + remedy(), null);
            });
            for (String each : CLASSES) {
                if (loader.findResource(each) == null) {
                    throw new AgainstException(
                            jar + " is no jar to compare with, since it has no " + each + remedy(), null);
                }
            }
        } catch (IOException e) {
            throw new AgainstException(jar + " is no jar: " + e.getMessage() + remedy(), e);
        }
    }

    private static Optional<Path> missing(JarFile jar) throws IOException {
        Manifest manifest = jar.getManifest();
        String libraries =
                manifest == null ? null : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
        return libraries == null
                ? Optional.empty()
                : Stream.of(libraries.split(" "))
                        .filter(each -> each.startsWith("file:"))
                        .map(each -> Path.of(URI.create(each)))
                        .filter(each -> !Files.exists(each))
                        .findFirst();
    }

    private static String remedy() {
        return "; use one that -Dagainst=REVISION has left in benchmarks/target/against.";
    }
}
