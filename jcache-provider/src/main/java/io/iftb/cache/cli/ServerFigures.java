package io.iftb.cache.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What the servers count, all primaries together, for all programs that use them.
 *
 * @param server the address
 * @param version kind and version of the first
 * @param primaries how many there are
 * @param upSeconds since when the youngest runs
 * @param keys in the database of the caches
 * @param usedBytes memory used
 * @param limitBytes memory at most; 0 for no limit
 * @param commandsPerSecond commands a second now
 * @param hits reads of keys that were there, since the start
 * @param misses reads of keys that were not there
 * @param evicted keys evicted
 * @param expired keys whose lifetime has ended
 * @param clients connections
 * @param trackingClients connections that hear which keys change
 * @param trackedPrefixes prefixes of keys that they hear of
 */
record ServerFigures(
        String server,
        String version,
        int primaries,
        long upSeconds,
        long keys,
        long usedBytes,
        long limitBytes,
        long commandsPerSecond,
        long hits,
        long misses,
        long evicted,
        long expired,
        long clients,
        long trackingClients,
        long trackedPrefixes) {

    private static final int PERCENT = 100;

    /** The sums of what each primary counts. */
    static ServerFigures of(String server, int database, List<ServerInfo> primaries) {
        return new ServerFigures(
                server,
                primaries.get(0).version(),
                primaries.size(),
                primaries.stream()
                        .map(each -> each.number("uptime_in_seconds"))
                        .min(Comparator.naturalOrder())
                        .orElse(0L),
                sum(primaries, each -> each.keys(database)),
                sum(primaries, each -> each.number("used_memory")),
                sum(primaries, each -> each.number("maxmemory")),
                sum(primaries, each -> each.number("instantaneous_ops_per_sec")),
                sum(primaries, each -> each.number("keyspace_hits")),
                sum(primaries, each -> each.number("keyspace_misses")),
                sum(primaries, each -> each.number("evicted_keys")),
                sum(primaries, each -> each.number("expired_keys")),
                sum(primaries, each -> each.number("connected_clients")),
                sum(primaries, each -> each.number("tracking_clients")),
                sum(primaries, each -> each.number("tracking_total_prefixes")));
    }

    private static long sum(List<ServerInfo> primaries, ToLongFunction<ServerInfo> figure) {
        return primaries.stream().mapToLong(figure).sum();
    }

    /** This for people, with what has changed since some figures before it. */
    List<String> lines(@Nullable ServerFigures before, Duration since) {
        List<String> lines = new ArrayList<>();
        lines.add(line(
                "server",
                server + ", " + version + (primaries == 1 ? "" : ", " + primaries + " primaries") + ", up "
                        + Lifetime.text(Duration.ofSeconds(upSeconds))));
        lines.add(line("keys", Printable.count(keys)));
        lines.add(line(
                "memory", Printable.bytes(usedBytes) + (limitBytes == 0 ? "" : " of " + Printable.bytes(limitBytes))));
        lines.add(line("commands", Printable.count(commandsPerSecond) + " a second"));
        lines.add(line("hits", Printable.count(hits) + share() + rate(before, since, ServerFigures::hits)));
        lines.add(line("misses", Printable.count(misses) + rate(before, since, ServerFigures::misses)));
        lines.add(line("expired", Printable.count(expired) + rate(before, since, ServerFigures::expired)));
        lines.add(line("evicted", Printable.count(evicted) + rate(before, since, ServerFigures::evicted)));
        lines.add(line(
                "clients",
                Printable.count(clients) + ", of which " + Printable.count(trackingClients) + " track keys under "
                        + Printable.count(trackedPrefixes, "prefix", "prefixes")));
        return lines;
    }

    private String share() {
        return hits + misses == 0
                ? ""
                : String.format(Locale.ROOT, " (%.1f%% of the reads)", (double) PERCENT * hits / (hits + misses));
    }

    private String rate(@Nullable ServerFigures before, Duration since, ToLongFunction<ServerFigures> figure) {
        if (before == null || since.isZero()) {
            return "";
        }
        // a restarted server begins anew
        long change = Math.max(0, figure.applyAsLong(this) - figure.applyAsLong(before));
        return ", " + Printable.count(Math.round(change * 1e9 / since.toNanos())) + " a second";
    }

    private static String line(String name, String value) {
        return String.format(Locale.ROOT, "%-10s", name) + Printable.text(value);
    }

    /** This as a JSON document. */
    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = Json.object();
        document.put("server", server);
        document.put("version", version);
        document.put("primaries", primaries);
        document.put("upSeconds", upSeconds);
        document.put("keys", keys);
        document.put("usedMemoryBytes", usedBytes);
        document.put("maxMemoryBytes", limitBytes == 0 ? null : Long.valueOf(limitBytes));
        document.put("commandsPerSecond", commandsPerSecond);
        document.put("hits", hits);
        document.put("misses", misses);
        document.put("expired", expired);
        document.put("evicted", evicted);
        document.put("clients", clients);
        document.put("trackingClients", trackingClients);
        document.put("trackedPrefixes", trackedPrefixes);
        return document;
    }
}
