package io.iftb.cache.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.against.JarOfThisBuild;
import io.iftb.cache.benchmarks.against.OtherBuild;
import io.iftb.cache.benchmarks.against.PairedTimes;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.suite.TurnsRun.Turns;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

@Tag("thorough") // measures for a quarter of a minute
class TurnsRunTest {

    private static final Case CASE = Case.of("iftb-codec", "encode-bar", Map.of());

    private final ByteArrayOutputStream output = new ByteArrayOutputStream();

    @TempDir
    private Path folder;

    @Test
    void measure_jarOfThisBuild_hasPairsOfBothAndCostsOfThis() throws Exception {
        OtherBuild other = new OtherBuild("before", JarOfThisBuild.write(folder.resolve("before.jar")));

        Turns turns = new TurnsRun(
                        other,
                        Pattern.compile("encode-bar$"),
                        folder.resolve("out"),
                        new PrintStream(output, true, StandardCharsets.UTF_8))
                .measure();

        CaseResult now = turns.now().find(CASE).orElseThrow();
        CaseResult before = turns.before().find(CASE).orElseThrow();
        assertThat(now.forks()).hasSizeGreaterThanOrEqualTo(PairedTimes.LOOK);
        assertThat(before.forks()).hasSameSizeAs(now.forks());
        assertThat(PairedTimes.of(before, now))
                .hasValueSatisfying(times -> assertThat(times.isOpen()).isFalse());
        assertThat(now.costs().allocatedBytes()).isBetween(64.0, 128.0);
        assertThat(before.costs()).isEqualTo(Costs.NONE);
        assertThat(turns.before().machine().commit()).isEqualTo("before");
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("in turns with before", "pair 3 of 3");
        assertThat(folder.resolve("out")).isEmptyDirectory();
    }
}
