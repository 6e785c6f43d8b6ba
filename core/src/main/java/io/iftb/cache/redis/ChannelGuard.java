package io.iftb.cache.redis;

import io.netty.channel.Channel;
import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPromise;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.ClosedChannelException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.client.RedisRedirectException;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.CommandsData;
import org.redisson.client.protocol.QueueCommand;
import org.redisson.client.protocol.RedisCommands;

/**
 * Watches one channel of the client library: what is sent on it, and what is answered. It marks calls as sent, fails those
 * that are unanswered when the channel closes, and limits the time of the library's own commands. Runs in the thread of the
 * channel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise of a write tells of its end, and a close has no other
final class ChannelGuard extends ChannelDuplexHandler {

    /** What the library sends by itself when it connects, and later to see whether the server is alive. */
    private static final Set<String> OF_LIBRARY = Set.of("AUTH", "HELLO", "SELECT", "CLIENT", "READONLY", "PING");

    private static final long REDIRECTED_MILLIS = 20;

    private final Traffic traffic;
    private final long libraryMillis;
    private final Deque<QueueCommand> unanswered = new ArrayDeque<>();
    private long lastReadNanos = System.nanoTime();
    private @Nullable ChannelHandlerContext context;

    /** @param libraryMillis how long the library's own commands may take */
    ChannelGuard(Traffic traffic, long libraryMillis) {
        this.traffic = traffic;
        this.libraryMillis = libraryMillis;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Connects when it is this connection's turn: a slow server sees no storm of them. */
    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
        long delay = traffic.connectDelayNanos();
        if (delay <= 0) {
            ctx.connect(remote, local, promise);
        } else {
            var unused =
                    ctx.executor().schedule(() -> ctx.connect(remote, local, promise), delay, TimeUnit.NANOSECONDS);
        }
    }

    @Override
    public void write(ChannelHandlerContext ctx, Object message, ChannelPromise promise) {
        if (!(message instanceof QueueCommand command)) {
            ctx.write(message, promise);
        } else if (!ctx.channel().isActive()) {
            promise.tryFailure(new ClosedChannelException());
        } else if (wasSent(command)) {
            // the library follows a redirection, with which the channel that heard it ends the call meanwhile
            ctx.executor().schedule(() -> promise.tryFailure(unsent()), REDIRECTED_MILLIS, TimeUnit.MILLISECONDS);
        } else if (!begins(command, ctx.channel())) {
            promise.tryFailure(unsent());
        } else {
            ctx.write(message, promise);
        }
    }

    /** Whether a command is to be sent; none that its caller has withdrawn. */
    private boolean begins(QueueCommand command, Channel channel) {
        boolean ours = false;
        for (CommandData<?, ?> each : commands(command)) {
            if (each.getCodec() instanceof Call<?> call) {
                ours = true;
                if (!call.transmission().begin(channel)) {
                    return false;
                }
            }
        }
        boolean librarys = !ours
                && command instanceof CommandData<?, ?> data
                && OF_LIBRARY.contains(data.getCommand().getName());
        if (ours || librarys) {
            unanswered.add(command);
        }
        if (librarys) {
            limit(command, channel);
        }
        return true;
    }

    /** Not a CancellationException: the library would keep the connection of a write that was cancelled. */
    private static IOException unsent() {
        return new IOException("withdrawn, or ended, before it was sent");
    }

    private static boolean wasSent(QueueCommand command) {
        for (CommandData<?, ?> each : commands(command)) {
            if (each.getCodec() instanceof Call<?> call && call.transmission().isSent()) {
                return true;
            }
        }
        return false;
    }

    private void limit(QueueCommand command, Channel channel) {
        Runnable over = () -> {
            if (!isAnswered(command)) {
                channel.close();
            }
        };
        channel.eventLoop().schedule(over, libraryMillis, TimeUnit.MILLISECONDS);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lastReadNanos = System.nanoTime();
        boolean answered = false;
        for (QueueCommand first = unanswered.peek(); first != null && isAnswered(first); first = unanswered.peek()) {
            unanswered.poll();
            answered = true;
            endRedirected(first);
        }
        if (answered) {
            traffic.replied();
        }
        ctx.fireChannelReadComplete();
    }

    /** The library would look for the server that the reply names; a single server has no other. */
    private static void endRedirected(QueueCommand command) {
        for (CommandData<?, ?> each : commands(command)) {
            if (each.getCodec() instanceof Call<?> call && each.cause() instanceof RedisRedirectException redirect) {
                call.accept(null, redirect);
            }
        }
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        traffic.add(this);
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        traffic.remove(this);
        for (QueueCommand each : List.copyOf(unanswered)) {
            ConnectionClosedException closed = new ConnectionClosedException();
            commands(each).forEach(command -> command.tryFailure(closed));
            each.tryFailure(closed);
        }
        unanswered.clear();
        ctx.fireChannelInactive();
    }

    /** Closes a channel on which a call ran out of time; the library connects again when it needs to. */
    static void cut(Channel channel, long sentNanos) {
        ChannelGuard guard = channel.pipeline().get(ChannelGuard.class);
        channel.close();
        if (guard != null) {
            guard.traffic.suspect(sentNanos);
        }
    }

    /** Drops this channel if it is idle and silent since a time: what swallowed a reply may swallow the next, too. */
    void dropIfSilentSince(long nanos) {
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.channel().eventLoop().execute(() -> dropIfSilentSince(ctx.channel(), nanos));
        }
    }

    private void dropIfSilentSince(Channel channel, long nanos) {
        if (!unanswered.isEmpty() || lastReadNanos - nanos > 0) {
            return;
        }
        RedisConnection connection = RedisConnection.getFrom(channel);
        if (connection instanceof RedisPubSubConnection) {
            // silence is usual there: its answer decides
            connection.async(StringCodec.INSTANCE, RedisCommands.PING);
        } else {
            channel.close();
        }
    }

    private static List<? extends CommandData<?, ?>> commands(QueueCommand command) {
        return command instanceof CommandsData many ? many.getCommands() : List.of((CommandData<?, ?>) command);
    }

    private static boolean isAnswered(QueueCommand command) {
        return command instanceof CommandsData many
                ? many.getPromise().isDone()
                : ((CommandData<?, ?>) command).getPromise().isDone();
    }
}
