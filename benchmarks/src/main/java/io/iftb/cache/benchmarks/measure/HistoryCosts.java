package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.workload.NamedSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** What history costs in packed pages and in other designs: bytes, times, sealing, and the server's time. */
public final class HistoryCosts implements AutoCloseable {

    /** Bars of the shortest series that has all figures. */
    public static final int MIN_BARS = 6_000;

    private final BenchmarkServer server = new BenchmarkServer();
    private final TrafficProxy proxy = new TrafficProxy(server.address());
    private final Duration duration;

    /** @param duration how long each operation is timed at least, after a warm-up of the same length */
    public HistoryCosts(Duration duration) {
        this.duration = duration;
    }

    /** The server and its allocator, on which the memory depends. */
    public String server() {
        return "Redis " + server.version() + ", " + server.field("memory", "mem_allocator");
    }

    /**
     * Measures a series.
     *
     * @throws IllegalArgumentException if it has fewer than {@link #MIN_BARS} bars
     */
    public List<CostFigure> of(NamedSeries series) {
        if (series.bars().size() < MIN_BARS) {
            throw new IllegalArgumentException(
                    series.name() + " has " + series.bars().size() + " bars; give at least " + MIN_BARS
                            + ", so that most of them are in pages");
        }
        List<CostFigure> figures = new ArrayList<>();
        server.clear();
        figures.addAll(new HistoryMemory(server, series).figures());
        server.clear();
        figures.addAll(new HistoryTimes(server, series, duration).figures());
        server.clear();
        figures.addAll(new Sealing(server, series, duration).figures());
        server.clear();
        figures.addAll(new HistoryServerTimes(server, proxy, series, duration).figures());
        return figures;
    }

    @Override
    public void close() {
        proxy.close();
        server.close();
    }
}
