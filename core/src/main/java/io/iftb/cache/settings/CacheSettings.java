package io.iftb.cache.settings;

import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Where the server is and how to talk to it. Immutable. The text of it leaves out the password. */
public final class CacheSettings {

    private final Builder set;

    private CacheSettings(Builder copy) {
        this.set = copy;
    }

    /** Settings with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The address of the server, see {@link Builder#redisUri}. */
    public String redisUri() {
        return set.redisUri;
    }

    /** The user, if one is set apart from the address. */
    public @Nullable String user() {
        return set.user;
    }

    /** A copy of the password, if one is set apart from the address; that of a file as it was when it was set. */
    public char @Nullable [] password() {
        return set.password == null ? null : set.password.clone();
    }

    /** The file that holds the password, if one is set. */
    public @Nullable Path passwordFile() {
        return set.passwordFile;
    }

    /** The number of the database, if one is set apart from the address. */
    public @Nullable Integer database() {
        return set.database;
    }

    /** Who is trusted, and who this program is, on connections with TLS. */
    public TlsSettings tls() {
        return set.tls;
    }

    /** What goes in front of every key; may be empty. */
    public String namespace() {
        return set.namespace;
    }

    /** When the connection is made. */
    public ConnectMode connect() {
        return set.connect;
    }

    /** How long connecting may take. */
    public Duration connectTimeout() {
        return set.connectTimeout;
    }

    /** How long a call on a key or a series may take: retries, several round trips and waiting included. */
    public Duration operationTimeout() {
        return set.operationTimeout;
    }

    /** After how many calls in a row that failed for the server's sake calls fail at once; 0 if never. */
    public int breakerFailures() {
        return set.breakerFailures;
    }

    /** What caches do while their server is unavailable; null if each API has its own default. */
    public @Nullable OnUnavailable onUnavailable() {
        return set.onUnavailable;
    }

    /** How long ago near caches may have heard from the server at most when they answer for it. */
    public Duration staleAge() {
        return set.staleAge;
    }

    /** How long a call waits while another call on the same key runs code of the user. */
    public Duration userCodeTimeout() {
        return set.userCodeTimeout;
    }

    /** Names of classes that may be stored, or packages as {@code com.acme.*}. */
    public List<String> trusted() {
        return set.trusted;
    }

    /** Which other classes may be stored and read. */
    public TrustRule trust() {
        return set.trust;
    }

    /** Loads the classes of stored values; null for the default one. */
    public @Nullable ClassLoader classLoader() {
        return set.classLoader;
    }

    /** What the settings say about caches by their names. */
    public NamedCaches caches() {
        return set.caches;
    }

    /**
     * The options of a cache: those that were given to the builder, else what the settings say about that name.
     *
     * @throws IllegalArgumentException if they have other types
     */
    public <K, V> CacheOptions<K, V> options(String cacheName, Class<K> keyType, Class<V> valueType) {
        CacheOptions<?, ?> given = set.options.get(cacheName);
        return given == null ? set.caches.options(cacheName, keyType, valueType) : given.withTypes(keyType, valueType);
    }

    @Override
    public String toString() {
        return "CacheSettings[namespace='" + set.namespace + "', operationTimeout=" + set.operationTimeout + "]";
    }

    /** Collects settings. Timeouts are 1 ms to 1 h, the stale age to 1 day; others are an {@link IllegalArgumentException}. */
    public static final class Builder implements Cloneable {

        private String redisUri = Setting.REDIS_URI.defaultText();
        private @Nullable String user;
        private char @Nullable [] password;
        private @Nullable Path passwordFile;
        private @Nullable Integer database;
        TlsSettings tls = TlsSettings.DEFAULT;
        private String namespace = "";
        private ConnectMode connect = ConnectMode.EAGER;
        private Duration connectTimeout = Setting.CONNECT_TIMEOUT.defaultTime();
        private Duration operationTimeout = Setting.OPERATION_TIMEOUT.defaultTime();
        private int breakerFailures = Integer.parseInt(Setting.BREAKER.defaultText());
        private @Nullable OnUnavailable onUnavailable;
        private Duration staleAge = Setting.STALE_AGE.defaultTime();
        private Duration userCodeTimeout = Setting.USER_CODE_TIMEOUT.defaultTime();
        private List<String> trusted = List.of();
        private TrustRule trust = TrustRule.GIVEN;
        private @Nullable ClassLoader classLoader;
        private NamedCaches caches = NamedCaches.NONE;
        private Map<String, CacheOptions<?, ?>> options = new HashMap<>();

        private Builder() {}

