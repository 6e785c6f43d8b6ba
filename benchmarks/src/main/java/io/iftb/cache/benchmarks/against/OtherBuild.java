package io.iftb.cache.benchmarks.against;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The build that this build is compared with.
 *
 * @param name the commit, or the name of the jar
 * @param jar the jar that its forks run from
 */
public record OtherBuild(String name, Path jar) {

    private static final String JAR = ".jar";

    /**
     * Finds or makes a build.
     *
     * @param against a jar, or a revision of the git repository of the current folder
     * @param folder the folder for jars of revisions; a revision whose jar is there is not built again
     * @param maven the program that builds a revision
     * @param out receives progress messages
     * @throws AgainstException if there is no such build
     */
    public static OtherBuild of(String against, Path folder, String maven, PrintStream out)
            throws IOException, InterruptedException {
        Path given = Path.of(against);
        if (Files.isRegularFile(given)) {
            return checked(given);
        }
        if (against.endsWith(JAR)) {
            throw new AgainstException("There is no jar " + given.toAbsolutePath() + " to compare with.", null);
        }
        Revision revision = Revision.of(against, Path.of(""));
        Path jar = folder.resolve(revision.commit() + JAR);
        if (!Files.exists(jar)) {
            out.printf("Building %s%n", revision.commit());
            revision.build(jar, maven);
        }
        return checked(jar);
    }

    private static OtherBuild checked(Path jar) throws IOException {
        BenchmarkJar.check(jar);
        String name = jar.getFileName().toString();
        return new OtherBuild(name.endsWith(JAR) ? name.substring(0, name.length() - JAR.length()) : name, jar);
    }
}
