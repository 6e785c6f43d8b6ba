package io.iftb.cache.benchmarks.report;

import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.statistics.Cost;
import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.statistics.Sample;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * All figures of a workload: a row for each case, a column for each figure that at least one case has.
 *
 * @param heads the names of the columns, after those of the contender and the parameters
 * @param rows the cases
 */
record CaseTable(List<String> heads, List<Row> rows) {

    /** A case with its figures. */
    record Row(Measured measured, List<String> cells) {}

    private record Column(String head, Function<Measured, String> cell) {}

    static CaseTable of(Workload workload) {
        List<Measured> measured = workload.panels().stream()
                .flatMap(panel -> panel.measured().stream().sorted(Comparator.comparingDouble(CaseTable::time)))
                .toList();
        List<Column> columns = new ArrayList<>();
        columns.add(new Column("µs", each -> median(Reference.microseconds(each))));
        columns.add(new Column("µs, 99%", each -> median(percentile99(each))));
        for (Reference reference : Reference.values()) {
            columns.add(new Column("÷ " + reference.title(), each -> ratio(reference.of(each))));
        }
        for (Cost cost : Cost.values()) {
            columns.add(new Column(cost.title(), each -> Figures.number(cost.of(each.costs()))));
        }
        columns.removeIf(column ->
                measured.stream().allMatch(each -> column.cell().apply(each).equals(Figures.NONE)));
        List<Row> rows = measured.stream()
                .map(each -> new Row(
                        each,
                        columns.stream()
                                .map(column -> column.cell().apply(each))
                                .toList()))
                .toList();
        return new CaseTable(columns.stream().map(Column::head).toList(), rows);
    }

    private static double time(Measured measured) {
        return Reference.microseconds(measured).map(Sample::median).orElse(Double.MAX_VALUE);
    }

    private static Optional<Sample> percentile99(Measured measured) {
        List<Double> times =
                measured.forks().stream().map(ForkTime::microseconds99).toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(Sample.of(times));
    }

    private static String median(Optional<Sample> sample) {
        return Figures.number(SummaryRow.median(sample));
    }

    private static String ratio(Optional<Sample> ratios) {
        return ratios.map(each -> Figures.times(each.median())).orElse(Figures.NONE);
    }
}
