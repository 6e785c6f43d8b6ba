package io.iftb.cache.redis;

import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
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

    private final Primary primary;
    private final TrackingLinks all;
    private final TrackedListeners listeners;
    private final EventLoop loop;
    private @Nullable TrackingSession session;
    private @Nullable InetSocketAddress connectedTo;
    private @Nullable Future<?> pause;
    private boolean pauseIsLasting;
    private boolean arming;
    private boolean standing;
    private long stoodNanos;
    private long heardNanos;
    private int attempts;
    private boolean closed;
    private String logged = "";

    /** @param all those to all primaries, itself among them */
    TrackingLink(Primary primary, TrackingLinks all) {
        this.primary = primary;
        this.all = all;
        this.listeners = all.listeners();
        this.loop = all.loop();
    }

    /** There are listeners, or others. */
    void listenersChanged() {
        if (listeners.isEmpty()) {
            drop(new TrackingTrouble(TrackingCounts.UNUSED, TrackingTrouble.Kind.PASSING));
        } else if (session != null) {
            arm();
        } else if (!closed && (pause == null || pauseIsLasting)) {
            connect();
        }
    }

    /** Whether changes are heard. */
    boolean isStanding() {
        return standing;
    }

    /** All that was acknowledged before it was heard, a {@link System#nanoTime()}. */
    long heardNanos() {
        return heardNanos;
    }

    /** Whether the keys under a prefix are tracked. */
    boolean covers(String prefix) {
        return standing && session != null && session.prefixes().covers(prefix);
    }

    /** Why its fences are not to be trusted; null if they are. */
    @Nullable
    String unproven() {
        return session == null ? null : session.unproven();
    }

    void close(TrackingTrouble why) {
        closed = true;
        drop(why);
    }

    private void drop(TrackingTrouble why) {
        stopPause();
        attempts = 0;
        end(why);
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
        all.begins();
        TrackingEndpoint endpoint = all.endpoint(primary);
        TrackingSession next = all.session(primary, endpoint, this);
        session = next;
        ChannelFuture opening;
        try {
            InetSocketAddress to = primary.address();
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
            if (session == next && !standing) {
                next.channel().end(late);
            }
        };
        var unused = loop.schedule(limit, millis, TimeUnit.MILLISECONDS);
    }

    /** Tracks prefixes that were added since. */
    private void arm() {
        TrackingSession current = session;
        if (current == null || !standing || arming) {
            return;
        }
        List<String> more = wanted(current.prefixes());
        if (more.isEmpty()) {
            return;
        }
        if (current.takesPrefixes() && more.stream().noneMatch(current.prefixes()::liesUnder)) {
            arming = true;
            current.track();
        } else {
            attempts = 0;
            end(TrackingTrouble.lost(primary.toString(), "is made again for prefixes that cannot be added to it"));
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
    public void armed(TrackingSession current, long sentNanos) {
        if (session != current) {
            return; // its fence has found that it leads elsewhere
        }
        arming = false;
        if (!standing) {
            standing = true;
            stoodNanos = System.nanoTime();
        }
        heardNanos = sentNanos;
        all.linkStands();
        arm();
    }

    @Override
    public void tested(@Nullable String unproven) {
        all.linkStands();
    }

    @Override
    public void heard(long sentNanos) {
        if (!primary.address().equals(connectedTo)) {
            end(TrackingTrouble.lost(primary.toString(), "leads to another server than the commands"));
        } else {
            heardNanos = sentNanos;
            all.linkHeard(System.nanoTime() - sentNanos);
        }
    }

    @Override
    public void changed(String key) {
        all.changed(key);
    }

    @Override
    public void flushed() {
        all.flushed();
    }

    @Override
    public void ended(TrackingSession ended, TrackingTrouble why) {
        boolean steady = standing && System.nanoTime() - stoodNanos > STEADY_NANOS;
        session = null;
        arming = false;
        standing = false;
        all.linkEnded(why.sentence());
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
        pause = loop.schedule(this::connectAgain, millis, TimeUnit.MILLISECONDS);
    }

    private void connectAgain() {
        pause = null;
        all.look();
        connect();
    }

    private void log(TrackingTrouble why) {
        if (why.kind() != TrackingTrouble.Kind.PASSING && !logged.equals(why.sentence())) {
            logged = why.sentence();
            LOG.warn("Near caches are off, and all reads go to the server: {}", why.sentence());
        } else {
            LOG.debug("Near caches are off: {}", why.sentence());
        }
    }

    /** Sends a command whose answer comes once all that came before it was heard. */
    void fence(TrackingChannel.Answer then) {
        TrackingSession current = session;
        if (current != null) { // otherwise those who wait have failed
            current.fence(then);
        }
    }
}
