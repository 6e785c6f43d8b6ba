package io.iftb.cache.redis;

import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Records what a registration hears, and whether it counted as fresh when it was told to drop everything. */
final class HeardChanges implements KeyTracking.Listener, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    final KeyTracking tracking;
    final Set<String> keys = ConcurrentHashMap.newKeySet();
    final AtomicInteger calls = new AtomicInteger();
    private final Map<String, Integer> times = new ConcurrentHashMap<>();
    final AtomicInteger resets = new AtomicInteger();

    /** Resets during which the registration counted as fresh. */
    final AtomicInteger freshResets = new AtomicInteger();

    /** Resets during which any registration counted as fresh. */
    final AtomicInteger standingResets = new AtomicInteger();

    final List<Thread> threads = new CopyOnWriteArrayList<>();
    private volatile KeyTracking.Registration registration;

    HeardChanges(KeyTracking tracking, String prefix) {
        this.tracking = tracking;
        this.registration = tracking.track(prefix, this);
    }

    KeyTracking.Registration registration() {
        return registration;
    }

    HeardChanges awaitTracked() {
        await().atMost(PATIENCE).until(registration::isTracked);
        return this;
    }

    HeardChanges awaitUntracked() {
        await().atMost(PATIENCE).until(() -> !registration.isTracked());
        return this;
    }

    void awaitHeard(String... expected) {
        await().atMost(PATIENCE).until(() -> keys.containsAll(List.of(expected)));
    }

    /** How often a key was heard. */
    int times(String key) {
        return times.getOrDefault(key, 0);
    }

    void awaitResets(int count) {
        await().atMost(PATIENCE).until(() -> resets.get() >= count);
    }

    @Override
    public void changed(String redisKey) {
        calls.incrementAndGet();
        keys.add(redisKey);
        times.merge(redisKey, 1, Integer::sum);
    }

    @Override
    public void reset() {
        KeyTracking.Registration mine = registration;
        if (mine != null && mine.isTracked()) {
            freshResets.incrementAndGet();
        }
        if (tracking.isStanding()) {
            standingResets.incrementAndGet();
        }
        keys.clear();
        resets.incrementAndGet();
        threads.add(Thread.currentThread());
    }

    @Override
    public void close() {
        registration.close();
    }
}
