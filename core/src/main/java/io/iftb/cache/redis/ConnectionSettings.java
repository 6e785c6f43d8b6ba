package io.iftb.cache.redis;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How to connect. User, password and database override those in the address.
 *
 * @param uri the address: {@code redis://}, {@code rediss://}, {@code redis+uds://}, {@code embedded} or {@code
 *     embedded:/folder}
 * @param user the user to log in as; null for the one in the address, or the default user
 * @param password the password; null for the one in the address, or none
 * @param database the database; null for the one in the address, or 0
 * @param connectTimeout how long connecting may take
 * @param operationTimeout how long a command may take
 * @param breakerFailures after how many calls in a row that failed for the server's sake no more are sent; 0 if always
 */
public record ConnectionSettings(
        String uri,
        @Nullable String user,
        @Nullable String password,
        @Nullable Integer database,
        Duration connectTimeout,
        Duration operationTimeout,
        int breakerFailures) {

    /** After how many calls no more are sent, unless something else is said. */
    public static final int BREAKER_FAILURES = 5;

    /** With {@link #BREAKER_FAILURES}. */
    public ConnectionSettings(
            String uri,
            @Nullable String user,
            @Nullable String password,
            @Nullable Integer database,
            Duration connectTimeout,
            Duration operationTimeout) {
        this(uri, user, password, database, connectTimeout, operationTimeout, BREAKER_FAILURES);
    }

    /** Omits the address and the password. */
    @Override
    public String toString() {
        return "ConnectionSettings[connectTimeout=" + connectTimeout + ", operationTimeout=" + operationTimeout + "]";
    }
}
