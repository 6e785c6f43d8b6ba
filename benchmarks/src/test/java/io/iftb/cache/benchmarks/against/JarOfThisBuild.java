package io.iftb.cache.benchmarks.against;

import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The build under test as another build. */
public final class JarOfThisBuild {

    private JarOfThisBuild() {}

    /** Writes the jar. */
    public static Path write(Path jar) throws IOException {
        BenchmarkJar.write(classPath(), jar);
        return jar;
    }

    static List<Path> classPath() {
        return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
                .map(Path::of)
                .toList();
    }
}
