package io.iftb.cache.jcache.boot;

import io.iftb.cache.Health;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.NearHealth;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.ObjectProvider;

/**
 * What Actuator shows of the server.
 *
 * @param isUp whether it answers
 * @param details what is known of it, without passwords
 */
record HealthDetails(boolean isUp, Map<String, Object> details) {

    /**
     * Asks the server, and connects if that was not yet done; with several {@code MarketCaches}, what is known of each is below its
     * server. Never throws.
     */
    static HealthDetails of(ObjectProvider<MarketCaches> caches) {
        try {
            List<HealthDetails> all =
                    caches.stream().map(each -> of(each.health())).toList();
            if (all.size() == 1) {
                return all.get(0);
            }
            Map<String, Object> details = new LinkedHashMap<>();
            all.forEach(each -> details.put(unused(details, String.valueOf(each.details.get("server"))), each.details));
            return new HealthDetails(all.stream().allMatch(HealthDetails::isUp), details);
        } catch (RuntimeException e) {
            Map<String, Object> details = new LinkedHashMap<>();
            put(details, "problem", message(e));
            return new HealthDetails(false, details);
        }
    }

    /** A name for what is known of a server, of which several may be on one address. */
    private static String unused(Map<String, Object> details, String server) {
        String name = server;
        for (int i = 2; details.containsKey(name); i++) {
            name = server + " (" + i + ")";
        }
        return name;
    }

    private static HealthDetails of(Health health) {
        Map<String, Object> details = new LinkedHashMap<>();
        put(details, "server", health.server());
        put(details, "version", health.version());
        put(details, "mode", health.mode());
        put(details, "pingMicros", health.ping() == null ? null : health.ping().toNanos() / 1_000);
        put(details, "problem", health.problem());
        put(details, "breaker", health.breaker().open() ? "open" : "closed");
        NearHealth near = health.near();
        put(details, "nearCaches", near == null ? null : near.hearing() ? "hearing" : near.problem());
        return new HealthDetails(health.reachable(), details);
    }

    private static void put(Map<String, Object> details, String name, @Nullable Object value) {
        if (value != null) {
            details.put(name, value);
        }
    }

    /** Our own sentence, without what Spring says of the bean. */
    private static String message(Throwable failure) {
        Throwable ours = CacheFailureAnalyzer.ours(failure);
        return String.valueOf((ours == null ? failure : ours).getMessage());
    }
}
