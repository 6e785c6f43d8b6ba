package io.iftb.cache.benchmarks.statistics;

import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.ForkTime;
import java.util.Arrays;
import java.util.Optional;

/** A contender whose time other times are divided by, since absolute times differ from run to run. */
public enum Reference {
    /** A bare blocking socket that carries the same payload. */
    SOCKET("bare socket", "socket"),
    /** A plain Redisson {@code RBucket} with the same number of bytes. */
    BUCKET("RBucket", "bucket"),
    /** Caffeine by itself: the upper limit for what this JVM holds. */
    CAFFEINE("Caffeine", "caffeine");

    private final String title;
    private final String contender;

    Reference(String title, String contender) {
        this.title = title;
        this.contender = contender;
    }

    /** Whether a contender is a reference. */
    public static boolean isOne(String contender) {
        return Arrays.stream(values()).anyMatch(each -> each.contender.equals(contender));
    }

    /** Such as {@code bare socket}. */
    public String title() {
        return title;
    }

    /** The ratios to this reference of all forks that measured it; empty if none did. */
    public Optional<ForkSample> of(CaseResult result) {
        return switch (this) {
            case SOCKET -> ForkSample.of(result, ForkTime::ratioToSocket);
            case BUCKET -> ForkSample.of(result, ForkTime::ratioToBucket);
            case CAFFEINE -> ForkSample.of(result, ForkTime::ratioToCaffeine);
        };
    }

    /** The times of all forks in microseconds; empty if no times were measured. */
    public static Optional<ForkSample> microseconds(CaseResult result) {
        return ForkSample.of(result, ForkTime::microseconds);
    }

    /** The time of one case divided by that of another: by a reference that both have, else by their times. */
    public static Optional<Double> ratio(CaseResult one, CaseResult other) {
        for (Reference reference : values()) {
            Optional<Double> ratio = over(reference.of(one), reference.of(other));
            if (ratio.isPresent()) {
                return ratio;
            }
        }
        return over(microseconds(one), microseconds(other));
    }

    private static Optional<Double> over(Optional<ForkSample> one, Optional<ForkSample> other) {
        return one.flatMap(upper -> other.map(upper::over));
    }
}
