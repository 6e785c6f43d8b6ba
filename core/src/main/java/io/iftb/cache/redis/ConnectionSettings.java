package io.iftb.cache.redis;

import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to connect. User, password and database override those in the address.
 *
 * @param uri the address: {@code redis://}, {@code rediss://}, {@code redis+uds://}, {@code embedded} or {@code
 *     embedded:/folder}
 * @param user the user to log in as; null for the one in the address, or the default user
 * @param password the password; null for the one in the address, or none
 * @param passwordFile a file whose first line is the password, read again for each new connection; null for none. The
 *     password is what was read from it first
 * @param database the database; null for the one in the address, or 0
 * @param connectTimeout how long connecting may take
 * @param operationTimeout how long a command may take
 * @param tls who is trusted, and who this program is, if the address is {@code rediss://}
 * @param breakerFailures after how many calls in a row that failed for the server's sake no more are sent; 0 if always
 * @param isLazy whether to connect in the background, so that opening does not fail if the server cannot be used
 */
public record ConnectionSettings(
        String uri,
        @Nullable String user,
        @Nullable String password,
        @Nullable Path passwordFile,
        @Nullable Integer database,
        Duration connectTimeout,
        Duration operationTimeout,
        TlsFiles tls,
        int breakerFailures,
        boolean isLazy) {

    /** After how many calls no more are sent, unless something else is said. */
    public static final int BREAKER_FAILURES = 5;

    /** With a password that does not change, the trust of the JVM, and {@link #BREAKER_FAILURES}. */
    public ConnectionSettings(
            String uri,
            @Nullable String user,
            @Nullable String password,
            @Nullable Integer database,
            Duration connectTimeout,
            Duration operationTimeout) {
        this(
                uri,
                user,
                password,
                null,
                database,
                connectTimeout,
                operationTimeout,
                TlsFiles.NONE,
                BREAKER_FAILURES,
                false);
    }

    /** The same with a file whose first line is the password, read again for each new connection; null for none. */
    public ConnectionSettings withPasswordFile(@Nullable Path file) {
        return new ConnectionSettings(
                uri, user, password, file, database, connectTimeout, operationTimeout, tls, breakerFailures, isLazy);
    }

    /** The same with other TLS files. */
    public ConnectionSettings withTls(TlsFiles files) {
        return new ConnectionSettings(
                uri,
                user,
                password,
                passwordFile,
                database,
                connectTimeout,
                operationTimeout,
                files,
                breakerFailures,
                isLazy);
    }

    /** The same with another number of failures in a row after which no more calls are sent; 0 for always. */
    public ConnectionSettings withBreaker(int failures) {
        return new ConnectionSettings(
                uri, user, password, passwordFile, database, connectTimeout, operationTimeout, tls, failures, isLazy);
    }

    /** The same, connecting in the background. */
    public ConnectionSettings withLazyConnect() {
        return new ConnectionSettings(
                uri,
                user,
                password,
                passwordFile,
                database,
                connectTimeout,
                operationTimeout,
                tls,
                breakerFailures,
                true);
    }

    /** Omits the address and the password. */
    @Override
    public String toString() {
        return "ConnectionSettings[connectTimeout=" + connectTimeout + ", operationTimeout=" + operationTimeout + "]";
    }
}
