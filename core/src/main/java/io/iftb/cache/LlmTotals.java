package io.iftb.cache;

import java.util.concurrent.atomic.DoubleAdder;
import java.util.concurrent.atomic.LongAdder;

/** What the calls for analyses of this JVM did, together. Safe for use by several threads. */
final class LlmTotals {

    final LongAdder hits = new LongAdder();
    final LongAdder shared = new LongAdder();
    final LongAdder computed = new LongAdder();
    final DoubleAdder savedCost = new DoubleAdder();

    /** @param cost what its code costs if it runs */
    LlmCall begin(double cost) {
        return new LlmCall(this, cost);
    }

    LlmCounts counts() {
        return new LlmCounts(hits.sum(), shared.sum(), computed.sum(), savedCost.sum());
    }
}
