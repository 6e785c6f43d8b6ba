package io.iftb.cache.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.regex.Pattern;
import javax.net.ssl.SSLParameters;

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
            "A file that holds settings; a file that is named by the URI of a cache manager overrides it. Cannot be set in such"
                    + " a file.",
            (settings, value) -> {}),
    /** Where the server is. */
    REDIS_URI(
            "redis.uri",
            "`redis://[user:password@]host[:port][/database]`, `rediss://…` for TLS,"
                    + " `redis-sentinel://host:port,host:port/name[/database]`, `redis-cluster://host:port,host:port`,"
                    + " `redis+uds:///path/to/socket`, `embedded`, or `embedded:/path/to/folder`",
            "redis://127.0.0.1:6379",
            "Where the server is: one, the primary that sentinels name, or some nodes of a Redis Cluster; `rediss-sentinel://…`"
                    + " and `rediss-cluster://…` for TLS, and in each of these `valkey` may stand in place of `redis`. `embedded` starts one that ends with the JVM; with a folder it keeps"
                    + " its data there.",
            (settings, value) -> settings.redisUri(requireAddress(value.strip()))),
    /** The user (ACL) to log in as. */
    REDIS_USER(
            "redis.user",
            "the name of a user",
            "",
            "The user (ACL) to log in as; overrides one in the address.",
            (settings, value) -> settings.user(Accepted.text(value))),
    /** The password to log in with. */
    REDIS_PASSWORD(
            "redis.password",
            "a password",
            "",
            "The password to log in with; overrides one in the address.",
            (settings, value) -> settings.password(value.toCharArray())),
    /** A file that holds the password. */
    REDIS_PASSWORD_FILE(
            "redis.password-file",
            "the path of a readable file whose first line is the password",
            "",
            "A file that holds the password, instead of `iftb.cache.redis.password`. It is read again for each new"
                    + " connection, so that the password can be changed while the program runs.",
            (settings, value) -> settings.passwordFile(Path.of(value))),
    /** The number of the database. */
    REDIS_DATABASE(
            "redis.database",
            "a whole number, 0 or more",
            "0",
            "The number of the database; overrides one in the address.",
            (settings, value) -> settings.database(Integer.parseInt(value))),
    /** Whom to trust. */
    TLS_TRUST_FILE(
            "redis.tls.trust-file",
            "the path of a readable file of certificates (PEM), or of a trust store (PKCS#12, JKS)",
            "",
            "With `rediss://`: the authorities that are trusted, instead of those of the JVM. Read again when it changes.",
            (settings, value) -> settings.tls(settings.tls.withTrustFile(Accepted.readable(value)))),
    /** The password of the trust store. */
    TLS_TRUST_PASSWORD(
            "redis.tls.trust-password",
            "a password",
            "",
            "The password of the trust store.",
            (settings, value) -> settings.tls(settings.tls.withTrustPassword(value))),
    /** The certificate of this program. */
    TLS_CERTIFICATE_FILE(
            "redis.tls.certificate-file",
            "the path of a readable file with a certificate and those that lead to its authority (PEM), or of a key store"
                    + " (PKCS#12, JKS)",
            "",
            "With `rediss://`: the certificate of this program, for a server that wants one. Read again when it changes.",
            (settings, value) -> settings.tls(settings.tls.withCertificateFile(Accepted.readable(value)))),
    /** The key of the certificate. */
    TLS_KEY_FILE(
            "redis.tls.key-file",
            "the path of a readable file with a key (PEM, PKCS#8, not encrypted)",
            "",
            "The key of the certificate, unless that is a key store. Read again when it changes.",
            (settings, value) -> settings.tls(settings.tls.withKeyFile(Accepted.readable(value)))),
    /** The password of the key store. */
    TLS_KEY_PASSWORD(
            "redis.tls.key-password",
            "a password",
            "",
            "The password of the key store.",
            (settings, value) -> settings.tls(settings.tls.withKeyPassword(value))),
    /** Which protocols to use. */
    TLS_PROTOCOLS(
            "redis.tls.protocols",
            "names of protocols separated by commas, such as `TLSv1.3`",
            "",
            "With `rediss://`: the protocols to use, instead of those of the JVM. In a file it may be a list.",
            (settings, value) ->
                    settings.tls(settings.tls.withProtocols(Accepted.ofTls(value, SSLParameters::getProtocols)))),
    /** Which cipher suites to use. */
    TLS_CIPHERS(
            "redis.tls.ciphers",
            "names of cipher suites separated by commas, such as `TLS_AES_256_GCM_SHA384`",
            "",
            "With `rediss://`: the cipher suites to use, instead of those of the JVM. In a file it may be a list.",
            (settings, value) ->
                    settings.tls(settings.tls.withCiphers(Accepted.ofTls(value, SSLParameters::getCipherSuites)))),
    /** What goes in front of every key. */
    NAMESPACE(
            "namespace",
            "any text",
            "",
            "Goes in front of every key, before a colon, so that several programs can share a server.",
            CacheSettings.Builder::namespace),
    /** When the connection is made. */
    CONNECT(
            "redis.connect",
            "`eager` or `lazy`",
            "eager",
            "With `eager`, opening caches fails if the server cannot be used. With `lazy` it succeeds, and the connection is made"
                    + " in the background; until then calls fail at once, or miss (`iftb.cache.on-unavailable`).",
            (settings, value) -> settings.connect(ConnectMode.parse(value))),
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
            (settings, value) -> settings.trusted(Accepted.patterns(value))),
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
            "`fail`, `miss` or `stale`",
            "",
            "What a cache does while its server cannot be reached, does not answer or says that it cannot serve now. With"
                    + " `fail`, the default of the standard API, it throws an exception that names the server. With `miss`, the"
                    + " default of `MarketCaches`, reads miss; writes and removals are dropped and remembered. `stale` is like"
                    + " `miss`, but a cache with a near cache gives out what that holds, up to the `stale-age`.",
            (settings, value) -> settings.onUnavailable(OnUnavailable.parse(value))),
    /** How old an answer may be when the server cannot be reached. */
    STALE_AGE(
            "stale-age",
            Accepted.AGE,
            "5m",
            "With `on-unavailable` = `stale`: how long ago the near cache may have heard from the server at most. What is older"
                    + " is not given out.",
            (settings, value) -> settings.staleAge(TimeText.parse(value)));

    private static final Pattern ADDRESS =
            Pattern.compile("embedded|embedded:.+|(?i:redis|valkey)(?i:s|\\+uds|s?-sentinel|s?-cluster)?://.+");

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
        } catch (IllegalArgumentException e) {
            throw found.refused(this, accepted);
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
}
