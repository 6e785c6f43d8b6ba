package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * The calls on one key, in search of an order in which each took effect at one moment between its begin and its end
 * (linearizable). A call with an unknown outcome took effect at any time after its begin, or never. The algorithm is that of
 * Wing and Gong, and remembers where it has been.
 */
final class KeyHistory {

    private final List<TimedCall> calls;
    private final Set<Place> visited = new HashSet<>();
    private final BitSet done = new BitSet();

    /** Which calls have taken effect, and what the value is then. */
    private record Place(BitSet done, long value) {}

    /** @param calls in any order; those that certainly did nothing are left out */
    KeyHistory(List<TimedCall> calls) {
        this.calls = new ArrayList<>(calls);
        this.calls.sort(Comparator.comparingLong(TimedCall::began));
    }

    /** Whether there is such an order, from an absent entry on. */
    boolean isLinearizable() {
        long known = calls.stream().filter(call -> !call.isUnknown()).count();
        return search(0, known);
    }

    private boolean search(long value, long left) {
        if (left == 0) {
            return true;
        }
        long firstEnd = firstEnd();
        for (int i = done.nextClearBit(0); i < calls.size(); i = done.nextClearBit(i + 1)) {
            TimedCall call = calls.get(i);
            if (call.began() > firstEnd) {
                return false;
            }
            if (call.fits(value)) {
                done.set(i);
                long next = call.after(value);
                if (visited.add(new Place((BitSet) done.clone(), next))
                        && search(next, call.isUnknown() ? left : left - 1)) {
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
            first = Math.min(first, calls.get(i).ended());
        }
        return first;
    }

    /** The calls by their begin, times in microseconds since the first. */
    @Override
    public String toString() {
        long start = calls.isEmpty() ? 0 : calls.get(0).began();
        return calls.stream()
                .map(call -> (call.began() - start) / 1_000 + " to "
                        + (call.isUnknown() ? "?" : String.valueOf((call.ended() - start) / 1_000)) + ": " + call.kind()
                        + " value " + call.value() + " expected " + call.expected()
                        + (call.isUnknown() ? " unknown" : " gave " + call.result()))
                .collect(Collectors.joining("\n"));
    }
}