        /**
         * The address: {@code redis://[user:password@]host:port[/database]}, {@code rediss://…} for TLS, {@code
         * redis-sentinel://host:port,host:port/name}, {@code redis-cluster://host:port,host:port}, {@code
         * redis+uds:///path/to/socket}, or {@code embedded} or {@code embedded:/path} for a server that this JVM starts.
         */
        public Builder redisUri(String redisUri) {
            this.redisUri = Objects.requireNonNull(redisUri, "redisUri");
            return this;
        }

        /** The user (ACL) to log in as; overrides one in the address. */
        public Builder user(String user) {
            this.user = Objects.requireNonNull(user, "user");
            return this;
        }

        /** The password to log in with; overrides one in the address. The array is copied. */
        public Builder password(char[] password) {
            this.password = password.clone();
            this.passwordFile = null;
            return this;
        }

        /**
         * A file whose first line is the password. It is read again for each new connection, so the password can change.
         *
         * @throws IllegalArgumentException if the file cannot be read or its first line is empty
         */
        public Builder passwordFile(Path file) {
            this.password = PasswordFile.read(file);
            this.passwordFile = file;
            return this;
        }

        /**
         * The number of the database; overrides one in the address.
         *
         * @throws IllegalArgumentException if it is negative
         */
        public Builder database(int database) {
            if (database < 0) {
                throw new IllegalArgumentException("database " + database + " is negative; give 0 or more");
            }
            this.database = database;
            return this;
        }

        /** Who is trusted, and who this program is, on connections with TLS; an address says by {@code rediss://} to use it. */
        public Builder tls(TlsSettings tls) {
            this.tls = Objects.requireNonNull(tls, "tls");
            return this;
        }

        /**
         * What goes in front of every key, before a colon, so that several programs can share a server; empty for none.
         * A program without a namespace must not have a cache with the name of another's namespace: the keys would begin
         * alike.
         */
        public Builder namespace(String namespace) {
            this.namespace = Objects.requireNonNull(namespace, "namespace");
            return this;
        }

        /** When the connection is made, {@link ConnectMode#EAGER} by default. */
        public Builder connect(ConnectMode connect) {
            this.connect = connect;
            return this;
        }

        /** How long connecting may take, 5 s by default. */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = TimeText.requireTimeout("connect timeout", connectTimeout);
            return this;
        }

        /** How long a call on a key or a series may take, 5 s by default: retries and waiting behind others included. */
        public Builder operationTimeout(Duration operationTimeout) {
            this.operationTimeout = TimeText.requireTimeout("operation timeout", operationTimeout);
            return this;
        }

        /** After how many calls in a row that failed for the server's sake no more are sent; 5 by default, 0 for never. */
        public Builder breakerFailures(int failures) {
            this.breakerFailures = Math.max(0, failures);
            return this;
        }

        /** What all caches do while their server is unavailable, unless their own options say something else. */
        public Builder onUnavailable(OnUnavailable onUnavailable) {
            this.onUnavailable = onUnavailable;
            return this;
        }

        /** How old the answers of {@link OnUnavailable#STALE} may be, 1 ms to 1 day, 5 min by default. */
        public Builder staleAge(Duration staleAge) {
            this.staleAge = TimeText.requireAge("stale age", staleAge);
            return this;
        }

        /** How long a call waits while another on the same key runs code of the user, such as a loader; 60 s by default. */
        public Builder userCodeTimeout(Duration userCodeTimeout) {
            this.userCodeTimeout = TimeText.requireTimeout("user code timeout", userCodeTimeout);
            return this;
        }

        /** Classes that may be stored beside the types of a cache: names, or packages as {@code com.acme.*}. */
        public Builder trusted(String... patterns) {
            this.trusted = List.of(patterns);
            return this;
        }

        /** Which other classes may be stored and read: {@link TrustRule#GIVEN} by default. */
        public Builder trust(TrustRule trust) {
            this.trust = Objects.requireNonNull(trust, "trust");
            return this;
        }

        /** Loads the classes of stored values. */
        public Builder classLoader(ClassLoader classLoader) {
            this.classLoader = classLoader;
            return this;
        }

        /** The options of one cache, a domain cache or any other; they replace earlier ones of that name. */
        public Builder cache(CacheOptions<?, ?> cache) {
            options.put(cache.name(), cache);
            return this;
        }

        Builder caches(NamedCaches named) {
            caches = named;
            return this;
        }

        /** The settings. What you do with this builder afterwards does not change them. */
        public CacheSettings build() {
            try {
                Builder copy = (Builder) clone();
                copy.options = Map.copyOf(options);
                return new CacheSettings(copy);
            } catch (CloneNotSupportedException e) {
                throw new AssertionError(e);
            }
        }
    }
}
