package io.iftb.cache.redis;

import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.redisson.misc.RedisURI;

/**
 * Where channels of our own lead, beside those of the client library: to each primary, with the login there.
 *
 * @param uri the address of the server, or of those that name the primaries
 * @param tls how to encrypt; null for plain text
 * @param connectTimeout how long connecting may take, the login included
 * @param executor where a password is read from its file
 */
record TrackingEndpoints(
        ServerUri uri, Login login, @Nullable Tls tls, Duration connectTimeout, Executor executor) {

    /** Where to connect for a primary, as it is now. */
    TrackingEndpoint of(Primary primary) {
        ServerAddress address = uri.first();
        if (!uri.isStandalone()) {
            RedisURI now = primary.entry().getClient().getConfig().getAddress();
            address = ServerAddress.of(tls != null, now.getHost(), now.getPort());
        }
        return new TrackingEndpoint(address, uri.mode(), login, tls, connectTimeout, executor);
    }
}
