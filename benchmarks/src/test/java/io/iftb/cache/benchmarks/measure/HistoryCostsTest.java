package io.iftb.cache.benchmarks.measure;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.workload.NamedSeries;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("thorough") // measures for a quarter of a minute
class HistoryCostsTest {

    @Test
    void of_generatedSeries_areThoseOfPages() {
        List<CostFigure> figures;
        try (HistoryCosts costs = new HistoryCosts(Duration.ofMillis(10))) {
            assertThat(costs.server()).matches("Redis \\d.*, (libc|jemalloc.*)");
            figures = costs.of(NamedSeries.generated(8_000));
        }

        assertThat(value(figures, "sealed pages")).isBetween(5.0, 20.0);
        assertThat(value(figures, "iftb-tcp, all keys")).isBetween(10.0, 40.0);
        assertThat(value(figures, "socket, all keys")).isBetween(56.0, 85.0);
        assertThat(value(figures, "json-mget, all keys")).isGreaterThan(150);
        assertThat(figures).allSatisfy(each -> assertThat(each.value()).isPositive());
        assertThat(find(figures, "late bar, one of 100 missing ones").note())
                .endsWith("; 3.00 commands, 2.00 round trips");
        assertThat(find(figures, "1,000 missing bars in one call").note())
                .endsWith("; 2.00 commands, 1.00 round trips");
        assertThat(find(figures, "server, script that cuts the head").section()).isEqualTo("sealing");
    }

    private static double value(List<CostFigure> figures, String what) {
        return find(figures, what).value();
    }

    private static CostFigure find(List<CostFigure> figures, String what) {
        return figures.stream()
                .filter(each -> each.what().equals(what))
                .findFirst()
                .orElseThrow();
    }
}
