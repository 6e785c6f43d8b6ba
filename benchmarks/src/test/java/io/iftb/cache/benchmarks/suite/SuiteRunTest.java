package io.iftb.cache.benchmarks.suite;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Results;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SuiteRunTest {

    @Test
    void measure_oneCase_hasTimesOfEachForkAndCosts(@TempDir Path folder) throws Exception {
        ByteArrayOutputStream output = new ByteArrayOutputStream();

        Results results = new SuiteRun(
                        Suite.GATE,
                        2,
                        Pattern.compile("encode-bar$"),
                        new PrintStream(output, true, StandardCharsets.UTF_8))
                .measure(folder);

        assertThat(results.measured()).singleElement().satisfies(measured -> {
            assertThat(measured.of()).isEqualTo(Case.of("iftb-codec", "encode-bar", Map.of()));
            assertThat(measured.forks())
                    .hasSize(2)
                    .allSatisfy(fork -> assertThat(fork.microseconds()).isPositive());
            // an array of 48 bytes, and at times a buffer around it
            assertThat(measured.costs().allocatedBytes()).isBetween(64.0, 128.0);
        });
        assertThat(results.machine().redis()).matches("\\d+\\..*");
        assertThat(results.machine().processors()).isPositive();
        assertThat(output.toString(StandardCharsets.UTF_8)).contains("fork 2 of 2");
        assertThat(folder).isEmptyDirectory();
    }

    @Test
    void run_forkFails_throws(@TempDir Path folder) {
        ForkRunner forks = ForkRunner.ofThisBuild(Suite.GATE, folder.resolve("missing"));

        assertThatThrownBy(() -> forks.run(ForkMode.TIMES, 1, Pattern.compile("encode-bar$")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("The fork of this build that measured TIMES");
    }

    @Test
    void groups_pattern_keepsMatchingCasesAndTheirReferences() {
        var groups = Suite.GATE.groups(Pattern.compile("iftb-tcp latest .*limit=100$"));

        assertThat(groups)
                .singleElement()
                .satisfies(group -> assertThat(group.contenders())
                        .containsExactly(Contender.IFTB_TCP, Contender.SOCKET, Contender.BUCKET));
    }

    @Test
    void groups_noPattern_haveContendersThatSupportThem() {
        for (Suite suite : Suite.values()) {
            assertThat(suite.groups(Pattern.compile("")))
                    .isNotEmpty()
                    .allSatisfy(group -> assertThat(group.contenders())
                            .allSatisfy(
                                    each -> assertThat(each.does(group.load())).isTrue()));
        }
    }
}
