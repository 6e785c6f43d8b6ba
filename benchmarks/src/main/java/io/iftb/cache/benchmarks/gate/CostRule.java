package io.iftb.cache.benchmarks.gate;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.statistics.Cost;
import java.util.Optional;

/**
 * The tolerance for a cost. Counts are equal in every run except for a client's own commands, such as a request for the
 * server's clock once a minute. Bytes vary by a few. The server's time depends on the machine and is not judged.
 */
enum CostRule {
    COMMANDS(Cost.COMMANDS, 0, 0.01),
    ROUND_TRIPS(Cost.ROUND_TRIPS, 0, 0.01),
    WIRE_BYTES(Cost.WIRE_BYTES, 0.02, 0),
    /** The smallest object has 16 bytes; smaller differences come from the measurement. */
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

    /** The change of the cost, if it is beyond the tolerance. */
    Optional<FigureChange> judge(Case of, Costs before, Costs now) {
        String figure = cost.title();
        Double old = cost.of(before);
        Double current = cost.of(now);
        if (old == null && current == null) {
            return Optional.empty();
        }
        if (old == null) {
            return Optional.of(FigureChange.of(of, figure, null, current, ChangeKind.NEW, ""));
        }
        if (current == null) {
            return Optional.of(FigureChange.of(of, figure, old, null, missing(), ""));
        }
        if (Math.abs(current - old) <= Math.max(share * Math.abs(old), amount)) {
            return Optional.empty();
        }
        return Optional.of(FigureChange.of(of, figure, old, current, changed(current > old), ""));
    }

    private ChangeKind missing() {
        return this == SERVER_MICROSECONDS ? ChangeKind.SHOWN : ChangeKind.MISSING;
    }

    private ChangeKind changed(boolean upwards) {
        if (this == SERVER_MICROSECONDS) {
            return ChangeKind.SHOWN;
        }
        return upwards ? ChangeKind.REGRESSION : ChangeKind.IMPROVEMENT;
    }
}
