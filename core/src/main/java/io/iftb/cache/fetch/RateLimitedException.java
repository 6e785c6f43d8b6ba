package io.iftb.cache.fetch;

import java.io.Serial;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeParseException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A source refused a request because there were too many, such as by HTTP status 429: nobody may ask it for some time. */
public final class RateLimitedException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final Pattern SECONDS = Pattern.compile("\\d{1,10}");
    private static final Duration UNKNOWN = Duration.ofMinutes(1);

    private final Duration retryAfter;

    /** @param retryAfter how long nobody may ask, such as the header {@code Retry-After} says; not negative */
    public RateLimitedException(Duration retryAfter) {
        super("the source takes no request for " + retryAfter.toMillis() + " ms; ask again after that");
        if (retryAfter.isNegative()) {
            throw new IllegalArgumentException("retryAfter " + retryAfter + " is negative; give 0 or more");
        }
        this.retryAfter = retryAfter;
    }

    /**
     * By the header {@code Retry-After} of an answer: seconds, or a date of HTTP (RFC 9110, section 10.2.3), which is compared
     * with the header {@code Date} of the same answer. 60 s if it is missing or nothing of the kind,
     * such as a time in seconds since 1970.
     *
     * @param retryAfter its value; null if there is none
     * @param date the value of the header {@code Date}; null if there is none
     */
    public static RateLimitedException ofRetryAfter(@Nullable String retryAfter, @Nullable String date) {
        String text = retryAfter == null ? "" : retryAfter.strip();
        if (SECONDS.matcher(text).matches()) {
            Duration time = Duration.ofSeconds(Long.parseLong(text));
            return new RateLimitedException(time.compareTo(SourceTurns.LONGEST_STOP) > 0 ? UNKNOWN : time);
        }
        try {
            Duration left = Duration.between(time(date == null ? "" : date.strip()), time(text));
            return new RateLimitedException(left.isNegative() ? Duration.ZERO : left);
        } catch (DateTimeParseException e) {
            return new RateLimitedException(UNKNOWN);
        }
    }

    private static Instant time(String date) {
        return DateTimeFormatter.RFC_1123_DATE_TIME.parse(date, Instant::from);
    }

    /** How long nobody may ask the source. */
    public Duration retryAfter() {
        return retryAfter;
    }
}
