package io.iftb.cache.redis;

import io.netty.channel.EventLoop;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.redisson.command.CommandAsyncService;
import org.redisson.connection.ConnectionManager;
import org.redisson.connection.MasterSlaveEntry;
import org.redisson.misc.RedisURI;

/**
 * The primaries that a connection leads to: one, or those of a Redis Cluster, where each key has its own. They come and go
 * with failovers and when slots are moved. Safe for use by several threads.
 */
final class Primaries implements AutoCloseable {

    /** How often the time limits are checked, as a part of the budget. */
    private static final int CHECKS_PER_BUDGET = 50;

    private static final long MAX_CHECK_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private final Shared shared;
    private final ConnectionManager library;
    private final ConcurrentHashMap<MasterSlaveEntry, Primary> known = new ConcurrentHashMap<>();

    /** The only one; in a cluster, stands for slots that no primary serves. */
    private final Primary single;

    private final GonePrimaries gone = new GonePrimaries();
    private final PrimaryClocks clocks = new PrimaryClocks(this);

    private volatile boolean closed;
    private volatile long exitNanos;

    /**
     * What the calls to all primaries share.
     *
     * @param executor sends commands
     * @param traffic the traffic with each server
     * @param timer runs checks and repetitions
     * @param budget the time limit of a call without a deadline
     * @param breakerFailures after how many failures in a row a primary is taken for unavailable; 0 for never
     * @param mode what kind of servers they are
     * @param gate lets no call through before the connection is made
     */
    record Shared(
            CommandAsyncService executor,
            ServerTraffic traffic,
            ScheduledThreadPoolExecutor timer,
            Duration budget,
            int breakerFailures,
            ServerMode mode,
            ConnectGate gate) {

        Shared(
                CommandAsyncService executor,
                ServerTraffic traffic,
                Duration budget,
                int breakerFailures,
                ServerMode mode,
                ConnectGate gate) {
            this(
                    executor,
                    traffic,
                    new ScheduledThreadPoolExecutor(1, ConnectionThread.factory("iftb-cache-timer")),
                    budget,
                    breakerFailures,
                    mode,
                    gate);
        }
    }

    /** @param server the address in messages about no certain primary */
    Primaries(Shared shared, String server) {
        this.shared = shared;
        this.library = shared.executor.getConnectionManager();
        this.single = new Primary(
                this::firstEntry,
                () -> shared.mode == ServerMode.SENTINEL && isConnected() ? address(firstEntry()) : server,
                shared,
                clocks::anyMillis,
                this::ofKey);
        shared.timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
        check(this::endLate);
        check(clocks::look);
        if (areSeveral()) {
            var unused = shared.timer.scheduleWithFixedDelay(this::forgetGone, 1, 1, TimeUnit.MINUTES);
        }
    }

    private MasterSlaveEntry firstEntry() {
        return library.getEntrySet().iterator().next();
    }

    private static String address(MasterSlaveEntry entry) {
        RedisURI uri = entry.getClient().getConfig().getAddress();
        return ServerAddress.of(uri.isSsl(), uri.getHost(), uri.getPort()).toString();
    }

    ServerMode mode() {
        return shared.mode;
    }

    /** Whether keys belong to different primaries. */
    boolean areSeveral() {
        return shared.mode == ServerMode.CLUSTER;
    }

    /** The only one, or any. */
    Primary first() {
        return areKnown() ? of(firstEntry()) : single;
    }

    /** Whether the connection is made. */
    boolean isConnected() {
        return shared.gate.isOpen();
    }

    /** Whether there are several, and they are known: asking the library before would connect. */
    private boolean areKnown() {
        return areSeveral() && isConnected();
    }

    /** The primary that a request is for. */
    Primary of(Request request) {
        if (!areKnown()) {
            return single;
        }
        MasterSlaveEntry entry = request.primary();
        return entry == null ? ofKey(request.key()) : of(entry);
    }

