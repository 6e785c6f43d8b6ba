package io.iftb.cache.redis;

import java.time.Duration;
import java.util.Comparator;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The clocks of all primaries.
 *
 * @param primaries whose clocks they are
 */
record PrimaryClocks(Primaries primaries) {

    /** Asks all for their time, without waiting for it. */
    void begin() {
        for (Primary each : primaries.all()) {
            var unused = each.clock().begin();
        }
    }

    /** Asks those that have been replaced by another server. */
    void look() {
        if (primaries.isConnected()) {
            primaries.serving().forEach(Primary::look);
        }
    }

    /** How far off they are at most; null before they were asked. */
    @Nullable
    Duration error() {
        return primaries.all().stream()
                .map(each -> each.clock().error())
                .filter(Objects::nonNull)
                .max(Comparator.naturalOrder())
                .orElse(null);
    }

    /** A time of the servers that is known already, epoch milliseconds; else that of this JVM. */
    long anyMillis() {
        return primaries.serving().stream()
                .map(each -> each.clock().knownMillis())
                .filter(Objects::nonNull)
                .findFirst()
                .orElseGet(System::currentTimeMillis);
    }
}
