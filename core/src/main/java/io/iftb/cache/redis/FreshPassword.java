package io.iftb.cache.redis;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import io.netty.channel.ChannelPromise;
import java.net.SocketAddress;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Reads the password of a login again before a channel connects. Once it is connected, the client library does not wait for
 * a password: it would send other commands before.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise reports the end of connecting
final class FreshPassword extends ChannelOutboundHandlerAdapter {

    private final Login login;
    private final Executor executor;

    /** @param executor where the file of the password is read */
    FreshPassword(Login login, Executor executor) {
        this.login = login;
        this.executor = executor;
    }

    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
        var unused = login.password(executor)
                .whenCompleteAsync((password, error) -> ctx.connect(remote, local, promise), ctx.executor());
    }
}
