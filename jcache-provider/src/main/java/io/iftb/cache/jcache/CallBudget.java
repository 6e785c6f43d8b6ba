package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.EventDelivery;
import io.iftb.cache.redis.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The time budget of one call, shared by its waits for locks and for the server. It stops while the call runs user code, and
 * restarts in full after the first user code. Used by one thread.
 */
final class CallBudget {

    private final Deadline deadline;
    private KeyLocks.Held locks = KeyLocks.NONE;
    private final List<EventDelivery> deliveries = new ArrayList<>();
    private boolean renewed;

    /** @param operationTimeout the budget, which starts now */
    CallBudget(Duration operationTimeout) {
        this.deadline = Deadline.after(operationTimeout);
    }

    Deadline deadline() {
        return deadline;
    }

    /** Sets the locks that this call holds from now on. */
    void holds(KeyLocks.Held held) {
        locks = held;
    }

    boolean isOver() {
        return deadline.isOver();
    }

    /** Adds deliveries to run once this call holds no lock. */
    void deliver(List<EventDelivery> more) {
        deliveries.addAll(more);
    }

    /** Removes and returns the deliveries; call it while this call holds no lock. */
    List<EventDelivery> takeDeliveries() {
        List<EventDelivery> taken = List.copyOf(deliveries);
        deliveries.clear();
        return taken;
    }

    /** Runs user code. Meanwhile the budgets of this call and of those that wait for its keys stop. */
    <T> T userCode(Supplier<T> code) {
        long start = System.nanoTime();
        locks.runsUserCode(true);
        try {
            return code.get();
        } finally {
            locks.runsUserCode(false);
            deadline.extend(System.nanoTime() - start);
            if (!renewed) {
                renewed = true;
                deadline.renew();
            }
        }
    }
}
