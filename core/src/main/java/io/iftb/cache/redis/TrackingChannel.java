package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.ByteToMessageDecoder;
import io.netty.handler.codec.CorruptedFrameException;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection that hears invalidations and answers commands in order: the end of a Netty channel. Once it has ended it is
 * never used again. All methods run in the thread of the channel.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a failed write closes the channel; nothing waits for a close
final class TrackingChannel extends ByteToMessageDecoder implements RespReader.Sink {

    private final String server;
    private final Owner owner;
    private final RespReader reader = new RespReader(this);
    private final Queue<Sent> unanswered = new ArrayDeque<>();
    private @Nullable ChannelHandlerContext context;
    private boolean ended;

    TrackingChannel(String server, Owner owner) {
        this.server = server;
        this.owner = owner;
    }

    /** Hears what comes on this connection. */
    interface Owner {

        /** The channel is open; commands may be sent. */
        void opened();

        void changed(String key);

        void flushed();

        /** The connection is lost or was ended; called once, also if it was never open. */
        void ended(TrackingTrouble why);
    }

    /** What is done with a reply. */
    interface Answer {

        /**
         * Takes the reply.
         *
         * @param reply as in {@link RespReader.Sink#reply}
         * @param sentNanos when the command was sent: a {@link System#nanoTime()} before it was written
         */
        void answered(@Nullable Object reply, long sentNanos);
    }

    private record Sent(Answer answer, long nanos) {}

    /** Sends a command; does nothing once this has ended. */
    void send(Answer answer, List<String> command) {
        ChannelHandlerContext ctx = context;
        if (ended || ctx == null) {
            return;
        }
        unanswered.add(new Sent(answer, System.nanoTime()));
        ByteBuf out = ctx.alloc().buffer();
        writeHeader(out, '*', command.size());
        for (String part : command) {
            byte[] bytes = part.getBytes(UTF_8);
            writeHeader(out, '$', bytes.length);
            out.writeBytes(bytes).writeByte('\r').writeByte('\n');
        }
        ctx.writeAndFlush(out);
    }

    private static void writeHeader(ByteBuf out, char type, int size) {
        out.writeByte(type);
        out.writeCharSequence(Integer.toString(size), UTF_8);
        out.writeByte('\r').writeByte('\n');
    }

    /** Runs tasks in the thread of the channel. */
    Executor thread() {
        ChannelHandlerContext ctx = context;
        return ctx == null ? Runnable::run : ctx.executor();
    }

    /** Runs a task after some time unless this has ended by then. */
    void later(long nanos, Runnable task) {
        ChannelHandlerContext ctx = context;
        if (ended || ctx == null) {
            return;
        }
        Runnable ifOpen = () -> {
            if (!ended) {
                task.run();
            }
        };
        ctx.executor().schedule(ifOpen, nanos, TimeUnit.NANOSECONDS);
    }

    /** Ends this if a command has had no answer for that long. */
    void endIfSilent(long nanos) {
        Sent oldest = unanswered.peek();
        if (oldest != null && System.nanoTime() - oldest.nanos >= nanos) {
            end(TrackingTrouble.lost(server, "got no answer within " + TimeUnit.NANOSECONDS.toMillis(nanos) + " ms"));
        }
    }

    /** Closes the connection for a reason. */
    void end(TrackingTrouble why) {
        if (ended) {
            return;
        }
        ended = true;
        unanswered.clear();
        ChannelHandlerContext ctx = context;
        if (ctx != null) {
            ctx.close();
        }
        owner.ended(why);
    }

    @Override
    public void handlerAdded(ChannelHandlerContext ctx) {
        context = ctx;
    }

    @Override
    public void channelActive(ChannelHandlerContext ctx) {
        if (!ended) {
            owner.opened();
        }
    }

    @Override
    protected void decode(ChannelHandlerContext ctx, ByteBuf in, List<Object> unused) {
        if (ended) {
            in.skipBytes(in.readableBytes());
        } else {
            reader.read(in);
        }
    }

    @Override
    public void reply(@Nullable Object reply) {
        if (ended) {
            return;
        }
        Sent sent = unanswered.poll();
        if (sent == null) {
            end(TrackingTrouble.malformed(server, "sends replies that nobody asked for"));
        } else {
            sent.answer.answered(reply, sent.nanos);
        }
    }

    @Override
    public void changed(String key) {
        if (!ended) {
            owner.changed(key);
        }
    }

    @Override
    public void flushed() {
        if (!ended) {
            owner.flushed();
        }
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) throws Exception {
        end(TrackingTrouble.lost(server, "was closed"));
        super.channelInactive(ctx); // gives the buffer back
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable error) {
        Optional<TlsFault> fault = TlsFault.in(error, null);
        if (fault.isPresent()) {
            end(new TrackingTrouble(fault.get().sentence(server), TrackingTrouble.Kind.ODD));
        } else if (error instanceof CorruptedFrameException) {
            end(TrackingTrouble.malformed(server, "sends what is no reply of Redis: " + error.getMessage()));
        } else {
            end(TrackingTrouble.lost(server, "failed: " + error));
        }
    }
}
