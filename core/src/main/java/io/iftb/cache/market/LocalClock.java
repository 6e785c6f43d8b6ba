package io.iftb.cache.market;

import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.zone.ZoneOffsetTransition;
import java.time.zone.ZoneRules;

/**
 * Converts between UTC and the wall clock of a zone, both as milliseconds since 1970. It remembers the offset between two
 * changes of the clock, so that a conversion is an addition and makes no objects. Not safe for use by several threads.
 */
final class LocalClock {

    /** More than any clock is put back or forward, also at the date line, where it was a day. */
    private static final long NEAR_A_CHANGE = 2 * 86_400_000L;

    private static final long FOREVER = Long.MAX_VALUE / 2;

    private final ZoneId zone;
    private final ZoneRules rules;
    private long from = 0;
    private long until = 0;
    private long offset = 0;

    LocalClock(ZoneId zone) {
        this.zone = zone;
        this.rules = zone.getRules();
    }

    /** What the wall clock shows at a time. */
    long local(long utc) {
        if (utc < from || utc >= until) {
            findOffset(utc);
        }
        return utc + offset;
    }

    /** When the wall clock shows a time; the first time of two, and as much later as the clock skips if it never does. */
    long utc(long local) {
        long utc = local - offset;
        if (utc - NEAR_A_CHANGE < from || utc + NEAR_A_CHANGE >= until) {
            LocalDateTime time = LocalDateTime.ofEpochSecond(
                    Math.floorDiv(local, 1_000L), Math.floorMod(local, 1_000) * 1_000_000, ZoneOffset.UTC);
            utc = ZonedDateTime.ofLocal(time, zone, null).toInstant().toEpochMilli();
            local(utc);
        }
        return utc;
    }

    private void findOffset(long utc) {
        Instant time = Instant.ofEpochMilli(utc);
        offset = rules.getOffset(time).getTotalSeconds() * 1_000L;
        ZoneOffsetTransition before = rules.previousTransition(time.plusMillis(1));
        ZoneOffsetTransition after = rules.nextTransition(time);
        from = before == null ? -FOREVER : before.getInstant().toEpochMilli();
        until = after == null ? FOREVER : after.getInstant().toEpochMilli();
    }
}
