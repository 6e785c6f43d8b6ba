package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.store.CandleStore;
import io.iftb.cache.store.FoundKey;
import io.iftb.cache.store.KeyOwner;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Counts the keys of one owner. */
final class KeyTally {

    private final KeyOwner owner;
    private final LifetimeTally lifetimes;
    private long keys;
    private long measured;
    private long measuredBytes;
    private long series;
    private long bars;
    private long barBytes;

    KeyTally(KeyOwner owner) {
        this(owner, new LifetimeTally());
    }

    private KeyTally(KeyOwner owner, LifetimeTally lifetimes) {
        this.owner = owner;
        this.lifetimes = lifetimes;
    }

    void add(FoundKey found) {
        keys++;
        FoundKey.Measured taken = found.measured();
        if (taken != null) {
            measured++;
            measuredBytes += taken.bytes();
            lifetimes.add(taken.lifetimeLeft());
        }
        CandleStore.Description described = found.series();
        if (described != null) {
            series++;
            bars += described.rows();
            barBytes += described.bytes();
        }
    }

    KeyOwner owner() {
        return owner;
    }

    long keys() {
        return keys;
    }

    long measured() {
        return measured;
    }

    /** The memory of all keys: of those that were not measured, what the others take on average. */
    long bytes() {
        return measured == 0 ? 0 : Math.round((double) measuredBytes / measured * keys);
    }

    long series() {
        return series;
    }

    long bars() {
        return bars;
    }

    /** The memory of a bar; NaN if there are none. */
    double bytesPerBar() {
        return bars == 0 ? Double.NaN : (double) barBytes / bars;
    }

    LifetimeTally lifetimes() {
        return lifetimes;
    }

    /** This as a part of a result. */
    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = Json.object();
        document.put("name", owner.name());
        document.put("kind", owner.kind().name().toLowerCase(Locale.ROOT));
        document.put("keys", keys);
        document.put("measured", measured);
        document.put("bytes", bytes());
        document.put("neverEnds", lifetimes.never());
        document.put("shortestMillis", lifetimes.shortest());
        document.put("medianMillis", lifetimes.median());
        document.put("longestMillis", lifetimes.longest());
        document.put("series", series);
        document.put("bars", bars);
        document.put("bytesPerBar", bars == 0 ? null : Json.number(Math.round(bytesPerBar() * 100) / 100.0));
        return document;
    }

    /** This, to be kept. */
    Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> state = Json.object();
        state.put("name", owner.name());
        state.put("kind", owner.kind().name());
        state.put("keys", keys);
        state.put("measured", measured);
        state.put("measuredBytes", measuredBytes);
        state.put("series", series);
        state.put("bars", bars);
        state.put("barBytes", barBytes);
        state.put("lifetimes", lifetimes.state());
        return state;
    }

    /** What {@link #state} made. */
    static KeyTally of(JsonNode state) {
        KeyOwner owner = new KeyOwner(
                KeyOwner.Kind.valueOf(state.path("kind").asText()),
                state.path("name").asText());
        KeyTally tally = new KeyTally(owner, LifetimeTally.of(state.path("lifetimes")));
        tally.keys = state.path("keys").asLong();
        tally.measured = state.path("measured").asLong();
        tally.measuredBytes = state.path("measuredBytes").asLong();
        tally.series = state.path("series").asLong();
        tally.bars = state.path("bars").asLong();
        tally.barBytes = state.path("barBytes").asLong();
        return tally;
    }
}