    /** The primary of a key. */
    Primary ofKey(String key) {
        if (!areKnown()) {
            return single;
        }
        MasterSlaveEntry entry = library.getEntry(Slots.of(key, library));
        return entry == null ? single : of(entry);
    }

    private Primary of(MasterSlaveEntry entry) {
        Primary found = known.get(entry);
        return found == null ? known.computeIfAbsent(entry, this::begin) : found;
    }

    private Primary begin(MasterSlaveEntry entry) {
        Primary begun = new Primary(() -> entry, () -> address(entry), shared, clocks::anyMillis, this::ofKey);
        if (closed) {
            begun.calls().close();
        }
        var unused = begun.clock().begin();
        return begun;
    }

    /** The time limit of a call without a deadline. */
    Duration budget() {
        return shared.budget;
    }

    /** A thread of the connections. */
    EventLoop loop() {
        return shared.executor.getServiceManager().getGroup().next();
    }

    /** All of them now. */
    List<Primary> all() {
        return areKnown() ? library.getEntrySet().stream().map(this::of).toList() : List.of(single);
    }

    /** One that serves, if there is one. */
    Primary any() {
        List<Primary> all = all();
        return all.stream()
                .filter(each -> !each.calls().breaker().isOpen())
                .findFirst()
                .orElseGet(() -> all.isEmpty() ? single : all.get(0));
    }

    /** Those that have calls: the only one, or those of a cluster. */
    Collection<Primary> serving() {
        return areSeveral() ? known.values() : List.of(single);
    }

    PrimaryClocks clocks() {
        return clocks;
    }

    /** Those that have calls, and those that had. */
    private Collection<Primary> used() {
        if (!areSeveral()) {
            return List.of(single);
        }
        List<Primary> used = new ArrayList<>(known.values());
        used.add(single);
        used.addAll(gone.leaving());
        return used;
    }

    /** Starts a single command. */
    <T> Call<T> begin(Reply<T> reply, Request request, @Nullable Deadline deadline) {
        return of(request).calls().begin(reply, request, deadline);
    }

    /** Runs a check of time limits again and again until this is closed. */
    void check(Runnable limits) {
        long nanos = Math.min(MAX_CHECK_NANOS, shared.budget.toNanos() / CHECKS_PER_BUDGET + 1);
        Runnable check = new RepeatedCheck(limits);
        try {
            var unused = shared.timer.scheduleWithFixedDelay(check, nanos, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException closedMeanwhile) { // nothing is left to check
        }
    }

    private void endLate() {
        for (Primary each : used()) {
            each.calls().endLate();
        }
    }

    private void forgetGone() {
        if (isConnected()) {
            gone.look(known, library.getEntrySet());
        }
    }

    /** The state of all circuit breakers. */
    BreakerStatus breaker() {
        if (!isConnected()) {
            return shared.gate.status();
        }
        return BreakerStatus.ofAll(List.of(
                gone.breaker(all(), known.values()), shared.gate.status().countsAlone()));
    }

    /** Whether calls are sent to all of them, since no circuit breaker is open. */
    boolean isSending() {
        return isConnected()
                && all().stream().noneMatch(each -> each.calls().breaker().isOpen());
    }

    /** How many connections are open. */
    int openChannels() {
        return shared.traffic.openChannels();
    }

    /** How many calls have not ended. */
    long underWay() {
        return used().stream().mapToLong(each -> each.calls().underWay()).sum();
    }

    /** Whether the calls have ended that were under way when this was first asked, and those that follow from them. */
    boolean isDoneAtExit() {
        if (exitNanos == 0) {
            exitNanos = System.nanoTime();
        }
        return used().stream().allMatch(each -> each.calls().isDoneSince(exitNanos));
    }

    /** Waits a limited time for calls to end. */
    void settle() {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(Calls.CLOSING_SECONDS);
        while (!closed && underWay() > 0 && System.nanoTime() < deadline) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
    }

    /** Fails the remaining calls. */
    @Override
    public void close() {
        closed = true;
        shared.timer.shutdown();
        used().forEach(each -> each.calls().close());
    }
}
