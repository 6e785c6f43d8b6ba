package io.iftb.cache.redis;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisConnection;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.QueueCommand;
import org.redisson.client.protocol.RedisCommands;

/**
 * Handler in each channel of the client library. It lets a channel that is closed from this side before it carried a command stay
 * closed: the library made it to connect something again that was closed meanwhile, and would connect it again itself, for ever,
 * although nobody has it. Runs in the thread of the channel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise reports the end of a write; nothing waits for a close
final class UnusedChannel extends ChannelDuplexHandler {

    private static final String PING = RedisCommands.PING.getName();

    /** What the library made for this channel; another has it once it has taken the place of a channel before. */
    private @Nullable RedisConnection made;

    private boolean isUsed;

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        made = RedisConnection.getFrom(ctx.channel());
        ctx.fireChannelActive();
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        RedisConnection connection = made;
        if (!isUsed && message instanceof QueueCommand command && connection != null && !isPing(command)) {
            // those of the login come before
            isUsed = connection.getConnectionPromise().isDone();
        }
        ctx.write(message, promise);
    }

    @Override
    public void close(ChannelHandlerContext ctx, ChannelPromise promise) {
        RedisConnection connection = made;
        if (!isUsed
                && connection != null
                && !connection.isClosed()
                && RedisConnection.getFrom(ctx.channel()) == connection) {
            connection.closeAsync(); // comes here again, closed
        }
        ctx.close(promise);
    }

    /** Whether the library only asks if the server is alive, which it begins at once. */
    private static boolean isPing(QueueCommand command) {
        return command instanceof CommandData<?, ?> single
                && PING.equals(single.getCommand().getName());
    }
}
