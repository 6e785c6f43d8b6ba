package io.iftb.cache.benchmarks.statistics;

import io.iftb.cache.benchmarks.result.Costs;
import org.jspecify.annotations.Nullable;

/** A cost of an operation other than its time. */
public enum Cost {
    COMMANDS("commands"),
    ROUND_TRIPS("round trips"),
    WIRE_BYTES("wire bytes"),
    ALLOCATED_BYTES("allocated bytes"),
    SERVER_MICROSECONDS("server µs"),
    BYTES_PER_BAR("bytes per bar");

    private final String title;

    Cost(String title) {
        this.title = title;
    }

    /** Such as {@code wire bytes}. */
    public String title() {
        return title;
    }

    /** The figure; null if it was not counted. */
    public @Nullable Double of(Costs costs) {
        return switch (this) {
            case COMMANDS -> costs.commands();
            case ROUND_TRIPS -> costs.roundTrips();
            case WIRE_BYTES -> costs.wireBytes();
            case ALLOCATED_BYTES -> costs.allocatedBytes();
            case SERVER_MICROSECONDS -> costs.serverMicroseconds();
            case BYTES_PER_BAR -> costs.bytesPerBar();
        };
    }
}
