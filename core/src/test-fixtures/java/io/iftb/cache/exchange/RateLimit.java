package io.iftb.cache.exchange;

import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * The limit of an exchange: so many requests, and so much weight, in each window of time. Who goes on asking while refused
 * is banned, each time for twice as long.
 */
final class RateLimit {

    private static final long LONGEST_BAN = Duration.ofDays(3).toMillis();

    private final ExchangeOptions options;
    private final LongSupplier clock;
    private final long window;
    private long windowStart = Long.MIN_VALUE;
    private int requests;
    private int weight;
    private int refused;
    private long ban;
    private long bannedUntil = Long.MIN_VALUE;

    /**
     * What becomes of a request.
     *
     * @param status 200, 429 or 418
     * @param usedWeight the weight used in this window
     * @param retryAfter how long nobody may ask, in milliseconds; 0 if the request is admitted
     * @param beginsBan whether a ban begins with it
     */
    record Admission(int status, int usedWeight, long retryAfter, boolean beginsBan) {}

    RateLimit(ExchangeOptions options, LongSupplier clock) {
        this.options = options;
        this.clock = clock;
        this.window = options.window.toMillis();
        this.ban = options.ban.toMillis();
    }

    synchronized Admission admit() {
        long now = clock.getAsLong();
        long start = Math.floorDiv(now, window) * window;
        if (start != windowStart) {
            windowStart = start;
            requests = 0;
            weight = 0;
            refused = 0;
        }
        if (now < bannedUntil) {
            return new Admission(418, weight, bannedUntil - now, false);
        }
        if (requests < options.requestsPerWindow && weight + options.weightOfRequest <= options.weightPerWindow) {
            requests++;
            weight += options.weightOfRequest;
            return new Admission(200, weight, 0, false);
        }
        refused++;
        if (refused <= options.refusalsBeforeBan) {
            return new Admission(429, weight, windowStart + window - now, false);
        }
        bannedUntil = now + ban;
        ban = Math.min(2 * ban, LONGEST_BAN);
        return new Admission(418, weight, bannedUntil - now, true);
    }
}
