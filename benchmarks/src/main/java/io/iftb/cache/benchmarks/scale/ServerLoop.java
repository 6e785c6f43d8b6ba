package io.iftb.cache.benchmarks.scale;

import java.time.Duration;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * One primary under a fleet, simulated request by request. It works in turns: it carries out what has arrived, tells those who
 * track what has changed, and then replies. Bots read at random times, independently of each other. The same seed gives the
 * same run.
 */
public final class ServerLoop {

    /** Near caches begin empty, which is over after that. */
    private static final double WARM_UP_MICROS = 1e6;

    private final ServerCosts costs;
    private final Fleet fleet;
    private final double micros;
    private final SplittableRandom random;

    private final double[] phases;
    private final int[] version;
    private final int[] held;
    private final boolean[] asked;

    private double nextRead;
    private int nextPhase;
    private double period;

    private double now;
    private double busy;
    private long tellingTurns;
    private long written;
    private Delays reads = new Delays();

    private Turn turn = new Turn();
    private Turn next = new Turn();

    /** What arrives before a turn begins. */
    private static final class Turn {

        private double[] arrivals = new double[64];
        private int[] copies = new int[64];
        private int size;
        private final BitSet changed = new BitSet();
        private int writes;

        void addRead(double arrival, int copy) {
            if (size == copies.length) {
                arrivals = Arrays.copyOf(arrivals, 2 * size);
                copies = Arrays.copyOf(copies, 2 * size);
            }
            arrivals[size] = arrival;
            copies[size++] = copy;
        }

        void addWrite(int series) {
            changed.set(series);
            writes++;
        }

        boolean isEmpty() {
            return size == 0 && writes == 0;
        }

        void clear() {
            size = 0;
            writes = 0;
            changed.clear();
        }
    }

    /**
     * What a run has shown.
     *
     * @param utilization the part of the time in which the server was busy
     * @param reads a second that were sent and answered
     * @param writes a second
     * @param tellingTurns a second in which all bots were told
     * @param median how long a read took, µs
     * @param most99 how long 99 of 100 took at most, µs
     * @param longest the longest, µs
     */
    public record Result(
            double utilization,
            double reads,
            double writes,
            double tellingTurns,
            double median,
            double most99,
            double longest) {}

    private ServerLoop(ServerCosts costs, Fleet fleet, Moments moments, Duration time, long seed) {
        this.costs = costs;
        this.fleet = fleet;
        this.micros = time.toNanos() / 1e3;
        this.random = new SplittableRandom(seed);
        this.phases = new double[fleet.series()];
        this.version = new int[fleet.series()];
        this.held = new int[fleet.copies()];
        this.asked = new boolean[fleet.copies()];
        Arrays.fill(held, -1);
        if (moments == Moments.SPREAD) {
            Arrays.setAll(phases, series -> random.nextDouble() * 1e6 / fleet.writes());
            Arrays.sort(phases);
        }
        nextRead = pause();
    }

    /** Runs for a simulated time after a warm-up. */
    public static Result run(ServerCosts costs, Fleet fleet, Moments moments, Duration time, long seed) {
        return new ServerLoop(costs, fleet, moments, time, seed).run();
    }

    private Result run() {
        arrive();
        runUntil(WARM_UP_MICROS);
        double begun = now;
        busy = 0;
        tellingTurns = 0;
        written = 0;
        reads = new Delays();
        runUntil(begun + micros);
        double seconds = (now - begun) / 1e6;
        return new Result(
                busy / (now - begun),
                reads.size() / seconds,
                written / seconds,
                tellingTurns / seconds,
                reads.quantile(0.5),
                reads.quantile(0.99),
                reads.quantile(1));
    }

    private void runUntil(double end) {
        while (now < end) {
            Turn before = turn;
            turn = next;
            next = before;
            next.clear();
            if (turn.isEmpty()) {
                now = Math.min(nextRead, nextWrite());
                arrive();
            } else {
                carryOut();
            }
        }
    }

    private void carryOut() {
        double cost = turn.size * costs.readMicros() + turn.writes * costs.writeMicros();
        if (turn.writes > 0 && fleet.reading() == Reading.NEAR) {
            cost += fleet.bots() * costs.message();
            tellingTurns++;
        }
        now += cost;
        busy += cost;
        written += turn.writes;
        arrive(); // what arrived meanwhile has heard of no change of this turn
        for (int i = 0; i < turn.size; i++) {
            reads.add(now - turn.arrivals[i]);
            int copy = turn.copies[i];
            asked[copy] = false;
            held[copy] = version[copy % fleet.series()];
        }
        turn.changed.stream().forEach(series -> version[series]++);
    }

    /** What has arrived until now waits for the next turn. */
    private void arrive() {
        while (nextRead <= now) {
            int copy = random.nextInt(fleet.copies());
            if (fleet.reading() == Reading.SERVER) {
                next.addRead(nextRead, copy);
            } else if (!asked[copy] && held[copy] != version[copy % fleet.series()]) {
                asked[copy] = true; // readers that come meanwhile share the answer
                next.addRead(nextRead, copy);
            }
            nextRead += pause();
        }
        while (nextWrite() <= now) {
            next.addWrite(nextPhase);
            if (++nextPhase == phases.length) {
                nextPhase = 0;
                period++;
            }
        }
    }

    private double nextWrite() {
        return phases[nextPhase] + period * 1e6 / fleet.writes();
    }

    /** The time until the next read of any bot. */
    private double pause() {
        if (fleet.bots() == 0) {
            return Double.POSITIVE_INFINITY;
        }
        return -StrictMath.log1p(-random.nextDouble()) * 1e6 / (fleet.copies() * fleet.reads());
    }
}
