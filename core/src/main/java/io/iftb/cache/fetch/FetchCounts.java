package io.iftb.cache.fetch;

import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** What was asked of a source by this JVM. Safe for use by several threads. */
final class FetchCounts {

    private final @Nullable FetchCounts total;

    private final LongAdder requests = new LongAdder();
    private final LongAdder bars = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final LongAdder disagreements = new LongAdder();

    /** @param total counts too; null for none */
    FetchCounts(@Nullable FetchCounts total) {
        this.total = total;
    }

    void fetched(int count) {
        requests.increment();
        bars.add(count);
        if (total != null) {
            total.fetched(count);
        }
    }

    void failed() {
        failures.increment();
        if (total != null) {
            total.failed();
        }
    }

    void disagreed() {
        disagreements.increment();
        if (total != null) {
            total.disagreed();
        }
    }

    FetchStatus status() {
        return new FetchStatus(requests.sum(), bars.sum(), failures.sum(), disagreements.sum());
    }
}
