package io.iftb.cache.benchmarks.measure;

import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/** What a near cache gives and costs: reads by type of key, reads while others write, and the server's time for writes. */
public final class NearCosts implements AutoCloseable {

    private final BenchmarkServer server = new BenchmarkServer();
    private final Duration turn;
    private final int rounds;

    /**
     * @param turn how long each turn of a measurement takes at least
     * @param rounds how many turns each of them has; a figure is the median of them, or the least for CPU time
     */
    public NearCosts(Duration turn, int rounds) {
        this.turn = turn;
        this.rounds = rounds;
    }

    /** The server. */
    public String server() {
        return "Redis " + server.version();
    }

    /** Time and allocated bytes of a {@code Cache.get} that this JVM answers, by the type of the key. */
    public List<CostFigure> keys() {
        server.clear();
        return new NearKeys(server.address(), rounds).figures();
    }

    /** Reads of one key that is written 1,000 times a second. */
    public List<CostFigure> underWrites() {
        server.clear();
        return new NearUnderWrites(server, turn, rounds).figures();
    }

    /** Reads of many series whose open bars are written each second. */
    public List<CostFigure> universe() {
        server.clear();
        return new NearUniverse(server, turn, rounds).figures();
    }

    /**
     * The server's time for a write.
     *
     * @param clients the numbers of tracking clients
     * @param together how many writes are sent at once
     */
    public List<CostFigure> tracking(List<Integer> clients, int together) {
        server.clear();
        return new TrackingCosts(server, turn, rounds, together).figures(clients);
    }

    /** Such as {@code goal ≤ 2: reached}. */
    static String atMost(double bound, double actual) {
        return goal("≤", bound, actual <= bound);
    }

    /** Such as {@code goal ≥ 50: not reached}. */
    static String atLeast(double bound, double actual) {
        return goal("≥", bound, actual >= bound);
    }

    private static String goal(String sign, double bound, boolean reached) {
        return String.format(
                Locale.ROOT,
                "goal %s %s: %s",
                sign,
                new DecimalFormat("0.##", DecimalFormatSymbols.getInstance(Locale.ROOT)).format(bound),
                reached ? "reached" : "not reached");
    }

    @Override
    public void close() {
        server.close();
    }
}
