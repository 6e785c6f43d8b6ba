package io.iftb.cache.redis;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.kqueue.KQueue;
import io.netty.channel.kqueue.KQueueDomainSocketChannel;
import io.netty.channel.kqueue.KQueueSocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.handler.ssl.SslHandler;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Where a channel of our own leads, beside those of the client library, and the login there.
 *
 * @param mode how the servers work together
 * @param tls how to encrypt; null for plain text
 * @param connectTimeout how long connecting may take, the login included
 * @param executor where a password is read from its file
 */
record TrackingEndpoint(
        ServerAddress address,
        ServerMode mode,
        Login login,
        @Nullable Tls tls,
        Duration connectTimeout,
        Executor executor) {

    /**
     * Begins to connect, without waiting.
     *
     * @param primary the address of the host, looked up already; not used for a Unix socket
     */
    ChannelFuture open(EventLoop loop, InetSocketAddress primary, ChannelHandler handler) {
        Bootstrap bootstrap = new Bootstrap()
                .group(loop)
                .channel(channelClass())
                .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, (int) connectTimeout.toMillis())
                .handler(new ChannelInitializer<>() {
                    @Override
                    protected void initChannel(Channel channel) {
                        if (tls != null) {
                            channel.pipeline().addLast(encryption(tls));
                        }
                        channel.pipeline().addLast(handler);
                    }
                });
        if (address.isUnixSocket()) {
            return bootstrap.connect(new DomainSocketAddress(address.host()));
        }
        return bootstrap.option(ChannelOption.TCP_NODELAY, true).connect(primary);
    }

    private Class<? extends Channel> channelClass() {
        if (Epoll.isAvailable()) {
            return address.isUnixSocket() ? EpollDomainSocketChannel.class : EpollSocketChannel.class;
        }
        if (KQueue.isAvailable()) {
            return address.isUnixSocket() ? KQueueDomainSocketChannel.class : KQueueSocketChannel.class;
        }
        return NioSocketChannel.class;
    }

    private SslHandler encryption(Tls encrypting) {
        SslHandler handler = new SslHandler(encrypting.engine(host(), address.port()));
        handler.setHandshakeTimeoutMillis(connectTimeout.toMillis());
        return handler;
    }

    private String host() {
        return address.host().replaceAll("^\\[|]$", "");
    }

    /** The address, without user and password. */
    @Override
    public String toString() {
        return address.toString();
    }
}
