package io.iftb.cache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.tck.SurefireReports.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Checks the reports of the official TCK, which the build has just run: all of it ran, and nothing was excluded. */
class OfficialTckIT {

    /** The run with near caches would prove nothing if its caches had held nothing. */
    private static final int NEAR_READS = 100;

    @ParameterizedTest
    @ValueSource(strings = {"tck-reports", "tck-near-reports"})
    void officialTck_inTheBuild_ranAll481TestsAndSkippedNone(String folder) throws Exception {
        Map<String, Counts> reports = SurefireReports.read(Path.of("target", folder));
        assertThat(reports.values().stream().mapToInt(Counts::tests).sum()).isEqualTo(481);
        assertThat(reports)
                .allSatisfy((name, counts) -> assertThat(counts).as(name).isEqualTo(new Counts(counts.tests(), 0, 0)));
    }

    @ParameterizedTest
    @EnabledIfSystemProperty(named = "iftb.test.thorough", matches = "true")
    @ValueSource(strings = {"tck-cluster-reports", "tck-sentinel-reports"})
    void officialTck_onOtherServers_ranAll481Tests(String folder) throws Exception {
        officialTck_inTheBuild_ranAll481TestsAndSkippedNone(folder);
    }

    @Test
    void officialTckWithNearCaches_inTheBuild_heldValues() throws Exception {
        String statistics = Files.readString(Path.of("target/tck-near-commands.txt"));
        Matcher reads = Pattern.compile("cmdstat_pttl:calls=(\\d+)").matcher(statistics); // only near caches ask
        assertThat(reads.find()).isTrue();
        assertThat(Integer.parseInt(reads.group(1))).isGreaterThan(NEAR_READS);
    }

    @Test
    void excludeList_ofTheTck_holdsOnlyTheTestThatProvesItIsRead() throws Exception {
        assertThat(Files.readAllLines(Path.of("src/test/tck/ExcludeList")))
                .isEqualTo(List.of("org.jsr107.tck.CachingTest#dummyTest"));
    }
}
