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
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.redisson.client.RedisConnection;
import org.redisson.client.RedisPubSubConnection;
import org.redisson.client.codec.StringCodec;
import org.redisson.client.protocol.CommandData;
import org.redisson.client.protocol.CommandsData;
import org.redisson.client.protocol.QueueCommand;
import org.redisson.client.protocol.RedisCommands;

/**
 * Handler in each channel of the client library. It marks calls as sent, fails unanswered calls when the channel closes, and
 * limits the time of the library's own commands. Runs in the thread of the channel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // the promise reports the end of a write; nothing waits for a close
final class ChannelGuard extends ChannelDuplexHandler {

    /** Commands that the library itself sends to connect and to check that the server is alive. */
    private static final Set<String> OF_LIBRARY = Set.of("AUTH", "HELLO", "SELECT", "CLIENT", "READONLY", "PING");

    private final ServerTraffic servers;
    private final long libraryMillis;
    private final Deque<QueueCommand> unanswered = new ArrayDeque<>();
    private long lastReadNanos = System.nanoTime();
    private @Nullable Traffic traffic;
    private @Nullable ChannelHandlerContext context;

    /** @param libraryMillis how long the library's own commands may take */
    ChannelGuard(ServerTraffic servers, long libraryMillis) {
        this.servers = servers;
        this.libraryMillis = libraryMillis;
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    /** Delays connecting if needed, so that a slow server does not get a storm of connections. */
    @Override
    public void connect(
            ChannelHandlerContext ctx, SocketAddress remote, @Nullable SocketAddress local, ChannelPromise promise) {
        Traffic ofServer = servers.of(remote);
        traffic = ofServer;
        long delay = ofServer.connectDelayNanos();
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
            return;
        }
        Transmission transmission = transmission(command);
        if (!ctx.channel().isActive()) {
            promise.tryFailure(new ClosedChannelException());
        } else if (transmission == null) {
            limitIfOfLibrary(command, ctx.channel());
            ctx.write(message, promise);
        } else if (transmission.begin(ctx.channel())) {
            unanswered.add(command);
            ctx.write(message, promise);
        } else {
            promise.tryFailure(unsent());
        }
    }

    /** The transmission of a call, or the one that all calls of a batch share; null for a command of the library. */
    private static @Nullable Transmission transmission(QueueCommand command) {
        if (command instanceof CommandData<?, ?> single) {
            return single.getCodec() instanceof Call<?> call ? call.transmission() : null;
        }
        for (CommandData<?, ?> each : commands(command)) {
            if (each.getCodec() instanceof Call<?> call) {
                return call.transmission();
            }
        }
        return null;
    }

    /** Not a CancellationException: the library would keep the connection of a write that was cancelled. */
    private static IOException unsent() {
        return new IOException("withdrawn, or ended, before it was sent");
    }

    private void limitIfOfLibrary(QueueCommand command, Channel channel) {
        if (command instanceof CommandData<?, ?> data
                && OF_LIBRARY.contains(data.getCommand().getName())) {
            unanswered.add(command);
            Runnable over = () -> {
                if (!isAnswered(command) && !hasCalls()) {
                    channel.close();
                }
            };
            channel.eventLoop().schedule(over, libraryMillis, TimeUnit.MILLISECONDS);
        }
    }

    /** Whether calls wait for an answer too: these have limits of their own, which may be longer. */
    private boolean hasCalls() {
        return unanswered.stream().anyMatch(each -> transmission(each) != null);
    }

    @Override
    public void channelReadComplete(ChannelHandlerContext ctx) {
        lastReadNanos = System.nanoTime();
        boolean answered = false;
        for (QueueCommand first = unanswered.peek(); first != null && isAnswered(first); first = unanswered.peek()) {
            unanswered.poll();
            answered = true;
        }
        if (answered && traffic != null) {
            traffic.replied();
        }
        ctx.fireChannelReadComplete();
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (traffic != null) {
            traffic.add(this);
        }
        RedisConnection connection = RedisConnection.getFrom(ctx.channel());
        if (connection != null) {
            connection.getRedisClient().getConfig().setFailedNodeDetector(NeverFailedNode.INSTANCE);
        }
        ctx.fireChannelActive();
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
        if (traffic != null) {
            traffic.remove(this);
        }
        for (QueueCommand each : List.copyOf(unanswered)) {
            ConnectionClosedException closed = new ConnectionClosedException();
            commands(each).forEach(command -> command.tryFailure(closed));
            each.tryFailure(closed);
        }
        unanswered.clear();
        ctx.fireChannelInactive();
    }

    /** Closes a channel on which a call timed out; the library connects again when it needs to. */
    static void cut(Channel channel, long sentNanos) {
        ChannelGuard guard = channel.pipeline().get(ChannelGuard.class);
        channel.close();
        if (guard != null && guard.traffic != null) {
            guard.traffic.dropSilentSince(sentNanos);
        }
    }

    /** Closes this channel if it is idle and has received nothing since then: it may lose the next reply too. */
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
            // subscriptions are often silent, so ask
            connection.async(StringCodec.INSTANCE, RedisCommands.PING);
        } else {
            channel.close();
        }
    }

    private static List<? extends CommandData<?, ?>> commands(QueueCommand command) {
        return command instanceof CommandsData many ? many.getCommands() : List.of((CommandData<?, ?>) command);
    }

    private static boolean isAnswered(QueueCommand command) {
        return promise(command).isDone();
    }

    private static CompletableFuture<?> promise(QueueCommand command) {
        return command instanceof CommandsData many ? many.getPromise() : ((CommandData<?, ?>) command).getPromise();
    }
}
