package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.EventDelivery;
import io.iftb.cache.redis.Deadline;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;

/**
 * The time of one call that carries out operations: the waits for locks and for the server share it. It stops while the
 * call runs code of the user, and what comes after that code the first time has a fresh budget. Used by one thread.
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

    /** Takes the locks that this call holds from now on. */
    void holds(KeyLocks.Held held) {
        locks = held;
    }

    boolean isOver() {
        return deadline.isOver();
    }

    /** Adds what is to be run once this call holds no lock. */
    void deliver(List<EventDelivery> more) {
        deliveries.addAll(more);
    }

    /** What is to be run now that this call holds no lock. */
    List<EventDelivery> takeDeliveries() {
        List<EventDelivery> taken = List.copyOf(deliveries);
        deliveries.clear();
        return taken;
    }

    /** Runs code of the user while the time stands still, for this call and for those behind its keys. */
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
