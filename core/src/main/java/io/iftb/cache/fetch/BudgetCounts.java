package io.iftb.cache.fetch;

import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;

/** What a budget has done in this JVM. Safe for use by several threads. */
final class BudgetCounts {

    private final LongAdder granted = new LongAdder();
    private final LongAdder grantedAlone = new LongAdder();
    private final LongAdder waitedNanos = new LongAdder();
    private final LongAdder refused = new LongAdder();
    private final LongAdder stops = new LongAdder();

    void granted(long nanos, boolean isAlone) {
        granted.increment();
        grantedAlone.add(isAlone ? 1 : 0);
        waitedNanos.add(nanos);
    }

    void refused() {
        refused.increment();
    }

    void stopped() {
        stops.increment();
    }

    BudgetStatus status(String source, int waiting, Tokens tokens) {
        return new BudgetStatus(
                source,
                granted.sum(),
                grantedAlone.sum(),
                Duration.ofNanos(waitedNanos.sum()),
                refused.sum(),
                stops.sum(),
                waiting,
                tokens.jvms(),
                tokens.isAlone(),
                Duration.ofMillis(tokens.stoppedMillis()));
    }
}
