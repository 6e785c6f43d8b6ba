package io.iftb.cache.benchmarks.against;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OtherBuildTest {

    private static final PrintStream NOWHERE =
            new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8);

    @TempDir
    private Path folder;

    @Test
    void of_jarOfThisBuild_isNamedAfterTheFile() throws Exception {
        Path jar = JarOfThisBuild.write(folder.resolve("before.jar"));

        assertThat(OtherBuild.of(jar.toString(), folder, "mvn", NOWHERE)).isEqualTo(new OtherBuild("before", jar));
        assertThat(files()).containsExactly("before.jar");
    }

    @Test
    void of_noSuchJar_namesIt() {
        Path jar = folder.resolve("none.jar");

        assertThatThrownBy(() -> OtherBuild.of(jar.toString(), folder, "mvn", NOWHERE))
                .isInstanceOf(AgainstException.class)
                .hasMessage("There is no jar " + jar + " to compare with.");
    }

    @Test
    void of_jarWithoutTheModules_namesTheMissingClassAndTheRemedy() throws Exception {
        Path jar = folder.resolve("module.jar");
        BenchmarkJar.write(List.of(), jar);

        assertThatThrownBy(() -> OtherBuild.of(jar.toString(), folder, "mvn", NOWHERE))
                .isInstanceOf(AgainstException.class)
                .hasMessage(jar + " is no jar to compare with, since it has no"
                        + " io/iftb/cache/benchmarks/suite/ForkMain.class; use one that -Dagainst=REVISION has left in"
                        + " benchmarks/target/against.");
    }

    @Test
    void of_text_isNoJar() throws Exception {
        Path text = Files.writeString(folder.resolve("text"), "text");

        assertThatThrownBy(() -> OtherBuild.of(text.toString(), folder, "mvn", NOWHERE))
                .isInstanceOf(AgainstException.class)
                .hasMessageStartingWith(text + " is no jar: ")
                .hasMessageContaining("-Dagainst=REVISION");
    }

    @Test
    void of_libraryThatIsGone_namesIt() throws Exception {
        Path library = Files.createFile(folder.resolve("library.jar"));
        List<Path> classPath = new ArrayList<>(JarOfThisBuild.classPath());
        classPath.add(library);
        Path jar = folder.resolve("before.jar");
        BenchmarkJar.write(classPath, jar);
        Files.delete(library);

        assertThatThrownBy(() -> OtherBuild.of(jar.toString(), folder, "mvn", NOWHERE))
                .isInstanceOf(AgainstException.class)
                .hasMessageStartingWith(jar + " needs " + library + ", which is not on this machine;");
    }

    @Test
    void of_folderWithoutARepository_saysSo() {
        assertThatThrownBy(() -> Revision.of("HEAD", folder))
                .isInstanceOf(AgainstException.class)
                .hasMessage("There is no git repository in " + folder
                        + " to find HEAD; start in the folder of the sources," + " or compare with a jar.");
    }

    @Test
    void of_unknownRevision_namesIt() throws Exception {
        repository("README.md");

        assertThatThrownBy(() -> Revision.of("v0", folder))
                .isInstanceOf(AgainstException.class)
                .hasMessageStartingWith("v0 is neither a revision of ")
                .hasMessageEndingWith(" nor a jar; git log shows the revisions.");
    }

    @Test
    void of_revisionWithoutForks_namesTheOldest() throws Exception {
        repository("README.md");

        assertThatThrownBy(() -> Revision.of("HEAD", folder))
                .isInstanceOf(AgainstException.class)
                .hasMessageMatching(
                        "Revision HEAD \\(\\p{XDigit}+\\) is older than the command line of the forks; the oldest"
                                + " revision to compare with is \\p{XDigit}+ of [-\\d]+\\.");
    }

    @Test
    void build_mavenFails_namesTheLogAndLeavesNothingElse() throws Exception {
        repository("benchmarks/src/main/java/io/iftb/cache/benchmarks/suite/ForkMain.java");
        Revision revision = Revision.of("HEAD", folder);
        Path out = folder.resolve("out");

        assertThatThrownBy(() -> revision.build(out.resolve("it.jar"), "false"))
                .isInstanceOf(AgainstException.class)
                .hasMessage("Revision " + revision.commit() + " cannot be built; the log is "
                        + out.resolve(revision.commit() + ".log") + ".");
        assertThat(temporaryFolders(revision)).isEmpty();
    }

    @Test
    void build_noMaven_saysWhatToDo() throws Exception {
        repository("benchmarks/src/main/java/io/iftb/cache/benchmarks/suite/ForkMain.java");
        Revision revision = Revision.of("HEAD", folder);

        assertThatThrownBy(() -> revision.build(folder.resolve("it.jar"), "/no/mvn"))
                .isInstanceOf(AgainstException.class)
                .hasMessage("The program /no/mvn cannot be started; compare with a jar, or set --maven.");
        assertThat(temporaryFolders(revision)).isEmpty();
    }

    private List<String> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(each -> each.getFileName().toString()).toList();
        }
    }

    private static List<Path> temporaryFolders(Revision revision) throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(each -> each.getFileName().toString().contains("iftb-cache-" + revision.commit()))
                    .toList();
        }
    }

    /** A repository in the folder with one commit of one file. */
    private void repository(String file) throws Exception {
        Path path = folder.resolve(file);
        Files.createDirectories(path.getParent());
        Files.writeString(path, "text");
        git("init", "--quiet");
        git("add", ".");
        git("-c", "user.name=test", "-c", "user.email=test@example.org", "commit", "--quiet", "--message=one");
    }

    private void git(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of("git"));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(output).isZero();
    }
}
