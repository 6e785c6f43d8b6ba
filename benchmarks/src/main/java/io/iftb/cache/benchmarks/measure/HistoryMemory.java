package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.BarContender;
import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.NamedSeries;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;

/**
 * The server's memory for a series, in bytes for each bar.
 *
 * @param server an empty server
 */
record HistoryMemory(BenchmarkServer server, NamedSeries series) {

    private static final String SECTION = "memory";
    private static final String UNIT = "bytes a bar";

    /** Bars that are written one by one, so that the head grows in place. */
    private static final int SINGLE = 1_000;

    List<CostFigure> figures() {
        List<CostFigure> figures = new ArrayList<>();
        try (BarContender ours = Contender.IFTB_TCP.openBars(server.address())) {
            ours.put(key(), series.bars().bars());
            StoredSeries stored = new StoredSeries(server, key());
            stored.settle();
            int paged = series.bars().size() - stored.headRows();
            figures.add(new CostFigure(
                    SECTION,
                    "sealed pages",
                    stored.pageBytes() / (double) paged,
                    UNIT,
                    stored.pages() + " pages, " + paged + " bars, without what the server adds"));
            figures.add(whole(Contender.IFTB_TCP, "in one call"));
            ours.remove(key());
            int bulk = series.bars().size() - SINGLE;
            ours.put(key(), series.bars().slice(0, bulk).bars());
            BarSeries single = series.bars().last(SINGLE);
            single.bars().forEach(bar -> ours.upsert(key(), bar));
            stored.settle();
            figures.add(whole(Contender.IFTB_TCP, "the last 1,000 bars one by one; goal 18.5 for 20,695 real bars"));
            ours.remove(key());
        }
        figures.add(other(Contender.SOCKET, "raw rows in one string"));
        figures.add(other(Contender.SORTED_SET, "JSON members of a sorted set"));
        figures.add(other(Contender.JSON_MGET, "a JSON key for each bar"));
        return figures;
    }

    private SeriesKey key() {
        return series.key("MEMORY");
    }

    private CostFigure other(Contender contender, String note) {
        try (BarContender store = contender.openBars(server.address())) {
            store.put(key(), series.bars().bars());
            CostFigure figure = whole(contender, note);
            store.remove(key());
            return figure;
        }
    }

    private CostFigure whole(Contender contender, String note) {
        double bytes = server.memory(contender.label() + ":*");
        return new CostFigure(
                SECTION, contender.label() + ", all keys", bytes / series.bars().size(), UNIT, note);
    }
}
