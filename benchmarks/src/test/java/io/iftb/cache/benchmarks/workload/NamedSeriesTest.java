package io.iftb.cache.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class NamedSeriesTest {

    private static final String NAMES = "timestamp,open,high,low,close,volume\n";

    @TempDir
    private Path folder;

    @Test
    void of_barsOfFourHoursWithAGap_areFourHoursLong() throws IOException {
        NamedSeries series = NamedSeries.of(
                file(
                        NAMES
                                + "1463544000000,456.16,456.81,455.3,456.02,561.8\n1463572800000,1,3,1,2,5\n1463587200000,1,3,1,2,6\n"));

        assertThat(series.name()).isEqualTo("bars.csv, 4h");
        assertThat(series.key("X")).hasToString("X:4h");
        assertThat(series.bars().size()).isEqualTo(3);
        assertThat(series.bars().bar(0))
                .isEqualTo(new OhlcvBar(1_463_544_000_000L, 456.16, 456.81, 455.3, 456.02, 561.8));
        assertThat(series.isOfGrid()).isFalse();
    }

    @Test
    void of_days_beginAtMidnightOfUtc() throws IOException {
        NamedSeries series = NamedSeries.of(file(NAMES + "1970-01-02,1,3,1,2,5\n1970-01-03,1,3,1,2,5\n"));

        assertThat(series.timeframe()).hasToString("1d");
        assertThat(series.bars().openTimes()).containsExactly(86_400_000, 172_800_000);
    }

    @Test
    void of_lineThatIsNoBar_namesIt() throws IOException {
        Path file = file(NAMES + "1463544000000,1,3,1,2,5\n1463558400000,1,3,1\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamedSeries.of(file))
                .withMessage(file + ", line 3: a bar has 6 fields, not 4");
    }

    @Test
    void of_oneBar_isRefused() throws IOException {
        Path file = file(NAMES + "1463544000000,1,3,1,2,5\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> NamedSeries.of(file))
                .withMessageContaining("has 1 bars");
    }

    @Test
    void generated_isOfGrid() {
        assertThat(NamedSeries.generated(10).isOfGrid()).isTrue();
        assertThat(NamedSeries.generated(10).name()).isEqualTo("generated, 1m");
    }

    private Path file(String text) throws IOException {
        return Files.writeString(folder.resolve("bars.csv"), text);
    }
}
