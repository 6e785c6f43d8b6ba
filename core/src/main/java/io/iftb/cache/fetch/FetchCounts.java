package io.iftb.cache.fetch;

import java.util.concurrent.atomic.LongAdder;

/** What was asked of a source by this JVM. Safe for use by several threads. */
final class FetchCounts {

    private final LongAdder requests = new LongAdder();
    private final LongAdder bars = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder disagreements = new LongAdder();

    void fetched(int count) {
        requests.increment();
        bars.add(count);
    }

    void failed() {
        failures.increment();
    }

    void disagreed() {
        disagreements.increment();
    }

    FetchStatus status() {
        return new FetchStatus(requests.sum(), bars.sum(), failures.sum(), disagreements.sum());
    }
}
