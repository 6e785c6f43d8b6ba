package io.iftb.cache.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.resolver.AbstractAddressResolver;
import io.netty.resolver.AddressResolver;
import io.netty.resolver.AddressResolverGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.Promise;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;
import org.redisson.client.NettyHook;
import org.redisson.client.handler.ErrorsLoggingHandler;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Adds a {@link ChannelGuard}, an {@link UnusedChannel} and {@link AnsweredPings} to the connections of the client library, and
 * resolves Unix sockets. When the library reconnects, it treats the path of a socket as a host name, so without this a subscription is never restored.
 *
 * @param traffic the traffic with each server
 * @param libraryMillis how long the library's own commands may take
 * @param login the login, whose password may be read again
 * @param executor where it is read
 * @param path the path of the Unix socket; null for TCP
 */
record ConnectionHook(
        ServerTraffic traffic,
        long libraryMillis,
        Login login,
        Executor executor,
        @Nullable String path) implements NettyHook {

    private static final Logger LOG = LoggerFactory.getLogger(ConnectionHook.class);

    @Override
    public void afterBoostrapInitialization(Bootstrap bootstrap) {
        if (path != null) {
            bootstrap.resolver(new ToSocket(path));
        }
    }

    @Override
    public void afterChannelInitialization(Channel channel) {
        var logging = channel.pipeline().context(ErrorsLoggingHandler.class);
        if (logging != null) {
            channel.pipeline().addBefore(logging.name(), null, new ToldByCalls());
        }
        channel.pipeline().addLast(new ChannelGuard(traffic, libraryMillis), new UnusedChannel());
        if (login.mayChange()) {
            channel.pipeline().addLast(new FreshPassword(login, executor));
        }
        AnsweredPings.addTo(channel);
    }

    /** Keeps faults of TLS, which the calls get, out of the log: it would have a stack trace for each attempt to connect. */
    private static final class ToldByCalls extends ChannelInboundHandlerAdapter {

        @Override
        public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
            if (TlsFault.in(error, null).isPresent()) {
                LOG.debug("A connection of {} failed", ctx.channel(), error);
            } else {
                ctx.fireExceptionCaught(error);
            }
        }
    }

    /** Resolves any address to that of the socket. */
    private static final class ToSocket extends AddressResolverGroup<SocketAddress> {

        private final String path;

        ToSocket(String path) {
            this.path = path;
        }

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
