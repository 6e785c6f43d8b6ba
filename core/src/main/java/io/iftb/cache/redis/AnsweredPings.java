package io.iftb.cache.redis;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.redisson.client.handler.CommandPubSubDecoder;
import org.redisson.client.handler.CommandsQueuePubSub;
import org.redisson.client.protocol.QueueCommandHolder;

/**
 * Takes an answered PING off the queue of a channel that receives messages. The client library forgets this if the same read
 * ends within a message, and then drops that message because it takes it for the answer. Stands before its decoder.
 */
final class AnsweredPings extends ChannelInboundHandlerAdapter {

    /** Does nothing for a channel of another kind. */
    static void addTo(Channel channel) {
        ChannelHandlerContext decoder = channel.pipeline().context(CommandPubSubDecoder.class);
        if (decoder != null) {
            channel.pipeline().addBefore(decoder.name(), null, new AnsweredPings());
        }
    }

    @Override
    public void channelRead(ChannelHandlerContext ctx, Object bytes) {
        QueueCommandHolder current =
                ctx.channel().attr(CommandsQueuePubSub.CURRENT_COMMAND).get();
        if (current != null && current.getCommand().isExecuted()) {
            ctx.pipeline().get(CommandsQueuePubSub.class).sendNextCommand(ctx.channel());
        }
        ctx.fireChannelRead(bytes);
    }
}
