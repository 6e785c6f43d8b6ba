package io.iftb.cache.settings;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The settings of all caches of one server. A setting has one name in every place: {@code iftb.cache.redis.uri} in the
 * properties of a cache manager, in the system properties and in the file, {@code IFTB_CACHE_REDIS_URI} in the
 * environment.
 */
public enum Setting {
    /** A YAML file of settings. */
    CONFIG(
            "config",
            "the URI of a YAML file, such as `file:/etc/bot/iftb-cache.yaml` or `classpath:iftb-cache.yaml`",
            "",
            "A file that holds settings; a file that the URI of a cache manager names goes before it. Not accepted in a"
                    + " file.",
            (settings, value) -> {}),
    /** Where the server is. */
    REDIS_URI(
            "redis.uri",
            "`redis://[user:password@]host[:port][/database]`, `rediss://…` for TLS, `redis+uds:///path/to/socket`,"
                    + " `embedded`, or `embedded:/path/to/folder`",
            "redis://127.0.0.1:6379",
            "Where the server is. `embedded` starts one that ends with the JVM; with a folder it keeps its data there.",
            (settings, value) -> settings.redisUri(requireAddress(value.strip()))),
    /** The user (ACL) to log in as. */
    REDIS_USER(
            "redis.user",
            "the name of a user",
            "",
            "The user (ACL) to log in as; goes before one in the address.",
            (settings, value) -> settings.user(requireText(value))),
    /** The password to log in with. */
    REDIS_PASSWORD(
            "redis.password",
            "a password",
            "",
            "The password to log in with; goes before one in the address.",
            (settings, value) -> settings.password(value.toCharArray())),
    /** A file that holds the password. */
    REDIS_PASSWORD_FILE(
            "redis.password-file",
            "the path of a readable file whose first line is the password",
            "",
            "A file that holds the password, instead of `iftb.cache.redis.password`.",
            (settings, value) -> settings.password(firstLine(value))),
    /** The number of the database. */
    REDIS_DATABASE(
            "redis.database",
            "a whole number, 0 or more",
            "0",
            "The number of the database; goes before one in the address.",
            (settings, value) -> settings.database(Integer.parseInt(value))),
    /** What goes in front of every key. */
    NAMESPACE(
            "namespace",
            "any text",
            "",
            "Goes in front of every key, before a colon, so that several programs can share a server.",
            CacheSettings.Builder::namespace),
    /** How long connecting may take. */
    CONNECT_TIMEOUT(
            "redis.connect-timeout",
            Accepted.TIMEOUT,
            "5s",
            "How long connecting may take.",
            (settings, value) -> settings.connectTimeout(TimeText.parse(value))),
    /** How long a call may take. */
    OPERATION_TIMEOUT(
            "redis.operation-timeout",
            Accepted.TIMEOUT,
            "5s",
            "How long a call on a key or a series may take: retries, several round trips and waiting behind other calls"
                    + " included.",
            (settings, value) -> settings.operationTimeout(TimeText.parse(value))),
    /** When calls are no longer sent. */
    BREAKER(
            "redis.breaker",
            "`off`, or a whole number of calls, 1 or more",
            "5",
            "After so many calls in a row that failed because the server cannot be reached or does not answer, calls fail at"
                    + " once, until it answers a probe; one goes out every 250 ms.",
            (settings, value) -> settings.breakerFailures(breakerFailures(value))),
    /** How long a call waits behind code of the user. */
    USER_CODE_TIMEOUT(
            "user-code-timeout",
            Accepted.TIMEOUT,
            "60s",
            "How long a call waits while another call on the same key runs code of yours: a loader, writer, processor,"
                    + " expiry policy or listener.",
            (settings, value) -> settings.userCodeTimeout(TimeText.parse(value))),
    /** Classes that may be stored beside the types of a cache. */
    TRUSTED(
            "trusted",
            Accepted.CLASSES,
            "",
            "Classes that may be stored in every cache beside its types. In a file it may be a list.",
            (settings, value) -> settings.trusted(patterns(value))),
    /** Which classes may be read. */
    TRUST(
            "trust",
            "`given` or `listed`",
            "given",
            "Which classes may be stored and read in a cache beside its types and the `trusted` ones: with `given` those"
                    + " of which this program has given an object to the cache since it started, with `listed` none.",
            (settings, value) -> settings.trust(TrustRule.parse(value))),
    /** What a call does when the server cannot be reached. */
    ON_UNAVAILABLE(
            "on-unavailable",
            "`fail` or `miss`",
            "",
            "What a cache does while its server cannot be reached, does not answer or says that it cannot serve now. With"
                    + " `fail`, the default of the standard API, it throws an exception that names the server. With `miss`, the"
                    + " default of `MarketCaches`, reads miss; writes and removals are dropped and remembered.",
            (settings, value) -> settings.onUnavailable(OnUnavailable.parse(value)));

