package io.iftb.cache.exchange;

import io.iftb.cache.fetch.RateLimitedException;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A bot: first it reads the history of each of its series, then in each step the newest bars of all, and a longer range of
 * one. It waits when the exchange tells it to; what other bots were told it does not know.
 */
final class Bot {

    private static final Logger LOG = LoggerFactory.getLogger(Bot.class);
    private static final List<String> TIMEFRAMES = List.of("1m", "5m", "15m", "1h");
    private static final int HISTORY = 500;
    private static final int NEWEST = 3;

    private final CandleFeed feed;
    private final Market truth;
    private final int number;
    private final long stepMillis;
    private final List<SeriesKey> universe = new ArrayList<>();
    private final Set<SeriesKey> known = new HashSet<>();
    private BotCounts counts = BotCounts.NONE;
    private long quietUntil = Long.MIN_VALUE;

    /** @param truth what the exchange has */
    Bot(int number, BotOptions options, CandleFeed feed, Market truth) {
        this.number = number;
        this.stepMillis = options.step().toMillis();
        this.feed = feed;
        this.truth = truth;
        for (int i = 0; i < options.series(); i++) {
            int symbol = (3 * number + i / TIMEFRAMES.size()) % options.symbols();
            universe.add(SeriesKey.of("COIN" + symbol + "USDT", TIMEFRAMES.get(i % TIMEFRAMES.size())));
        }
    }

    BotCounts counts() {
        return counts;
    }

    /** Looks once at all series. */
    void look(long now) {
        long step = now / stepMillis;
        int reads = universe.size() + 1;
        int done = 0;
        try {
            while (done < reads && now >= quietUntil) {
                if (done < universe.size()) {
                    newest(universe.get(done), now);
                } else {
                    range(universe.get((int) (step % universe.size())), now, step);
                }
                done++;
            }
        } catch (RateLimitedException e) {
            done++;
            quietUntil = now + e.retryAfter().toMillis();
            counts = counts.plus(new BotCounts(1, 1, 0, 0, 0));
        }
        counts = counts.plus(new BotCounts(0, 0, 0, reads - done, 0));
    }

    private void newest(SeriesKey series, long now) {
        int limit = known.contains(series) ? NEWEST : HISTORY;
        read(series, now, () -> feed.latest(series, limit), () -> truth.newest(series, now, limit, now));
    }

    private void range(SeriesKey series, long now, long step) {
        long bars = 50 + (long) (450 * Seeded.share(step, series.symbol(), number));
        long from = now - bars * series.timeframe().length().toMillis();
        read(
                series,
                now,
                () -> feed.range(series, from, now),
                () -> truth.oldest(series, from, now - 1, Integer.MAX_VALUE, now));
    }

    private void read(SeriesKey series, long now, Supplier<BarSeries> read, Supplier<List<OhlcvBar>> expected) {
        BarSeries found;
        try {
            found = read.get();
        } catch (RateLimitedException e) {
            throw e;
        } catch (RuntimeException e) {
            LOG.warn("bot {} cannot read {}", number, series, e);
            counts = counts.plus(new BotCounts(1, 0, 1, 0, 0));
            return;
        }
        known.add(series);
        boolean right = closed(series, found, now).equals(closed(series, BarSeries.of(expected.get()), now));
        if (!right) {
            LOG.warn("bot {} reads at {} of {} {}, other than the exchange has", number, now, series, found);
        }
        counts = counts.plus(new BotCounts(1, 0, 0, 0, right ? 0 : 1));
    }

    private static BarSeries closed(SeriesKey series, BarSeries bars, long now) {
        int size = bars.size();
        while (size > 0 && series.timeframe().end(bars.openTime(size - 1)) > now) {
            size--;
        }
        return bars.slice(0, size);
    }
}
