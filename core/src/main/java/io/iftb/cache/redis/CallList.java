package io.iftb.cache.redis;

import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Calls in flight, the newest first, linked through themselves so that a call costs no allocation here. There is no lock:
 * threads of the connection stood in line for it behind thousands of virtual threads. So calls that have ended remain until
 * the next {@link #sweep}. Safe for use by several threads.
 */
final class CallList {

    private final AtomicReference<@Nullable Call<?>> first = new AtomicReference<>();

    void add(Call<?> call) {
        Call<?> second;
        do {
            second = first.get();
            call.next = second;
        } while (!first.compareAndSet(second, call));
    }

    /** Visits the calls that have not ended. */
    void forEach(Consumer<Call<?>> action) {
        for (Call<?> call = first.get(); call != null; call = call.next) {
            if (!call.hasEnded()) {
                action.accept(call);
            }
        }
    }

    /** Forgets the calls that have ended. For one thread; others may use the list meanwhile. */
    void sweep() {
        Call<?> kept = first.get();
        while (kept != null && kept.hasEnded()) {
            if (first.compareAndSet(kept, kept.next)) {
                kept = first.get();
            } else {
                break; // a newer call is in front of it; it stays until the next time
            }
        }
        while (kept != null) {
            Call<?> next = kept.next;
            while (next != null && next.hasEnded()) {
                next = next.next;
            }
            kept.next = next;
            kept = next;
        }
    }
}