    private static final Pattern ADDRESS = Pattern.compile("embedded|embedded:.+|(?i:redis|valkey)(?i:s|\\+uds)?://.+");
    private static final Pattern CLASS_OR_PACKAGE =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*(\\.\\*)?");

    private final String propertyName;
    private final String accepted;
    private final String defaultText;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiConsumer<CacheSettings.Builder, String> reader;

    Setting(
            String name,
            String accepted,
            String defaultText,
            String meaning,
            BiConsumer<CacheSettings.Builder, String> reader) {
        this.propertyName = SettingNames.PREFIX + name;
        this.accepted = accepted;
        this.defaultText = defaultText;
        this.meaning = meaning;
        this.reader = reader;
    }

    /** Its name as a property. */
    public String propertyName() {
        return propertyName;
    }

    /** What values it takes, to end a sentence; code in back quotes. */
    public String accepted() {
        return accepted;
    }

    /** The value that holds where the setting is unset; empty for none. */
    public String defaultText() {
        return defaultText;
    }

    /** The default of a setting that is a time. */
    Duration defaultTime() {
        return TimeText.parse(defaultText);
    }

    /** What it does, in a sentence. */
    public String meaning() {
        return meaning;
    }

    /** Sets it; a wrong value is refused, naming the setting and its place. */
    void read(CacheSettings.Builder settings, SettingValue found) {
        try {
            reader.accept(settings, found.value());
        } catch (UnsupportedOperationException e) {
            throw found.notBuilt(propertyName, accepted);
        } catch (IllegalArgumentException e) {
            throw found.refused(propertyName, this == REDIS_PASSWORD ? "(not shown)" : found.shown(), accepted);
        }
    }

    static Optional<Setting> named(String propertyName) {
        return Arrays.stream(values())
                .filter(setting -> setting.propertyName.equals(propertyName))
                .findFirst();
    }

    /** Whether a text has the form of a server's address. */
    public static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** A text in which user and password of an address, however it is written, are replaced by asterisks. */
    public static String masked(String text) {
        int end = text.lastIndexOf('@');
        if (end < 0) {
            return text;
        }
        int scheme = text.indexOf("://");
        return text.substring(0, scheme < 0 || scheme > end ? 0 : scheme + 3) + "***" + text.substring(end);
    }

    private static String requireAddress(String value) {
        if (!isAddress(value)) {
            throw new IllegalArgumentException("not an address");
        }
        return value;
    }

    private static int breakerFailures(String value) {
        if (value.equals("off") || value.equals("false")) {
            return 0;
        }
        int failures = Integer.parseInt(value);
        if (failures < 1) {
            throw new IllegalArgumentException("not positive");
        }
        return failures;
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
                    .filter(line -> !line.isEmpty())
                    .orElseThrow(() -> new IllegalArgumentException("empty first line"))
                    .toCharArray();
        } catch (IOException | UncheckedIOException | InvalidPathException e) {
            throw new IllegalArgumentException("unreadable file", e);
        }
    }

    /** @throws IllegalArgumentException if the text names anything but classes and packages */
    static String[] patterns(String value) {
        String[] patterns = value.strip().split("\\s*,\\s*", -1);
        for (String pattern : patterns) {
            if (!CLASS_OR_PACKAGE.matcher(pattern).matches()) {
                throw new IllegalArgumentException("not a class or package");
            }
        }
        return patterns;
    }

    /** What several settings accept, or say. */
    static final class Accepted {

        static final String TIMEOUT = "a time of 1ms to 1h such as `500ms` or `5s`";
        static final String CLASSES =
                "names of classes or packages separated by commas, such as `com.acme.Order, com.acme.model.*`";
        static final String TYPE =
                "the name of a class such as `com.acme.Order`, `com.acme.Outer$Inner`, `String` or `byte[]`";

        private Accepted() {}
    }
}
