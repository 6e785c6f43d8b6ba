package io.iftb.cache.benchmarks.report;

import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.Measured;
import io.iftb.cache.benchmarks.statistics.Reference;
import io.iftb.cache.benchmarks.statistics.Sample;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * A case of {@code summary.json}; times and ratios are medians over forks, null is what was not measured.
 *
 * @param contender who did it
 * @param workload what
 * @param params how much
 * @param microseconds time of an operation
 * @param ratioToSocket time over that of a bare socket
 * @param ratioToBucket time over that of a plain {@code RBucket}
 * @param commands commands of an operation
 * @param roundTrips waits for the server of an operation
 * @param wireBytes bytes in both directions
 * @param allocatedBytes bytes allocated by the JVM
 * @param serverMicroseconds the server's own time
 * @param bytesPerBar memory of the server for a bar
 */
@JsonPropertyOrder({
    "contender",
    "workload",
    "params",
    "microseconds",
    "ratioToSocket",
    "ratioToBucket",
    "commands",
    "roundTrips",
    "wireBytes",
    "allocatedBytes",
    "serverMicroseconds",
    "bytesPerBar"
})
record SummaryRow(
        String contender,
        String workload,
        SortedMap<String, String> params,
        @Nullable Double microseconds,
        @Nullable Double ratioToSocket,
        @Nullable Double ratioToBucket,
        @Nullable Double commands,
        @Nullable Double roundTrips,
        @Nullable Double wireBytes,
        @Nullable Double allocatedBytes,
        @Nullable Double serverMicroseconds,
        @Nullable Double bytesPerBar) {

    static SummaryRow of(Measured measured) {
        Costs costs = measured.costs();
        return new SummaryRow(
                measured.of().contender(),
                measured.of().workload(),
                measured.of().params(),
                median(Reference.microseconds(measured)),
                median(Reference.SOCKET.of(measured)),
                median(Reference.BUCKET.of(measured)),
                costs.commands(),
                costs.roundTrips(),
                costs.wireBytes(),
                costs.allocatedBytes(),
                costs.serverMicroseconds(),
                costs.bytesPerBar());
    }

    static @Nullable Double median(Optional<Sample> sample) {
        return sample.isPresent() ? sample.get().median() : null;
    }
}
