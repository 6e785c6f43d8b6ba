package io.iftb.cache;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Where the server is and how to talk to it. Immutable; made by {@link #builder()}. {@link #toString()} leaves out the
 * password.
 */
public final class CacheSettings {

    /** The server where nothing else is said. */
    public static final String DEFAULT_URI = "redis://127.0.0.1:6379";

    private static final Duration DEFAULT_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

    private final String redisUri;
    private final @Nullable String user;
    private final char @Nullable [] password;
    private final @Nullable Integer database;
    private final String namespace;
    private final Duration connectTimeout;
    private final Duration operationTimeout;
    private final List<String> trusted;
    private final @Nullable ClassLoader classLoader;

    private CacheSettings(Builder builder) {
        this.redisUri = builder.redisUri;
        this.user = builder.user;
        this.password = builder.password;
        this.database = builder.database;
        this.namespace = builder.namespace;
        this.connectTimeout = builder.connectTimeout;
        this.operationTimeout = builder.operationTimeout;
        this.trusted = builder.trusted;
        this.classLoader = builder.classLoader;
    }

    /** Settings with all defaults. */
    public static Builder builder() {
        return new Builder();
    }

    /** The address of the server, see {@link Builder#redisUri}. */
    public String redisUri() {
        return redisUri;
    }

    /** The user, if one is set apart from the address. */
    public @Nullable String user() {
        return user;
    }

    /** A copy of the password, if one is set apart from the address. */
    public char @Nullable [] password() {
        return password == null ? null : password.clone();
    }

    /** The number of the database, if one is set apart from the address. */
    public @Nullable Integer database() {
        return database;
    }

    /** What goes in front of every key; may be empty. */
    public String namespace() {
        return namespace;
    }

    /** How long connecting may take. */
    public Duration connectTimeout() {
        return connectTimeout;
    }

    /** How long a call may take, retries included. */
    public Duration operationTimeout() {
        return operationTimeout;
    }

    /** Names of classes that may be stored, or packages as {@code com.acme.*}. */
    public List<String> trusted() {
        return trusted;
    }

    /** Loads the classes of stored values; null for the default one. */
    public @Nullable ClassLoader classLoader() {
        return classLoader;
    }

    @Override
    public String toString() {
        return "CacheSettings[namespace='" + namespace + "', connectTimeout=" + connectTimeout + ", operationTimeout="
                + operationTimeout + "]";
    }

    /** Collects settings. */
    public static final class Builder {

        private String redisUri = DEFAULT_URI;
        private @Nullable String user;
        private char @Nullable [] password;
        private @Nullable Integer database;
        private String namespace = "";
        private Duration connectTimeout = DEFAULT_TIMEOUT;
        private Duration operationTimeout = DEFAULT_TIMEOUT;
        private List<String> trusted = List.of();
        private @Nullable ClassLoader classLoader;

        private Builder() {}

        /**
         * The address: {@code redis://[user:password@]host:port[/database]}, {@code rediss://…} for TLS, {@code
         * redis+uds://[user:password@]/path/to/socket}, {@code embedded} for a server of this JVM's own that keeps its
         * data in memory, or {@code embedded:/path/to/folder} for one that keeps them in a folder.
         */
        public Builder redisUri(String redisUri) {
            this.redisUri = Objects.requireNonNull(redisUri, "redisUri");
            return this;
        }

        /** The user (ACL) to log in as; goes before one in the address. */
        public Builder user(String user) {
            this.user = Objects.requireNonNull(user, "user");
            return this;
        }

        /** The password to log in with; goes before one in the address. The array is copied. */
        public Builder password(char[] password) {
            this.password = password.clone();
            return this;
        }

        /**
         * The number of the database; goes before one in the address.
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

        /**
         * What goes in front of every key, before a colon, so that several users share a server; empty for nothing. A
         * user without a namespace must have no cache of the name of another's namespace: its keys would begin alike.
         */
        public Builder namespace(String namespace) {
            this.namespace = Objects.requireNonNull(namespace, "namespace");
            return this;
        }

        /**
         * How long connecting may take, 5 s by default.
         *
         * @throws IllegalArgumentException unless it is 1 ms to 1 h
         */
        public Builder connectTimeout(Duration connectTimeout) {
            this.connectTimeout = requireTimeout("connect timeout", connectTimeout);
            return this;
        }

        /**
         * How long a call may take, retries included, 5 s by default.
         *
         * @throws IllegalArgumentException unless it is 1 ms to 1 h
         */
        public Builder operationTimeout(Duration operationTimeout) {
            this.operationTimeout = requireTimeout("operation timeout", operationTimeout);
            return this;
        }

        /** Classes that may be stored beside the types of a cache: names, or packages as {@code com.acme.*}. */
        public Builder trusted(String... patterns) {
            this.trusted = List.of(patterns);
            return this;
        }

        /** Loads the classes of stored values. */
        public Builder classLoader(ClassLoader classLoader) {
            this.classLoader = classLoader;
            return this;
        }

        /** The settings. */
        public CacheSettings build() {
            return new CacheSettings(this);
        }

        private static Duration requireTimeout(String name, Duration timeout) {
            if (timeout.toMillis() < 1 || timeout.compareTo(MAX_TIMEOUT) > 0) {
                throw new IllegalArgumentException(name + " " + timeout + " is outside 1 ms .. 1 h");
            }
            return timeout;
        }
    }
}
