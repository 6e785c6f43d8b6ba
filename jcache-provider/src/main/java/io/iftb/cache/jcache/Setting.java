package io.iftb.cache.jcache;

import io.iftb.cache.CacheSettings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;

/**
 * The settings of a cache manager. A setting has one name in every place: {@code iftb.cache.redis.uri} in the manager's
 * properties, in the system properties and in the file, {@code IFTB_CACHE_REDIS_URI} in the environment.
 */
enum Setting {
    /** Where the server is. */
    REDIS_URI(
            "redis.uri",
            "`redis://[user:password@]host[:port][/database]`, `rediss://…` for TLS, `redis+uds:///path/to/socket`,"
                    + " `embedded`, or `embedded:/path/to/folder`",
            "`" + CacheSettings.DEFAULT_URI + "`",
            "Where the server is. `embedded` starts one that ends with the JVM, with a folder one that keeps its data.",
            (settings, value) -> settings.redisUri(requireAddress(value))),
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
            "A file that holds the password; instead of `iftb.cache.redis.password`.",
            (settings, value) -> settings.password(firstLine(value))),
    /** The number of the database. */
    REDIS_DATABASE(
            "redis.database",
            "a whole number, 0 or more",
            "`0`",
            "The number of the database; goes before one in the address.",
            (settings, value) -> settings.database(Integer.parseInt(value))),
    /** What goes in front of every key. */
    NAMESPACE(
            "namespace",
            "any text",
            "",
            "Goes in front of every key, before a colon, so that several programs share a server.",
            CacheSettings.Builder::namespace),
    /** How long connecting may take. */
    CONNECT_TIMEOUT(
            "redis.connect-timeout",
            "a time of 1ms to 1h such as `500ms` or `5s`",
            "`5s`",
            "How long connecting may take.",
            (settings, value) -> settings.connectTimeout(TimeText.parse(value))),
    /** How long a call may take. */
    OPERATION_TIMEOUT(
            "redis.operation-timeout",
            "a time of 1ms to 1h such as `500ms` or `5s`",
            "`5s`",
            "How long a call may take, retries included.",
            (settings, value) -> settings.operationTimeout(TimeText.parse(value))),
    /** Classes that may be stored beside the types of a cache. */
    TRUSTED(
            "trusted",
            "names of classes or packages separated by commas, such as `com.acme.Order, com.acme.model.*`",
            "",
            "Classes that may be stored in every cache beside its types. In a file also a list.",
            (settings, value) -> settings.trusted(patterns(value))),
    /** What a call does when the server cannot be reached. */
    ON_UNAVAILABLE(
            "on-unavailable",
            "`fail`",
            "`fail`",
            "What a call does when the server cannot be reached: it throws a `CacheException`. Other ways are not built"
                    + " yet.",
            (settings, value) -> CacheSetting.requireDefault(value, "fail"));

    private static final Pattern ADDRESS = Pattern.compile("embedded|embedded:.+|(?i:redis|valkey)(?i:s|\\+uds)?://.+");
    private static final Pattern TRUST =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*(\\.\\*)?");

    private final String propertyName;
    private final String accepted;
    private final String standard;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiConsumer<CacheSettings.Builder, String> reader;

    Setting(
            String name,
            String accepted,
            String standard,
            String meaning,
            BiConsumer<CacheSettings.Builder, String> reader) {
        this.propertyName = SettingNames.PREFIX + name;
        this.accepted = accepted;
        this.standard = standard;
        this.meaning = meaning;
        this.reader = reader;
    }

    /** Its name as a property. */
    String propertyName() {
        return propertyName;
    }

    /** What values it takes, to end a sentence; code in back quotes. */
    String accepted() {
        return accepted;
    }

    /** What holds where nothing is said; may be empty. */
    String standard() {
        return standard;
    }

    /** What it does, in a sentence. */
    String meaning() {
        return meaning;
    }

    /** Sets it; a wrong value is refused, naming the setting and its place. */
    void read(CacheSettings.Builder settings, Found found) {
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
    static boolean isAddress(String text) {
        return ADDRESS.matcher(text).matches();
    }

    /** A text in which user and password of an address, however it is written, are replaced by asterisks. */
    static String masked(String text) {
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

    /** @throws IllegalArgumentException if the text names something else than classes and packages */
    static String[] patterns(String value) {
        String[] patterns = value.strip().split("\\s*,\\s*", -1);
        for (String pattern : patterns) {
            if (!TRUST.matcher(pattern).matches()) {
                throw new IllegalArgumentException("not a class or package");
            }
        }
        return patterns;
    }
}
