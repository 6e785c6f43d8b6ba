package io.iftb.cache.benchmarks.against;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/**
 * A commit of a git repository.
 *
 * @param repository the top folder of the repository
 * @param commit the short name of the commit
 */
record Revision(Path repository, String commit) {

    /** The entry point of a fork. Its arguments and results have been the same since {@link #OLDEST}. */
    private static final String ENTRY_POINT = "benchmarks/src/main/java/io/iftb/cache/benchmarks/suite/ForkMain.java";

    private static final String OLDEST = "afac4b7 of 2026-11-28";

    private record Answer(int status, String output) {}

    /**
     * Finds a revision.
     *
     * @param name what git understands, such as {@code HEAD~3}, a branch, a tag or a commit
     * @param folder a folder of the repository
     * @throws AgainstException if there is no such revision, or if it is too old
     */
    static Revision of(String name, Path folder) throws IOException, InterruptedException {
        Answer top = git(folder, "rev-parse", "--show-toplevel");
        if (top.status != 0) {
            throw new AgainstException(
                    "There is no git repository in " + folder.toAbsolutePath() + " to find " + name
                            + "; start in the folder of the sources, or compare with a jar.",
                    null);
        }
        Path repository = Path.of(top.output);
        Answer commit = git(repository, "rev-parse", "--verify", "--quiet", "--short", name + "^{commit}");
        if (commit.status != 0) {
            throw new AgainstException(
                    name + " is neither a revision of " + repository + " nor a jar; git log shows the revisions.",
                    null);
        }
        if (git(repository, "cat-file", "-e", commit.output + ":" + ENTRY_POINT).status != 0) {
            throw new AgainstException(
                    "Revision " + name + " (" + commit.output
                            + ") is older than the command line of the forks; the oldest"
                            + " revision to compare with is " + OLDEST + ".",
                    null);
        }
        return new Revision(repository, commit.output);
    }

    /**
     * Builds the revision without tests in a temporary folder.
     *
     * @param jar the file for the result
     * @param maven the program that builds it
     * @throws AgainstException if it cannot be built
     */
    void build(Path jar, String maven) throws IOException, InterruptedException {
        Path folder = Files.createTempDirectory("iftb-cache-" + commit + "-");
        try {
            Path sources = checkOut(folder);
            BenchmarkJar.write(compile(sources, maven, jar.resolveSibling(commit + ".log")), jar);
        } finally {
            delete(folder);
        }
    }

    private Path checkOut(Path folder) throws IOException, InterruptedException {
        Path archive = folder.resolve("sources.zip");
        Answer run = git(repository, "archive", "--format=zip", "--output=" + archive, commit);
        if (run.status != 0) {
            throw new AgainstException("git cannot check out " + commit + ": " + run.output, null);
        }
        Path sources = folder.resolve("sources");
        try (FileSystem zip = FileSystems.newFileSystem(archive);
                Stream<Path> files = Files.walk(zip.getPath("/"))) {
            for (Path each : files.filter(Files::isRegularFile).toList()) {
                Path to = sources.resolve(each.toString().substring(1));
                Files.createDirectories(to.getParent());
                Files.copy(each, to);
            }
        }
        return sources;
    }

    /** Compiles the benchmarks and what they need, and gives the class path. */
    private List<Path> compile(Path sources, String maven, Path log) throws IOException, InterruptedException {
        Path classPath = sources.resolveSibling("class-path");
        List<String> command = List.of(
                maven,
                "--batch-mode",
                "--projects=benchmarks",
                "--also-make",
                "-Dmaven.test.skip",
                "process-classes",
                "dependency:build-classpath",
                "-DincludeScope=runtime",
                "-Dmdep.outputFile=" + classPath);
        Files.createDirectories(log.toAbsolutePath().getParent());
        List<String> offline = new ArrayList<>(command);
        offline.add("--offline");
        if (maven(offline, sources, log) != 0 && maven(command, sources, log) != 0) {
            throw new AgainstException("Revision " + commit + " cannot be built; the log is " + log + ".", null);
        }
        Files.delete(log);
        List<Path> paths = new ArrayList<>(List.of(sources.resolve(Path.of("benchmarks", "target", "classes"))));
        Stream.of(Files.readString(classPath).strip().split(File.pathSeparator))
                .map(Path::of)
                .forEach(paths::add);
        return paths;
    }

    private static int maven(List<String> command, Path folder, Path log) throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(log.toFile());
        // both builds with one compiler
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        return waitFor(started(builder, "compare with a jar, or set --maven"));
    }

    private static Answer git(Path folder, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = started(
                new ProcessBuilder(command)
                        .directory(folder.toAbsolutePath().toFile())
                        .redirectErrorStream(true),
                "install git, or compare with a jar");
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Answer(waitFor(process), output.strip());
    }

    private static Process started(ProcessBuilder builder, String remedy) {
        try {
            return builder.start();
        } catch (IOException e) {
            throw new AgainstException(
                    "The program " + builder.command().get(0) + " cannot be started; " + remedy + ".", e);
        }
    }

    private static int waitFor(Process process) throws InterruptedException {
        try {
            return process.waitFor();
        } finally {
            process.destroy();
        }
    }

    private static void delete(Path folder) throws IOException {
        List<Path> all;
        try (Stream<Path> walk = Files.walk(folder)) {
            all = walk.sorted(Comparator.reverseOrder()).toList();
        }
        for (Path each : all) {
            Files.delete(each);
        }
    }
}
