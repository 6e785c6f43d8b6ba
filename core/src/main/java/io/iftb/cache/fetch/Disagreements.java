package io.iftb.cache.fetch;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Reason;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.Covered;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks whether bars that came too late are those that another one has stored. Two bots whose sources disagree about a closed
 * bar see the same one, the first; that they disagree is counted, and logged with both values.
 */
record Disagreements(Fetching fetching) {

    private static final Logger LOG = LoggerFactory.getLogger(BarSource.class);

    /** Compares bars that were not stored with those that are there. */
    void look(SeriesKey series, BarSeries late) {
        if (!late.isEmpty()) {
            long end = late.openTime(late.size() - 1) + 1;
            var unused = fetching.store()
                    .range(series, late.openTime(0), end, Integer.MAX_VALUE)
                    .thenAccept(found -> compare(series, late, found));
        }
    }

    private void compare(SeriesKey series, BarSeries late, Covered found) {
        boolean isFirst = true;
        for (int i = 0; i < late.size(); i++) {
            int there = found.bars().indexOf(late.openTime(i));
            boolean isFinal = there >= 0 && found.coverage().reasonAt(late.openTime(i)) == Reason.DATA;
            if (isFinal && !found.bars().bar(there).equals(late.bar(i))) {
                fetching.counts().disagreed();
                if (isFirst) {
                    warn(series, found.bars().bar(there), late.bar(i));
                }
                isFirst = false;
            }
        }
    }

    private void warn(SeriesKey series, OhlcvBar stored, OhlcvBar late) {
        LOG.warn(
                "Source '{}' gives another closed bar of {} than the one that is stored, which stays: stored {}, given {}",
                fetching.options().sourceName(),
                series,
                stored,
                late);
    }
}
