package io.iftb.cache.fetch;

import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.CoverageStore.Taking;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The flights of this JVM: whoever needs a page that is in flight waits for that. Safe for use by several threads. */
final class Flights {

    private final Map<SeriesKey, List<Shared>> active = new HashMap<>();

    /** A flight, and how many wait for it. */
    private static final class Shared {

        private final Flight flight;
        private int waiters;

        Shared(Flight flight) {
            this.flight = flight;
        }
    }

    /**
     * Completes when a page has landed that has the first of a range, or ends a part of it. Starts a flight if there is none.
     * The future may be cancelled; the last one who does that ends the flight. A flight is as urgent as the most urgent who has
     * joined it.
     */
    CompletableFuture<@Nullable Void> join(Fetching fetching, SeriesKey series, Range page, Priority priority) {
        Shared shared;
        boolean isNew = false;
        synchronized (active) {
            List<Shared> all = active.computeIfAbsent(series, key -> new ArrayList<>());
            shared = overlapping(all, page);
            if (shared == null) {
                shared = new Shared(new Flight(fetching, series, page, Taking.TAKE, priority));
                all.add(shared);
                isNew = true;
            }
            shared.waiters++;
        }
        if (isNew) {
            start(series, shared);
        } else {
            shared.flight.raise(priority);
        }
        return waiterOf(series, shared);
    }

    /** A flight of its own, which no earlier one may answer. Who cancels the future ends it. */
    CompletableFuture<@Nullable Void> steal(Fetching fetching, SeriesKey series, Range page, Priority priority) {
        Shared alone = new Shared(new Flight(fetching, series, page, Taking.STEAL, priority));
        alone.waiters = 1;
        alone.flight.start();
        return waiterOf(series, alone);
    }

    private static @Nullable Shared overlapping(List<Shared> all, Range page) {
        for (Shared each : all) {
            Range range = each.flight.page();
            if (range.from() < page.to() && range.to() > page.from() && each.flight.isJoinable()) {
                return each;
            }
        }
        return null;
    }

    private void start(SeriesKey series, Shared shared) {
        var unused = shared.flight.landed().whenComplete((done, error) -> remove(series, shared));
        shared.flight.start();
    }

    private void remove(SeriesKey series, Shared shared) {
        synchronized (active) {
            active.computeIfPresent(series, (key, all) -> {
                all.remove(shared);
                return all.isEmpty() ? null : all;
            });
        }
    }

    private CompletableFuture<@Nullable Void> waiterOf(SeriesKey series, Shared shared) {
        CompletableFuture<@Nullable Void> waiter = new CompletableFuture<>();
        var unused = shared.flight.landed().whenComplete((done, error) -> {
            if (error == null) {
                waiter.complete(null);
            } else {
                waiter.completeExceptionally(Flight.cause(error));
            }
        });
        var unusedToo = waiter.whenComplete((done, error) -> {
            if (waiter.isCancelled()) {
                left(series, shared);
            }
        });
        return waiter;
    }

    private void left(SeriesKey series, Shared shared) {
        boolean isLast;
        synchronized (active) {
            shared.waiters--;
            isLast = shared.waiters == 0;
            if (isLast) {
                remove(series, shared); // nobody joins what is given up
            }
        }
        if (isLast) {
            shared.flight.cancel();
        }
    }
}
