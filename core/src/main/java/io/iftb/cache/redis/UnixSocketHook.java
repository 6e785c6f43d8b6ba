package io.iftb.cache.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.util.List;
import org.redisson.client.NettyHook;

/**
 * Leads every connection of the client library to a Unix socket. When the library connects again it takes the path for
 * the name of a host, so a subscription would never come back, and the library would try for ever.
 *
 * @param path the path of the socket
 */
record UnixSocketHook(String path) implements NettyHook {

    @Override
    public void afterBoostrapInitialization(Bootstrap bootstrap) {
        bootstrap.resolver(new ToSocket());
    }

    @Override
    public void afterChannelInitialization(Channel channel) {}

    /** Resolves any address to that of the socket. */
    private final class ToSocket extends AddressResolverGroup<SocketAddress> {

        @Override
        protected AddressResolver<SocketAddress> newResolver(EventExecutor executor) {
            return new AbstractAddressResolver<>(executor, SocketAddress.class) {

                @Override
                protected boolean doIsResolved(SocketAddress address) {
                    return address instanceof DomainSocketAddress;
                }

                @Override
                protected void doResolve(SocketAddress unresolved, Promise<SocketAddress> promise) {
                    promise.setSuccess(new DomainSocketAddress(path));
                }

                @Override
                protected void doResolveAll(SocketAddress unresolved, Promise<List<SocketAddress>> promise) {
                    promise.setSuccess(List.of(new DomainSocketAddress(path)));
                }
            };
        }
    }
}
