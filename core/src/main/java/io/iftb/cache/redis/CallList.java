package io.iftb.cache.redis;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Calls in flight, linked through themselves so that a call costs no allocation here. Safe for use by several threads. */
final class CallList {

    private @Nullable Call<?> first;
    private int size;

    /** Adds a call, unless it has ended. */
    synchronized void add(Call<?> call) {
        if (call.hasEnded()) {
            return;
        }
        Call<?> second = first;
        call.next = second;
        if (second != null) {
            second.previous = call;
        }
        first = call;
        size++;
    }

    /** Removes a call that has ended; does nothing if it was not added. */
    synchronized void remove(Call<?> call) {
        Call<?> before = call.previous;
        if (before == null && first != call) {
            return;
        }
        Call<?> after = call.next;
        if (before == null) {
            first = after;
        } else {
            before.next = after;
        }
        if (after != null) {
            after.previous = before;
        }
        call.previous = null;
        call.next = null;
        size--;
    }

    synchronized void forEach(Consumer<Call<?>> action) {
        for (Call<?> call = first; call != null; call = call.next) {
            action.accept(call);
        }
    }

    synchronized int size() {
        return size;
    }
}
