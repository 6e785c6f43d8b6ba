package io.iftb.cache.exchange;

import io.iftb.cache.market.BarKey;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * What is irregular about the bars of an exchange: listings, stretches without trades, bars that come late and bars that
 * are corrected. Tests may change it at any time. Shares are drawn by the seed of the exchange.
 */
public final class MarketConditions {

    /** When symbols are listed that are not named: a time from which on pages of minutes can be counted. */
    public static final long FIRST_LISTING =
            Instant.parse("2017-01-01T00:00:00Z").toEpochMilli();

    /** By share, whole stretches of this length have no trades. */
    static final long STRETCH = Duration.ofMinutes(17).toMillis();

    private final Map<String, Long> listings = new ConcurrentHashMap<>();
    private final Map<String, List<Stretch>> silences = new ConcurrentHashMap<>();
    private final Map<BarKey, Duration> late = new ConcurrentHashMap<>();
    private final Map<BarKey, Duration> corrected = new ConcurrentHashMap<>();
    private volatile double silentShare;
    private volatile Chance lateByChance = Chance.NONE;
    private volatile Chance correctedByChance = Chance.NONE;

    /** A range of time, without its end. */
    private record Stretch(long from, long to) {

        boolean covers(long start, long end) {
            return from <= start && end <= to;
        }
    }

    /**
     * What happens to a share of all bars.
     *
     * @param after how long after the end of the bar
     */
    private record Chance(double share, Duration after) {

        static final Chance NONE = new Chance(0, Duration.ZERO);

        Duration of(double drawn) {
            return drawn < share ? after : Duration.ZERO;
        }
    }

    /** The first trade of a symbol is at a time, epoch milliseconds. */
    public MarketConditions listed(String symbol, long time) {
        listings.put(symbol, time);
        return this;
    }

    /** Nobody trades a symbol in {@code from <= time < to}. */
    public MarketConditions withoutTrades(String symbol, long from, long to) {
        silences.computeIfAbsent(symbol, any -> new CopyOnWriteArrayList<>()).add(new Stretch(from, to));
        return this;
    }

    /** Nobody trades in a share of all stretches of 17 minutes. */
    public MarketConditions withoutTrades(double share) {
        silentShare = share;
        return this;
    }

    /** A bar appears only some time after its end. */
    public MarketConditions late(BarKey bar, Duration after) {
        late.put(bar, after);
        return this;
    }

    /** A share of all bars appear only some time after their end. */
    public MarketConditions late(double share, Duration after) {
        lateByChance = new Chance(share, after);
        return this;
    }

    /** A closed bar has another value from some time after its end on. */
    public MarketConditions corrected(BarKey bar, Duration after) {
        corrected.put(bar, after);
        return this;
    }

    /** A share of all closed bars have another value from some time after their end on. */
    public MarketConditions corrected(double share, Duration after) {
        correctedByChance = new Chance(share, after);
        return this;
    }

    long listing(String symbol) {
        return listings.getOrDefault(symbol, FIRST_LISTING);
    }

    /** Whether nobody traded in the whole of {@code start <= time < end}. */
    boolean isSilent(long seed, String symbol, long start, long end) {
        for (Stretch each : silences.getOrDefault(symbol, List.of())) {
            if (each.covers(start, end)) {
                return true;
            }
        }
        if (silentShare == 0) {
            return false;
        }
        for (long number = Math.floorDiv(start, STRETCH); number * STRETCH < end; number++) {
            if (Seeded.share(seed + 101, symbol, number) >= silentShare) {
                return false;
            }
        }
        return true;
    }

    /** Whether each bar is there as soon as somebody trades, and never changes after its end. */
    boolean areOrderly() {
        return late.isEmpty() && corrected.isEmpty() && lateByChance.share() == 0 && correctedByChance.share() == 0;
    }

    /** How long after its end a bar appears; zero if it is there as soon as somebody trades. */
    Duration lateness(long seed, BarKey bar) {
        Duration named = late.get(bar);
        return named != null ? named : lateByChance.of(Seeded.share(seed + 102, bar.symbol(), bar.openTime()));
    }

    /** How long after its end a bar changes; zero if it does not. */
    Duration correction(long seed, BarKey bar) {
        Duration named = corrected.get(bar);
        return named != null ? named : correctedByChance.of(Seeded.share(seed + 103, bar.symbol(), bar.openTime()));
    }
}
