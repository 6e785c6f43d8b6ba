package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.NamedSeries;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PagePacker;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.apache.commons.math3.stat.descriptive.rank.Median;

/**
 * What it costs to seal the older rows of a head in a page.
 *
 * @param server an empty server
 * @param duration how long packing is timed at least
 */
record Sealing(BenchmarkServer server, NamedSeries series, Duration duration) {

    private static final String SECTION = "sealing";
    private static final String MICROSECONDS = "µs";
    private static final int MOST_PAGES = 100;
    private static final double NANOS = 1_000;

    /** Bars of one call that do not become a page by themselves. */
    private static final int CALL_BARS = 500;

    /** Of an entry of the server's slow log: the time in microseconds, and the command. */
    private static final int MICROS = 2;

    private static final int ARGUMENTS = 3;

    List<CostFigure> figures() {
        List<CostFigure> figures = new ArrayList<>(packing());
        SeriesKey key = series.key("SEALING");
        StoredSeries stored = new StoredSeries(server, key);
        List<Double> elapsed = new ArrayList<>();
        List<Double> cuts = new ArrayList<>();
        int sealed = 0;
        try (BarContender ours = Contender.IFTB_TCP.openBars(server.address())) {
            BarSeries bars = series.bars();
            int at = bars.size() / 2;
            ours.put(key, bars.slice(0, at).bars());
            stored.settle();
            while (elapsed.size() < MOST_PAGES) {
                int end = at + StoredSeries.HEAD_MAX_ROWS - stored.headRows();
                if (end > bars.size()) {
                    break;
                }
                while (at < end) {
                    int to = Math.min(end, at + CALL_BARS);
                    ours.put(key, bars.slice(at, to).bars());
                    at = to;
                }
                int before = stored.headRows();
                log(true);
                long start = System.nanoTime();
                ours.seal(key);
                elapsed.add((System.nanoTime() - start) / NANOS);
                log(false);
                cuts.addAll(cuts());
                sealed += before - stored.headRows();
            }
        }
        if (cuts.isEmpty()) {
            return figures;
        }
        String pages = String.format(Locale.ROOT, "median of %d, %d bars each", cuts.size(), sealed / cuts.size());
        figures.add(
                new CostFigure(SECTION, "read, pack, exchange, look for more", median(elapsed), MICROSECONDS, pages));
        figures.add(new CostFigure(SECTION, "server, script that cuts the head", median(cuts), MICROSECONDS, pages));
        return figures;
    }

    /** The time of packing the rows of one page, which is read back. */
    private List<CostFigure> packing() {
        PageRows rows = new PageRows(StoredSeries.HEAD_MAX_ROWS);
        rows.addAll(series.bars(), 0, StoredSeries.HEAD_MAX_ROWS, BarRow.NEVER);
        PagePacker packer = new PagePacker();
        int packed = packer.endOfFitting(rows, 0, rows.size(), PagePacker.CLASS_BYTES);
        Task task = Task.of(() -> packer.packFitting(rows, 0, rows.size(), PagePacker.CLASS_BYTES, 1), page -> {});
        TimingLoop loop = new TimingLoop(List.of(task), 1);
        loop.run(duration, 1);
        loop.reset();
        loop.run(duration, 1);
        double micros = new Median().evaluate(loop.nanos(0)) / NANOS;
        return List.of(new CostFigure(
                SECTION,
                "client, pack a page",
                micros,
                MICROSECONDS,
                String.format(Locale.ROOT, "about %d bars, %.0f ns each", packed, micros * NANOS / packed)));
    }

    private void log(boolean isOn) {
        server.call("CONFIG", "SET", "slowlog-log-slower-than", isOn ? "0" : "-1");
        if (isOn) {
            server.call("SLOWLOG", "RESET");
        }
    }

    /** The times of the scripts that cut a head, in microseconds. */
    private List<Double> cuts() {
        List<Double> micros = new ArrayList<>();
        for (Object entry : (List<?>) server.call("SLOWLOG", "GET", "-1")) {
            List<?> fields = (List<?>) requireNonNull(entry);
            List<String> command = ((List<?>) requireNonNull(fields.get(ARGUMENTS)))
                    .stream()
                            .map(each -> new String((byte[]) requireNonNull(each), StandardCharsets.ISO_8859_1))
                            .toList();
            if (command.get(0).equals("EVALSHA") && command.contains("CUT")) {
                micros.add((double) (Long) requireNonNull(fields.get(MICROS)));
            }
        }
        return micros;
    }

    private static double median(List<Double> values) {
        return new Median()
                .evaluate(values.stream().mapToDouble(Double::doubleValue).toArray());
    }
}
