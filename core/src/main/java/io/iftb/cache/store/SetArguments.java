package io.iftb.cache.store;

import static io.iftb.cache.store.Lifetimes.ETERNAL;
import static io.iftb.cache.store.Lifetimes.EXPIRED;
import static io.iftb.cache.store.Lifetimes.KEEP;

import io.iftb.cache.store.EntryStore.Condition;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The options of the {@code SET} command that carries out a write.
 *
 * @param options such as {@code PX 300000 NX}
 */
record SetArguments(List<Object> options) {

    private static final SetArguments EVER = new SetArguments(List.of());
    private static final SetArguments KEPT = new SetArguments(List.of("KEEPTTL"));

    /** The options for a write; null if a single {@code SET} cannot carry it out. */
    static @Nullable SetArguments of(Lifetimes lifetimes, Condition condition) {
        long lifetime = switch (condition) {
            case ABSENT -> lifetimes.creation();
            case PRESENT -> lifetimes.update();
            case ANY -> both(lifetimes);
        };
        if (lifetime == EXPIRED) {
            return null;
        }
        SetArguments set = of(lifetime);
        if (condition == Condition.ANY) {
            return set;
        }
        List<Object> options = new ArrayList<>(set.options);
        options.add(condition == Condition.ABSENT ? "NX" : "XX");
        return new SetArguments(options);
    }

    /** The options for a lifetime; not {@link Lifetimes#EXPIRED}. */
    static SetArguments of(long lifetime) {
        if (lifetime == ETERNAL) {
            return EVER;
        }
        return lifetime == KEEP ? KEPT : new SetArguments(List.of("PX", lifetime));
    }

    /** The lifetime that one {@code SET} can give to both new and existing entries; {@code EXPIRED} if there is none. */
    private static long both(Lifetimes lifetimes) {
        if (lifetimes.creation() == lifetimes.update()) {
            return lifetimes.creation();
        }
        // a new key has no lifetime to keep: it is eternal
        return lifetimes.creation() == ETERNAL && lifetimes.update() == KEEP ? KEEP : EXPIRED;
    }

    /** The arguments after the key. */
    Object[] with(byte[] value, Object... more) {
        Object[] all = new Object[1 + options.size() + more.length];
        all[0] = value;
        for (int i = 0; i < options.size(); i++) {
            all[i + 1] = options.get(i);
        }
        System.arraycopy(more, 0, all, 1 + options.size(), more.length);
        return all;
    }
}
