package io.iftb.cache.benchmarks.statistics;

import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.Measured;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What a time is divided by, since absolute times differ from run to run. */
public enum Reference {
    /** A bare blocking socket that carries the same payload. */
    SOCKET("bare socket", "socket"),
    /** A plain Redisson {@code RBucket} of as many bytes. */
    BUCKET("RBucket", "bucket");

    private final String title;
    private final String contender;

    Reference(String title, String contender) {
        this.title = title;
        this.contender = contender;
    }

    /** Whether a contender takes part only so that others can be compared with it. */
    public static boolean isOne(String contender) {
        return Arrays.stream(values()).anyMatch(each -> each.contender.equals(contender));
    }

    /** Such as {@code bare socket}. */
    public String title() {
        return title;
    }

    /** The ratios of the forks that measured this reference, if any did. */
    public Optional<Sample> of(Measured measured) {
        List<Double> ratios = measured.forks().stream()
                .map(this::ratio)
                .filter(Objects::nonNull)
                .toList();
        return ratios.isEmpty() ? Optional.empty() : Optional.of(Sample.of(ratios));
    }

    private @Nullable Double ratio(ForkTime fork) {
        return switch (this) {
            case SOCKET -> fork.ratioToSocket();
            case BUCKET -> fork.ratioToBucket();
        };
    }

    /** The times of all forks in microseconds, if there are any. */
    public static Optional<Sample> microseconds(Measured measured) {
        List<Double> times =
                measured.forks().stream().map(ForkTime::microseconds).toList();
        return times.isEmpty() ? Optional.empty() : Optional.of(Sample.of(times));
    }
}
