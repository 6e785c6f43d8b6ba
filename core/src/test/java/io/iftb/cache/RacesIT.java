package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** The races of two threads, which jcstress runs in JVMs of their own. */
@EnabledIfSystemProperty(named = "iftb.test.thorough", matches = "true", disabledReason = "takes two minutes")
class RacesIT {

    /** Compiled at once, and with the order of instructions changed at random as far as they may be. */
    private static final String JVM =
            "-XX:-TieredCompilation -XX:+UnlockDiagnosticVMOptions -XX:+StressLCM -XX:+StressGCM";

    private static final int RACES = 12;
    private static final Pattern LAST_COUNTS = Pattern.compile(
            ".*Results: (\\d+) planned; (\\d+) passed, 0 failed, 0 soft errs, 0 hard errs.*", Pattern.DOTALL);

    @Test
    void races_ofTwoThreads_haveNoForbiddenOutcome() throws IOException, InterruptedException {
        Path folder = Files.createDirectories(Path.of("target", "jcstress").toAbsolutePath());
        Path log = folder.resolve("log.txt");
        List<String> command = List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Djava.io.tmpdir=" + folder,
                "-cp",
                System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")),
                "org.openjdk.jcstress.Main",
                "-m",
                "quick",
                "-time",
                "300",
                "-sc",
                "false",
                "-jvmArgs",
                JVM,
                "-r",
                folder.resolve("report").toString());
        Process jcstress = new ProcessBuilder(command)
                .directory(folder.toFile()) // it writes its results there
                .redirectErrorStream(true)
                .redirectOutput(log.toFile())
                .start();
        try {
            assertThat(jcstress.waitFor(10, TimeUnit.MINUTES)).isTrue();
            String said = Files.readString(log);
            assertThat(jcstress.exitValue()).as(said).isZero();
            Matcher counts = LAST_COUNTS.matcher(said);
            assertThat(counts.matches()).as(said).isTrue();
            assertThat(counts.group(2)).isEqualTo(counts.group(1));
            assertThat(Integer.parseInt(counts.group(1))).isGreaterThanOrEqualTo(RACES);
        } finally {
            jcstress.destroyForcibly();
        }
    }
}
