package io.iftb.cache.benchmarks.scale;

import java.util.Arrays;
import java.util.Comparator;

/**
 * The calculation of SCALE.md: what a fleet demands of each primary. Series are spread evenly over the primaries; each bot is
 * connected to all of them.
 *
 * @param costs what a primary spends
 * @param primaries how many there are
 */
public record Capacity(ServerCosts costs, Fleet fleet, int primaries) {

    private static final double SECOND_MICROS = 1e6;

    /** The head of a series: rows of 56 bytes, between 1,023 and 2,046 of them, in a string that has room for more. */
    private static final int HEAD_ROWS = 2_046;

    private static final double ROW_BYTES = 57;
    private static final double PACKED_BAR_BYTES = 12.2;

    /** Two idle connections and one for messages of the client library. */
    private static final int CONNECTIONS_OF_BOT = 3;

    /** The wait behind others is about exponential: ln(100) times its mean is reached by one of 100. */
    private static final double WAIT_OF_99 = 4.6;

    /** Who comes as a turn begins waits for the end of it and of the next. */
    private static final double TURNS_OF_99 = 2;

    public Capacity {
        if (primaries < 1) {
            throw new IllegalArgumentException(primaries + " primaries; there is at least one");
        }
    }

    Capacity withBots(int bots) {
        return new Capacity(costs, fleet.withBots(bots), primaries);
    }

    /** Writes a second. */
    public double writes() {
        return fleet.series() * fleet.writes() / primaries;
    }

    /** Reads a second that are sent. A near cache sends one for each write that a read follows before the next write. */
    public double reads() {
        double copies = (double) fleet.bots() * fleet.seriesOfBot() / primaries;
        return switch (fleet.reading()) {
            case SERVER -> copies * fleet.reads();
            case NEAR -> copies * fleet.writes() * -Math.expm1(-fleet.reads() / fleet.writes());
        };
    }

    /** The part of the server's thread that reads and writes take: what cannot be saved by doing it together. */
    public double load() {
        return (writes() * costs.writeMicros() + reads() * costs.readMicros()) / SECOND_MICROS;
    }

    /** How long it takes to tell all bots what has changed in a turn. */
    private double tellingMicros() {
        return fleet.reading() == Reading.NEAR ? fleet.bots() * costs.message() : 0;
    }

    /** How long a turn lasts in which something has changed, with what arrives while it lasts; infinite if it never ends. */
    private double turnMicros() {
        return load() < 1 ? tellingMicros() / (1 - load()) : Double.POSITIVE_INFINITY;
    }

    /** Turns a second in which all bots are told: writes that come in one turn are told together. */
    public double tellingTurns() {
        double turn = turnMicros() / SECOND_MICROS;
        return Double.isInfinite(turn) ? 0 : 1 / (turn + Math.exp(-writes() * turn) / writes());
    }

    /** The part of the time in which the server is busy. */
    public double utilization() {
        return Math.min(1, load() + tellingTurns() * tellingMicros() / SECOND_MICROS);
    }

    /** How long 99 of 100 reads take at most on the server; infinite if it cannot keep up. */
    public double delayMicros() {
        if (load() >= 1) {
            return Double.POSITIVE_INFINITY;
        }
        double service = load() * SECOND_MICROS / (writes() + reads());
        return TURNS_OF_99 * (turnMicros() + service) + WAIT_OF_99 * load() * service / (1 - load());
    }

    /** Bytes a second, both ways. */
    public double networkBytes() {
        double told = fleet.reading() == Reading.NEAR ? writes() * fleet.bots() * costs.messageBytes() : 0;
        return reads() * costs.readBytes() + writes() * costs.writeBytes() + told;
    }

    /** Bytes of all series. */
    public double memoryBytes() {
        long head = Math.min(fleet.bars(), HEAD_ROWS);
        double each = head * ROW_BYTES + (fleet.bars() - head) * PACKED_BAR_BYTES;
        return fleet.series() * each / primaries;
    }

    /** Connections of all bots, at least. */
    public double connections() {
        return (double) fleet.bots() * (CONNECTIONS_OF_BOT + (fleet.reading() == Reading.NEAR ? 1 : 0));
    }

    /** What gives way first as bots are added. */
    public Limit first() {
        return Arrays.stream(Limit.values())
                .min(Comparator.comparingInt(limit -> limit.mostBots(this)))
                .orElseThrow();
    }
}
