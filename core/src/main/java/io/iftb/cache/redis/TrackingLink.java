package io.iftb.cache.redis;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps one {@link TrackingSession} as long as there are registrations, and makes it anew when it is lost. All methods run in
 * the thread of the connection.
 */
final class TrackingLink implements TrackingSession.Events {

    private static final Logger LOG = LoggerFactory.getLogger(TrackingLink.class);
    private static final long FIRST_PAUSE_MILLIS = 100;
    private static final long LONGEST_PAUSE_MILLIS = 5_000;

    /** The pause after trouble that somebody has to remove. */
    private static final long LASTING_PAUSE_MILLIS = 60_000;

    /** A connection that is lost sooner does not shorten the next pause. */
    private static final long STEADY_NANOS = TimeUnit.SECONDS.toNanos(10);

    private static final int MOST_DOUBLINGS = 6;

    private final TrackingEndpoint endpoint;
    private final EventLoop loop;
    private final Supplier<InetSocketAddress> primary;
    private final Duration silence;
    private final Function<String, CompletableFuture<?>> testWrite;
    private final TrackingCounts counts;
    private final TrackedListeners listeners = new TrackedListeners();
    private final KeyWatch watch;
    private @Nullable TrackingSession session;
    private @Nullable InetSocketAddress connectedTo;
    private @Nullable Future<?> pause;
    private boolean pauseIsLasting;
    private boolean arming;
    private int attempts;
    private boolean closed;
    private String logged = "";

    /** @param primary where the client library sends commands now, which changes with the name service */
    TrackingLink(
            TrackingEndpoint endpoint,
            EventLoop loop,
            Supplier<InetSocketAddress> primary,
            Duration silence,
            Function<String, CompletableFuture<?>> testWrite,
            KeyTracking.Shared shared) {
        this.endpoint = endpoint;
        this.loop = loop;
        this.primary = primary;
        this.silence = silence;
        this.testWrite = testWrite;
        this.counts = shared.counts();
        this.watch = new KeyWatch(shared, listeners);
    }

    void add(TrackedPrefixes added) {
        if (closed) {
            return;
        }
        listeners.add(added);
        if (session == null) {
            if (pause == null || pauseIsLasting) {
                connect();
            }
        } else if (watch.isStanding()) {
            arm();
        }
    }

    void remove(TrackedPrefixes removed) {
        listeners.remove(removed);
        if (listeners.isEmpty()) {
            drop(new TrackingTrouble(TrackingCounts.UNUSED, TrackingTrouble.Kind.PASSING));
        }
    }

    void close(TrackingTrouble why) {
        closed = true;
        drop(why);
    }

    private void drop(TrackingTrouble why) {
        stopPause();
        attempts = 0;
        end(why);
        counts.stops(why.sentence());
    }

    private void end(TrackingTrouble why) {
        TrackingSession ending = session;
        if (ending != null) {
            ending.channel().end(why);
        }
    }

    private void stopPause() {
        if (pause != null) {
            pause.cancel(false);
            pause = null;
        }
    }

    private void connect() {
        stopPause();
        if (closed || session != null || listeners.isEmpty()) {
            return;
        }
        counts.begins();
        TrackingSession next = new TrackingSession(endpoint, silence, testWrite, this);
        session = next;
        ChannelFuture opening;
        try {
            InetSocketAddress to = primary.get();
            connectedTo = to;
            opening = endpoint.open(loop, to, next.channel());
        } catch (RuntimeException e) {
            next.channel().end(TrackingTrouble.lost(endpoint.toString(), "cannot be opened: " + e));
            return;
        }
        opening.addListener(done -> {
            if (!done.isSuccess()) {
                next.channel().end(TrackingTrouble.lost(endpoint.toString(), "cannot be opened: " + done.cause()));
            }
        });
        long millis = endpoint.connectTimeout().toMillis();
        TrackingTrouble late = TrackingTrouble.lost(endpoint.toString(), "was not ready within " + millis + " ms");
        Runnable limit = () -> {
            if (session == next && !watch.isStanding()) {
                next.channel().end(late);
            }
        };
        var unused = loop.schedule(limit, millis, TimeUnit.MILLISECONDS);
    }

    /** Tracks prefixes that were added since. */
    private void arm() {
        TrackingSession current = session;
        if (current == null || arming || !listeners.hasWaiting()) {
            return;
        }
        List<String> more = wanted(current.prefixes());
        boolean fits =
                more.isEmpty() || (current.takesPrefixes() && more.stream().noneMatch(current.prefixes()::liesUnder));
        if (fits) {
            arming = true;
            current.track();
        } else {
            attempts = 0;
            end(TrackingTrouble.lost(endpoint.toString(), "is made again for prefixes that cannot be added to it"));
            connect();
        }
    }

    @Override
    public List<String> wanted(PrefixSet tracked) {
        List<String> wanted = new ArrayList<>(listeners.outside(tracked));
        if (!tracked.covers(FenceProof.PREFIX)) {
            wanted.add(FenceProof.PREFIX);
        }
        return PrefixSet.reduced(wanted);
    }

    @Override
    public void armed(TrackingSession current, long heardNanos) {
        arming = false;
        watch.stands(current.prefixes(), heardNanos, current.unproven());
        arm();
    }

    @Override
    public void tested(@Nullable String unproven) {
        counts.stands(unproven);
    }

    @Override
    public void heard(long sentNanos) {
        counts.fenceAnswered(System.nanoTime() - sentNanos);
        if (!primary.get().equals(connectedTo)) {
            end(TrackingTrouble.lost(endpoint.toString(), "leads to another server than the commands"));
        } else {
            watch.heard(sentNanos);
        }
    }

    @Override
    public void changed(String key) {
        watch.changed(key);
    }

    @Override
    public void flushed() {
        watch.flushed();
    }

    @Override
    public void ended(TrackingSession ended, TrackingTrouble why) {
        boolean steady = watch.hasStoodFor(STEADY_NANOS);
        session = null;
        arming = false;
        watch.ended(why.sentence());
        if (!closed && !listeners.isEmpty()) {
            if (steady) {
                attempts = 0;
                logged = "";
            }
            log(why);
            waitToConnect(why.kind() == TrackingTrouble.Kind.LASTING);
        }
    }

    private void waitToConnect(boolean lasting) {
        long most = lasting
                ? LASTING_PAUSE_MILLIS
                : Math.min(LONGEST_PAUSE_MILLIS, FIRST_PAUSE_MILLIS << Math.min(MOST_DOUBLINGS, attempts));
        attempts++;
        // at random, so that many JVMs do not come back at once
        long millis = most / 2 + ThreadLocalRandom.current().nextLong(most / 2 + 1);
        stopPause();
        pauseIsLasting = lasting;
        pause = loop.schedule(this::connect, millis, TimeUnit.MILLISECONDS);
    }

    private void log(TrackingTrouble why) {
        if (why.kind() != TrackingTrouble.Kind.PASSING && !logged.equals(why.sentence())) {
            logged = why.sentence();
            LOG.warn("Near caches are off, and all reads go to the server: {}", why.sentence());
        } else {
            LOG.debug("Near caches are off: {}", why.sentence());
        }
    }

    /** Sends a fence for those who ask for one. */
    void sendFence() {
        watch.sendFence(then -> Objects.requireNonNull(session).fence(then));
    }
}
