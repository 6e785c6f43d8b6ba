package io.iftb.cache.jcache;

import io.iftb.cache.CacheSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * The settings of a cache manager. A setting has one name: {@code iftb.cache.redis.uri} in the manager's properties and
 * in the system properties, {@code IFTB_CACHE_REDIS_URI} in the environment.
 */
enum Setting {
    /** Where the server is. */
    REDIS_URI(
            "redis.uri",
            "redis://host:port, rediss://host:port for TLS, redis+uds:///path/to/socket, or embedded",
            (settings, value) -> settings.redisUri(requireAddress(value))),
    /** The user (ACL) to log in as. */
    REDIS_USER("redis.user", "the name of a user", (settings, value) -> settings.user(requireText(value))),
    /** The password to log in with. */
    REDIS_PASSWORD("redis.password", "a password", (settings, value) -> settings.password(value.toCharArray())),
    /** A file that holds the password. */
    REDIS_PASSWORD_FILE(
            "redis.password-file",
            "the path of a readable file whose first line is the password",
            (settings, value) -> settings.password(firstLine(value))),
    /** The number of the database. */
    REDIS_DATABASE(
            "redis.database",
            "a whole number, 0 or more",
            (settings, value) -> settings.database(Integer.parseInt(value))),
    /** What goes in front of every key. */
    NAMESPACE("namespace", "any text", CacheSettings.Builder::namespace),
    /** How long connecting may take. */
    CONNECT_TIMEOUT(
            "redis.connect-timeout",
            "a time of 1ms to 1h such as 500ms or 5s",
            (settings, value) -> settings.connectTimeout(duration(value))),
    /** How long a call may take. */
    OPERATION_TIMEOUT(
            "redis.operation-timeout",
            "a time of 1ms to 1h such as 500ms or 5s",
            (settings, value) -> settings.operationTimeout(duration(value))),
    /** Classes that may be stored beside the types of a cache. */
    TRUSTED(
            "trusted",
            "names of classes or packages separated by commas, such as com.acme.Order, com.acme.model.*",
            (settings, value) -> settings.trusted(patterns(value)));

    /** What the names of all settings begin with. */
    static final String PREFIX = "iftb.cache.";

    private static final Pattern ADDRESS = Pattern.compile("embedded|embedded:.+|(?i:redis|valkey)(?i:s|\\+uds)?://.+");
    private static final Pattern DURATION = Pattern.compile("(\\d{1,9})(ms|s|m|h)");
    private static final Pattern TRUST =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*(\\.\\*)?");

    private final String propertyName;
    private final String accepted;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiConsumer<CacheSettings.Builder, String> reader;

    Setting(String name, String accepted, BiConsumer<CacheSettings.Builder, String> reader) {
        this.propertyName = PREFIX + name;
        this.accepted = accepted;
        this.reader = reader;
    }

    /** Its name as a property. */
    String propertyName() {
        return propertyName;
    }

    /** Its name in the environment. */
    String environmentName() {
        return propertyName.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
    }

    /** What values it takes, to end a sentence. */
    String accepted() {
        return accepted;
    }

    /**
     * Sets it.
     *
     * @throws IllegalArgumentException if the value is not accepted
     */
    void read(CacheSettings.Builder settings, String value) {
        reader.accept(settings, value);
    }

    /** A value as it may be shown. */
    String shown(String value) {
        return this == REDIS_PASSWORD ? "(not shown)" : "'" + masked(value) + "'";
    }

    static Optional<Setting> named(String propertyName) {
        return Arrays.stream(values())
                .filter(setting -> setting.propertyName.equals(propertyName))
                .findFirst();
    }

    static String allNames() {
        return Arrays.stream(values()).map(Setting::propertyName).collect(Collectors.joining(", "));
    }

    /** Whether a text has the form of a server's address. */
    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** A text in which user and password of an address are replaced by asterisks. */
    static String masked(String text) {
        int start = text.indexOf("://");
        int end = text.lastIndexOf('@');
        return start < 0 || end < start ? text : text.substring(0, start + 3) + "***" + text.substring(end);
    }

    private static String requireAddress(String value) {
        if (!isAddress(value)) {
            throw new IllegalArgumentException("not an address");
        }
        return value;
    }

    private static String requireText(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("blank");
        }
        return value;
    }

    private static char[] firstLine(String path) {
        try (var lines = Files.lines(Path.of(path))) {
            return lines.findFirst()
                    .orElseThrow(() -> new IllegalArgumentException("empty file"))
                    .toCharArray();
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            throw new IllegalArgumentException("unreadable file", e);
        }
    }

    private static Duration duration(String value) {
        Matcher matcher = DURATION.matcher(value);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not a time");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "ms" -> Duration.ofMillis(amount);
            case "s" -> Duration.ofSeconds(amount);
            case "m" -> Duration.ofMinutes(amount);
            default -> Duration.ofHours(amount);
        };
    }

    private static String[] patterns(String value) {
        String[] patterns = value.strip().split("\\s*,\\s*", -1);
        for (String pattern : patterns) {
            if (!TRUST.matcher(pattern).matches()) {
                throw new IllegalArgumentException("not a class or package");
            }
        }
        return patterns;
    }
}
