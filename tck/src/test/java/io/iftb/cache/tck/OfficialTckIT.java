package io.iftb.cache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.tck.SurefireReports.Counts;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Checks the reports of the official TCK, which the build has just run: all of it ran, and nothing was excluded. */
class OfficialTckIT {

    @Test
    void officialTck_inTheBuild_ranAll481TestsAndSkippedNone() throws Exception {
        Map<String, Counts> reports = SurefireReports.read(Path.of("target/tck-reports"));
        assertThat(reports.values().stream().mapToInt(Counts::tests).sum()).isEqualTo(481);
        assertThat(reports)
                .allSatisfy((name, counts) -> assertThat(counts).as(name).isEqualTo(new Counts(counts.tests(), 0, 0)));
    }

    @Test
    void excludeList_ofTheTck_holdsOnlyTheTestThatProvesItIsRead() throws Exception {
        assertThat(Files.readAllLines(Path.of("src/test/tck/ExcludeList")))
                .isEqualTo(List.of("org.jsr107.tck.CachingTest#dummyTest"));
    }
}
