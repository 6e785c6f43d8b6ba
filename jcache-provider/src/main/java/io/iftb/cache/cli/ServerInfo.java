package io.iftb.cache.cli;

import io.iftb.cache.Maintenance;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.PrimaryCommands;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a primary says of itself by {@code INFO}.
 *
 * @param server its address, without user and password
 * @param properties by their names
 */
record ServerInfo(String server, Map<String, String> properties) {

    private static final Pattern KEYS = Pattern.compile("keys=([0-9]+).*");

    /** Asks a primary. */
    static ServerInfo of(PrimaryCommands primary) {
        return parse(primary.server(), String.valueOf(ReplyFuture.await(primary.ask(Reply.TEXT, Command.INFO))));
    }

    /** Asks all primaries. */
    static List<ServerInfo> all(Maintenance maintenance) {
        return maintenance.primaries().stream().map(ServerInfo::of).toList();
    }

    /** Asks all primaries; of one that does not tell this user, nothing is known. */
    static List<ServerInfo> told(Maintenance maintenance) {
        return maintenance.primaries().stream().map(ServerInfo::told).toList();
    }

    private static ServerInfo told(PrimaryCommands primary) {
        try {
            return of(primary);
        } catch (RedisServerException e) {
            return new ServerInfo(primary.server(), Map.of());
        }
    }

    static ServerInfo parse(String server, String info) {
        Map<String, String> properties = new TreeMap<>();
        info.lines().forEach(line -> {
            int colon = line.indexOf(':');
            if (colon > 0 && line.charAt(0) != '#') {
                properties.put(
                        line.substring(0, colon), line.substring(colon + 1).strip());
            }
        });
        return new ServerInfo(server, properties);
    }

    /** A property as text; empty if the server does not say it. */
    String text(String name) {
        return properties.getOrDefault(name, "");
    }

    /** A whole number; 0 if the server does not say it. */
    long number(String name) {
        String text = text(name);
        return text.matches("-?[0-9]{1,18}") ? Long.parseLong(text) : 0;
    }

    /** Kind and version, such as {@code redis 7.0.15}. */
    String version() {
        return properties.containsKey("valkey_version")
                ? "valkey " + text("valkey_version")
                : "redis " + text("redis_version");
    }

    /** How many keys a database has. */
    long keys(int database) {
        Matcher found = KEYS.matcher(text("db" + database));
        return found.matches() ? Long.parseLong(found.group(1)) : 0;
    }
}
