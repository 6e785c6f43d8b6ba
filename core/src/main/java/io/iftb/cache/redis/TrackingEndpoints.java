package io.iftb.cache.redis;

import io.netty.util.NetUtil;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisClientConfig;

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
        if (uri.isStandalone()) {
            return new TrackingEndpoint(uri.first(), uri.mode(), login, tls, connectTimeout, executor);
        }
        RedisClientConfig now = primary.entry().getClient().getConfig();
        ServerAddress address = ServerAddress.of(
                tls != null, now.getAddress().getHost(), now.getAddress().getPort());
        return new TrackingEndpoint(
                address,
                uri.mode(),
                login,
                tls == null ? null : tls.checking(certificateName(now)),
                connectTimeout,
                executor);
    }

    /** The library looks up the name of a primary, and connects to its IP address; null if it has none. */
    private static @Nullable String certificateName(RedisClientConfig primary) {
        String name = primary.getSslHostname();
        return name == null || NetUtil.createByteArrayFromIpAddressString(name) != null ? null : name;
    }
}
