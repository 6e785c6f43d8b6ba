package io.iftb.cache.redis;

import io.netty.channel.EventLoop;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The tracked connections to all primaries, as one: what is heard is what all of them have said. When a primary comes or
 * goes, everything is dropped as when a connection is lost. All methods run in the one thread of these connections.
 */
final class TrackingLinks {

    private static final String LOOKING =
            "the primaries have changed; the connections that hear which keys change are being made";

    private final TrackingEndpoints endpoints;
    private final Primaries primaries;
    private final EventLoop loop;
    private final Function<String, CompletableFuture<?>> testWrite;
    private final TrackingCounts counts;
    private final TrackedListeners listeners = new TrackedListeners();
    private final KeyWatch watch;
    private final Map<Primary, TrackingLink> links = new LinkedHashMap<>();
    private boolean closed;

    /** @param testWrite writes a key for a moment, on another connection */
    TrackingLinks(
            TrackingEndpoints endpoints,
            Primaries primaries,
            EventLoop loop,
            Function<String, CompletableFuture<?>> testWrite,
            KeyTracking.Shared shared) {
        this.endpoints = endpoints;
        this.primaries = primaries;
        this.loop = loop;
        this.testWrite = testWrite;
        this.counts = shared.counts();
        this.watch = new KeyWatch(shared, listeners);
    }

    EventLoop loop() {
        return loop;
    }

    TrackedListeners listeners() {
        return listeners;
    }

    void add(TrackedPrefixes added) {
        if (closed) {
            return;
        }
        listeners.add(added);
        look();
        if (watch.isStanding()) {
            linkStands(); // its prefixes may be tracked already
        }
        each(TrackingLink::listenersChanged);
    }

    void remove(TrackedPrefixes removed) {
        listeners.remove(removed);
        if (listeners.isEmpty()) {
            each(TrackingLink::listenersChanged);
            links.clear();
            counts.stops(TrackingCounts.UNUSED);
        }
    }

    void close(TrackingTrouble why) {
        closed = true;
        each(link -> link.close(why));
        links.clear();
        counts.stops(why.sentence());
    }

    private void each(Consumer<TrackingLink> action) {
        new ArrayList<>(links.values()).forEach(action);
    }

    /** Looks which primaries there are; what was heard ends with a change of them. */
    void look() {
        List<Primary> now = primaries.isConnected() ? primaries.all() : List.of();
        if (closed
                || listeners.isEmpty()
                || (links.size() == now.size() && links.keySet().containsAll(now))) {
            return;
        }
        if (watch.isStanding()) {
            watch.ended(LOOKING);
        }
        List<TrackingLink> gone = links.entrySet().stream()
                .filter(each -> !now.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .toList();
        links.keySet().retainAll(now);
        gone.forEach(link -> link.close(new TrackingTrouble(LOOKING, TrackingTrouble.Kind.PASSING)));
        for (Primary each : now) {
            if (!links.containsKey(each)) {
                TrackingLink link = new TrackingLink(each, this);
                links.put(each, link);
                link.listenersChanged();
            }
        }
        linkStands();
    }

    TrackingEndpoint endpoint(Primary primary) {
        return endpoints.of(primary);
    }

    TrackingSession session(Primary primary, TrackingEndpoint endpoint, TrackingSession.Events events) {
        return new TrackingSession(
                endpoint, primaries.budget(), testWrite, key -> primaries.ofKey(key) == primary, events);
    }

    /** A connection is being made. */
    void begins() {
        counts.begins();
    }

    /** A connection stands, or tracks more. */
    void linkStands() {
        if (areStanding()) {
            watch.stands(
                    prefix -> links.values().stream().allMatch(link -> link.covers(prefix)), heardNanos(), unproven());
        }
    }

    private boolean areStanding() {
        return !links.isEmpty() && links.values().stream().allMatch(TrackingLink::isStanding);
    }

    private @Nullable String unproven() {
        for (TrackingLink link : links.values()) {
            if (link.unproven() != null) {
                return link.unproven();
            }
        }
        return null;
    }

    /** All that was acknowledged before it was heard on each connection. */
    private long heardNanos() {
        long oldest = 0;
        boolean isFirst = true;
        for (TrackingLink link : links.values()) {
            oldest = isFirst || link.heardNanos() - oldest < 0 ? link.heardNanos() : oldest;
            isFirst = false;
        }
        return oldest;
    }

    /** A fence was answered on a connection. */
    void linkHeard(long tookNanos) {
        counts.fenceAnswered(tookNanos);
        look(); // before anything is fresh again: a new primary may have changes of its own
        if (watch.isStanding()) {
            watch.heard(heardNanos());
        }
    }

    /** A connection is lost, or could not be made. */
    void linkEnded(String why) {
        watch.ended(why);
    }

    void changed(String key) {
        watch.changed(key);
    }

    void flushed() {
        watch.flushed();
    }

    /** Sends a fence for those who ask for one. */
    void sendFence() {
        look();
        watch.sendFence(this::fenceAll);
    }

    /** Sends a fence to each; the answer has come when all have. */
    private void fenceAll(TrackingChannel.Answer then) {
        List<TrackingLink> asked = new ArrayList<>(links.values());
        long began = System.nanoTime();
        int[] left = {asked.size()};
        asked.forEach(link -> link.fence((reply, sent) -> {
            if (--left[0] == 0) {
                then.answered(null, asked.size() == 1 ? sent : began);
            }
        }));
    }
}
