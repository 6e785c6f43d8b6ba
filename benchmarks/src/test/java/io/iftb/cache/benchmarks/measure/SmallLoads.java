package io.iftb.cache.benchmarks.measure;

import io.iftb.cache.benchmarks.contender.Contender;
import io.iftb.cache.benchmarks.workload.Load;
import io.iftb.cache.benchmarks.workload.Workload;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

/** A short load for each workload. */
final class SmallLoads {

    private SmallLoads() {}

    static Load of(Workload workload) {
        return Load.of(
                workload,
                switch (workload) {
                    case LATEST -> Map.of("limit", 100, "bars", 1_500);
                    case RANGE -> Map.of("limit", 50, "bars", 1_500);
                    case UNIVERSE -> Map.of("limit", 20, "bars", 30, "series", 5);
                    case UPSERT -> Map.of("bars", 1_500);
                    case BARS -> Map.of("limit", 20, "bars", 2_500, "step", 30);
                    case BACKFILL -> Map.of("limit", 600, "bars", 4_000);
                    case LATE -> Map.of("bars", 2_500);
                    case INGEST -> Map.of("bars", 2_500);
                    case GET, PUT, INVOKE, ENCODE_TICKER, DECODE_TICKER, ENCODE_BAR, DECODE_BAR -> Map.of();
                    case GET_ALL, PUT_ALL, NEAR_GET -> Map.of("keys", 10);
                    case NEAR_LATEST, NEAR_UNIVERSE -> Map.of("limit", 20, "bars", 30, "series", 5);
                    case ENCODE_BARS, DECODE_BARS -> Map.of("bars", 20);
                });
    }

    /** All supported pairs of contender and load. */
    static Stream<Arguments> all() {
        return Arrays.stream(Workload.values())
                .map(SmallLoads::of)
                .flatMap(load -> Arrays.stream(Contender.values())
                        .filter(contender -> contender.does(load))
                        .map(contender -> Arguments.of(contender, load)));
    }
}
