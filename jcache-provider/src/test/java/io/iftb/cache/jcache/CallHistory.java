package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * The calls on one key or one series, in search of an order in which each took effect at one moment between its begin and its
 * end (linearizable). A call with an unknown outcome took effect at any time after its begin, or never. The algorithm is that
 * of Wing and Gong, and remembers where it has been.
 *
 * @param <S> the state that the calls read and change
 */
final class CallHistory<S> {

    /** More places than these are not searched. */
    private static final int MOST_PLACES = 300_000;

    /** Nor longer than this, since a place of a long history takes long. */
    private static final long MOST_NANOS = TimeUnit.SECONDS.toNanos(5);

    private final List<RecordedCall<S>> calls;
    private final S initial;
    private final Set<Place<S>> visited = new HashSet<>();
    private final BitSet done = new BitSet();

    /** For each call without an outcome the last one before it that does the same, or -1. */
    private final int[] twins;

    private long started;
    private boolean undecided;

    /** Which calls have taken effect, and what the state is then. */
    private record Place<S>(BitSet done, S state) {}

    /**
     * @param calls in any order; those that certainly did nothing are left out
     * @param initial the state before them
     */
    CallHistory(List<? extends RecordedCall<S>> calls, S initial) {
        this.calls = new ArrayList<>(calls);
        this.calls.sort(Comparator.comparingLong(RecordedCall::began));
        this.initial = initial;
        this.twins = twins(this.calls);
    }

    private static int[] twins(List<? extends RecordedCall<?>> calls) {
        Map<Object, Integer> last = new HashMap<>();
        int[] twins = new int[calls.size()];
        for (int i = 0; i < twins.length; i++) {
            Integer before = calls.get(i).isUnknown() ? last.put(calls.get(i).effect(), i) : null;
            twins[i] = before == null ? -1 : before;
        }
        return twins;
    }

    /** Whether there is such an order. */
    boolean isLinearizable() {
        started = System.nanoTime();
        return search(initial, calls.stream().filter(call -> !call.isOptional()).count());
    }

    /** Whether the search ended before it found out; then {@link #isLinearizable} was true. */
    boolean isUndecided() {
        return undecided;
    }

    private boolean isEnough() {
        undecided |= visited.size() >= MOST_PLACES || System.nanoTime() - started > MOST_NANOS;
        return undecided;
    }

    private boolean search(S state, long left) {
        if (left == 0 || isEnough()) {
            return true;
        }
        long firstEnd = firstEnd();
        return certain(state, left, firstEnd) || optional(state, left, firstEnd);
    }

    private boolean certain(S state, long left, long firstEnd) {
        return step(state, left, firstEnd, call -> !call.isOptional());
    }

    /** Tried last, since most of them did not happen, and only where it makes a difference for a call that can come next. */
    private boolean optional(S state, long left, long firstEnd) {
        return step(state, left, firstEnd, call -> call.isOptional() && isNoticed(call, state, firstEnd));
    }

    /** A call that does not fit yet may need several of them, so each that changes anything is tried. */
    private boolean isNoticed(RecordedCall<S> call, S before, long firstEnd) {
        S after = call.after(before);
        if (after.equals(before)) {
            return false;
        }
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            RecordedCall<S> next = calls.get(i);
            if (next.began() > firstEnd) {
                return false;
            }
            if (next != call && (!next.fits(before) || (next.fits(after) && !canFollow(call, next, before, after)))) {
                return true;
            }
        }
        return false;
    }

    /** Whether a call may as well come behind the next one, or not happen. */
    private boolean canFollow(RecordedCall<S> call, RecordedCall<S> next, S before, S after) {
        S both = next.after(after);
        if (both.equals(next.after(before))) {
            return true;
        }
        return next.began() <= call.ended() && both.equals(call.after(next.after(before)));
    }

    private boolean step(S state, long left, long firstEnd, Predicate<RecordedCall<S>> kind) {
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            RecordedCall<S> call = calls.get(i);
            if (call.began() > firstEnd) {
                return false;
            }
            boolean isTheFirst = twins[i] < 0 || done.get(twins[i]); // any of them would do, so one is enough
            if (isTheFirst && kind.test(call) && call.fits(state) && !isTooLate(call)) {
                done.set(i);
                S next = call.after(state);
                if (visited.add(new Place<>((BitSet) done.clone(), next))
                        && search(next, call.isOptional() ? left : left - 1)) {
                    return true;
                }
                done.clear(i);
            }
        }
        return false;
    }

    /** What begins later than this cannot come next. */
    private long firstEnd() {
        long first = Long.MAX_VALUE;
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            RecordedCall<S> call = calls.get(i);
            if (call.began() > first) {
                return first; // as do all that follow
            }
            first = call.isOptional() ? first : Math.min(first, call.ended());
        }
        return first;
    }

    /** Whether a call that began after the end of this one has taken effect already. */
    private boolean isTooLate(RecordedCall<S> call) {
        int last = done.length() - 1;
        return last >= 0 && calls.get(last).began() > call.ended();
    }

    /** The calls by their begin, times in microseconds since the first. */
    @Override
    public String toString() {
        long start = calls.isEmpty() ? 0 : calls.get(0).began();
        return calls.stream()
                .map(call -> (call.began() - start) / 1_000 + " to "
                        + (call.isUnknown() ? "?" : String.valueOf((call.ended() - start) / 1_000)) + ": " + call)
                .collect(Collectors.joining("\n"));
    }
}
