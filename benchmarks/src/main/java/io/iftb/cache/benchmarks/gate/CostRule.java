package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.statistics.Cost;
import java.util.Optional;

/**
 * How far a cost may be from the baseline. Counts are the same in every run but for a command of the client's own, such
 * as one that asks for the server's clock once a minute; bytes move by a few; the server's time depends on the machine.
 */
enum CostRule {
    COMMANDS(Cost.COMMANDS, 0, 0.01),
    ROUND_TRIPS(Cost.ROUND_TRIPS, 0, 0.01),
    WIRE_BYTES(Cost.WIRE_BYTES, 0.02, 0),
    /** The smallest object has 16 bytes: what is below that comes from the measurement. */
    ALLOCATED_BYTES(Cost.ALLOCATED_BYTES, 0.02, 15),
    BYTES_PER_BAR(Cost.BYTES_PER_BAR, 0.02, 0),
    SERVER_MICROSECONDS(Cost.SERVER_MICROSECONDS, 0.15, 0.1);

    private final Cost cost;
    private final double share;
    private final double amount;

    CostRule(Cost cost, double share, double amount) {
        this.cost = cost;
        this.share = share;
        this.amount = amount;
    }

    /** What moved, if it did; judged by its direction. */
    Optional<Movement> judge(Case of, Costs before, Costs now) {
        String figure = cost.title();
        Double old = cost.of(before);
        Double found = cost.of(now);
        if (old == null && found == null) {
            return Optional.empty();
        }
        if (old == null) {
            return Optional.of(Movement.of(of, figure, null, found, Outcome.NEW, ""));
        }
        if (found == null) {
            return Optional.of(Movement.of(of, figure, old, null, missing(), ""));
        }
        if (Math.abs(found - old) <= Math.max(share * Math.abs(old), amount)) {
            return Optional.empty();
        }
        return Optional.of(Movement.of(of, figure, old, found, moved(found > old), ""));
    }

    private Outcome missing() {
        return this == SERVER_MICROSECONDS ? Outcome.SHOWN : Outcome.MISSING;
    }

    private Outcome moved(boolean upwards) {
        if (this == SERVER_MICROSECONDS) {
            return Outcome.SHOWN;
        }
        return upwards ? Outcome.REGRESSION : Outcome.IMPROVEMENT;
    }
}
