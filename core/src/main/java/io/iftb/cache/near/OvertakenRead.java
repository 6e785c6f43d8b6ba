package io.iftb.cache.near;

import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A read under way, since somebody has seen what the server said meanwhile. It may bring what was before. So its value is held only
 * if it is what was seen, and only then given to those who join it from now on.
 *
 * @param read the read
 * @param seen tests whether a value is what was seen, by each who has seen something
 */
record OvertakenRead(PendingRead<?> read, List<Predicate<Held>> seen) {

    /** How many may overtake a read that fills its slot: each costs a comparison. */
    private static final int MOST = 100;

    /** Whether one more may overtake it. */
    boolean mayBeOvertaken() {
        return seen.size() < MOST;
    }

    OvertakenRead with(Predicate<Held> isSame) {
        return new OvertakenRead(
                read, Stream.concat(seen.stream(), Stream.of(isSame)).toList());
    }

    /** Whether a value is what was seen; null never, since it is not held. */
    boolean isSame(@Nullable Held value) {
        return value != null && seen.stream().allMatch(each -> each.test(value));
    }
}
