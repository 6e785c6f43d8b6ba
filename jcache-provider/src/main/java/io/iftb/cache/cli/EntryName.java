package io.iftb.cache.cli;

import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.SeriesKey;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * The name of an entry on the command line: its cache, and the parts of its key.
 *
 * @param cache the name of the cache
 * @param parts of the key, as they were written
 */
record EntryName(String cache, List<String> parts) {

    /** How names are written, for the help of commands. */
    static final String FORMS =
            "ohlcv SYMBOL TF [TIME], ticker SYMBOL, funding SYMBOL, fear_greed, llm TYPE HASH, or any"
                    + " other cache and the text of a key.";

    EntryName {
        parts = List.copyOf(parts);
    }

    /**
     * The name in some words.
     *
     * @param words at least one
     * @throws CommandFailure if it has too few or too many for its cache
     */
    static EntryName of(List<String> words) {
        String cache = words.get(0);
        if (cache.isBlank()) {
            throw CommandFailure.wrongUsage("the name of the cache is blank; give one such as ticker");
        }
        EntryName name = new EntryName(cache, words.subList(1, words.size()));
        name.domain().ifPresentOrElse(name::requireParts, () -> name.requireCount(1, 1, "KEY"));
        return name;
    }

    private void requireParts(DomainCache domain) {
        switch (domain) {
            case OHLCV -> {
                requireCount(2, 3, "SYMBOL TF [TIME]");
                var unused = parts.size() == 3 ? (Object) bar() : series();
            }
            case TICKER, FUNDING -> requireCount(1, 1, "SYMBOL");
            case FEAR_GREED -> requireCount(0, 1, "");
            case LLM -> {
                requireCount(2, 2, "TYPE HASH");
                var unused = new AnalysisKey(parts.get(0), parts.get(1));
            }
        }
    }

    private void requireCount(int least, int most, String form) {
        if (parts.size() < least || parts.size() > most) {
            throw CommandFailure.wrongUsage(
                    "'" + this + "' names no entry; write " + cache + (form.isEmpty() ? "" : " " + form));
        }
    }

    /** The domain cache, if it is one. */
    Optional<DomainCache> domain() {
        return DomainCache.named(cache);
    }

    /** Whether this names a whole series, of which the newest bar is meant. */
    boolean isSeries() {
        return cache.equals(DomainCache.OHLCV.cacheName()) && parts.size() == 2;
    }

    /** The series of a name in the cache of candles. */
    SeriesKey series() {
        return SeriesNames.of(parts.get(0), parts.get(1));
    }

    private BarKey bar() {
        return BarKey.of(series(), Moment.parse(parts.get(2)));
    }

    /** The key in the type of its cache; text if the cache is no domain cache. Not of a series. */
    Object key() {
        return domain().<Object>map(domain -> switch (domain) {
                    case OHLCV -> bar();
                    case TICKER, FUNDING -> parts.get(0);
                    case FEAR_GREED -> parts.isEmpty() ? FearGreed.KEY : parts.get(0);
                    case LLM -> new AnalysisKey(parts.get(0), parts.get(1));
                })
                .orElseGet(() -> parts.get(0));
    }

    /** The name as it was written, safe for a terminal. */
    @Override
    public String toString() {
        return Printable.text(cache + parts.stream().map(part -> " " + part).collect(Collectors.joining()));
    }
}
