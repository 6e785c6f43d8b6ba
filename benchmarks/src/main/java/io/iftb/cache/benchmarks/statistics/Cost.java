package io.iftb.cache.benchmarks.statistics;

import io.iftb.cache.benchmarks.result.Costs;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A cost of an operation other than its time. */
public enum Cost {
    COMMANDS("commands", Costs::commands),
    ROUND_TRIPS("round trips", Costs::roundTrips),
    WIRE_BYTES("wire bytes", Costs::wireBytes),
    ALLOCATED_BYTES("allocated bytes", Costs::allocatedBytes),
    SERVER_MICROSECONDS("server µs", Costs::serverMicroseconds),
    BYTES_PER_BAR("bytes per bar", Costs::bytesPerBar);

    private final String title;
    private final Function<Costs, @Nullable Double> figure;

    Cost(String title, Function<Costs, @Nullable Double> figure) {
        this.title = title;
        this.figure = figure;
    }

    /** Such as {@code wire bytes}. */
    public String title() {
        return title;
    }

    /** The figure; null if it was not counted. */
    public @Nullable Double of(Costs costs) {
        return figure.apply(costs);
    }
}
