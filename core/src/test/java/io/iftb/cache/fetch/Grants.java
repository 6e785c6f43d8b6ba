package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What was let through, counted as a source counts it: in windows of fixed length, which may begin at any time. */
final class Grants {

    private final List<Grant> all = new ArrayList<>();

    private record Grant(long nanos, int weight) {}

    synchronized void add(long nanos, int weight) {
        all.add(new Grant(nanos, weight));
    }

    synchronized int weight() {
        return all.stream().mapToInt(Grant::weight).sum();
    }

    /** The greatest weight in a window. It is in one that begins with a grant. */
    synchronized int most(Duration window) {
        all.sort(Comparator.comparingLong(Grant::nanos));
        int most = 0;
        int sum = 0;
        int begin = 0;
        for (Grant grant : all) {
            sum += grant.weight;
            while (grant.nanos - all.get(begin).nanos >= window.toNanos()) {
                sum -= all.get(begin++).weight;
            }
            most = Math.max(most, sum);
        }
        return most;
    }

    void assertAtMost(int capacity, Duration window) {
        assertThat(most(window)).as("in a window of %s", window).isLessThanOrEqualTo(capacity);
    }
}
