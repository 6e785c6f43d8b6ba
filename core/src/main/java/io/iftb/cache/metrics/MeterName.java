package io.iftb.cache.metrics;

import org.jspecify.annotations.Nullable;

/** The names of all metrics, which do not change. Those that begin with {@code cache.} are Micrometer's own for caches. */
enum MeterName {
    /** With the tag {@code result}, {@code hit} or {@code miss}. */
    GETS("cache.gets", null, "Reads by the typed caches"),
    PUTS(
            "cache.puts",
            null,
            "Writes by the typed caches that were made; of candles, those of a series at once count as one"),
    UNREADABLE("iftb.cache.unreadable", null, "Reads of entries that could not be decoded, and counted as misses"),
    LIFETIME(
            "iftb.cache.lifetime",
            "seconds",
            "How long a new entry lives; no value if it never ends, or if an expiry policy of yours says so for each"),
    HOLES("iftb.cache.holes", null, "Reads of candles that ended where the server had evicted bars"),
    UNREADABLE_PAGES(
            "iftb.cache.unreadable.pages",
            null,
            "Pages of candles, and records of what was fetched, that could not be decoded, and counted as absent"),
    NEAR_HITS("iftb.cache.near.hits", null, "Reads that this JVM answered"),
    NEAR_READS("iftb.cache.near.reads", null, "Reads that this JVM could not answer, and sent to the server"),
    NEAR_SIZE("iftb.cache.near.size", null, "Keys that have a place in this JVM, about"),
    NEAR_BYTES("iftb.cache.near.bytes", "bytes", "How much memory these keys and their values take, about"),
    NEAR_MAX_BYTES("iftb.cache.near.bytes.max", "bytes", "How much memory they may take, about"),
    NEAR_CHANGES("iftb.cache.near.changes", null, "Values dropped since the server said that they changed"),
    NEAR_FAULTS(
            "iftb.cache.near.faults", null, "Old values found by a check against the server: faults of this library"),
    NEAR_BOUND("iftb.cache.near.bound", "seconds", "How old a value that this JVM gives is at most"),
    NEAR_HEARING(
            "iftb.cache.near.hearing",
            null,
            "1 if changes are heard, else 0: then all reads go to the server; no value without a near cache"),
    NEAR_EPOCHS("iftb.cache.near.epochs", null, "How often all near caches had to drop everything"),
    NEAR_FENCE("iftb.cache.near.fence", "seconds", "How long the last fence took; no value before the first"),
    OUTAGE_MISSED("iftb.cache.outage.missed", null, "Reads that missed, since the server could not be asked"),
    OUTAGE_STALE(
            "iftb.cache.outage.stale",
            null,
            "Reads answered with what this JVM held, since the server could not be asked"),
    OUTAGE_STALE_AGE(
            "iftb.cache.outage.stale.age",
            "seconds",
            "How old the last of these answers was; 0 once the server answers"),
    OUTAGE_DROPPED(
            "iftb.cache.outage.dropped", null, "Writes and removals that were dropped, or have perhaps not been made"),
    OUTAGE_REMEMBERED(
            "iftb.cache.outage.remembered", null, "Entries still to be removed from the server before they are read"),
    FLIGHT_COMPUTED("iftb.cache.flight.computed", null, "Missing entries that this JVM computed"),
    FLIGHT_SHARED(
            "iftb.cache.flight.shared",
            null,
            "Calls that were saved: another caller, in whatever JVM, computed the entry"),
    REFRESHES("iftb.cache.freshness.refreshes", null, "Entries loaded anew behind their readers"),
    STALE_ANSWERS("iftb.cache.freshness.stale", null, "Entries given out past their end"),
    LOAD_FAILURES(
            "iftb.cache.freshness.failures", null, "Loads of entries that were there that failed or took too long"),
    NEGATIVE_ANSWERS(
            "iftb.cache.freshness.negative", null, "Reads answered by what is remembered: that there is no value"),
    LLM_SAVED_CALLS("iftb.cache.llm.saved.calls", null, "Calls of language models that were not made"),
    LLM_CALLS("iftb.cache.llm.calls", null, "Calls of language models that were made"),
    LLM_SAVED_COST("iftb.cache.llm.saved.cost", null, "What the saved calls would have cost, as their requests say"),
    SOURCE_REQUESTS("iftb.cache.source.requests", null, "Requests to the source that were answered"),
    SOURCE_BARS("iftb.cache.source.bars", null, "Bars of the source that were stored"),
    SOURCE_FAILURES(
            "iftb.cache.source.failures", null, "Requests to the source that failed, or whose answers had a fault"),
    SOURCE_DISAGREEMENTS(
            "iftb.cache.source.disagreements", null, "Closed bars that the source gave again with other values"),
    BUDGET_GRANTED("iftb.cache.budget.granted", null, "Requests that the budget let through"),
    BUDGET_GRANTED_ALONE(
            "iftb.cache.budget.granted.alone",
            null,
            "Those of them that came from the share of this JVM, without the server"),
    BUDGET_REFUSED("iftb.cache.budget.refused", null, "Requests that the budget refused"),
    BUDGET_STOPS("iftb.cache.budget.stops", null, "How often this JVM said that nobody may ask the source"),
    BUDGET_WAITED("iftb.cache.budget.waited", "seconds", "How long all granted requests have waited together"),
    BUDGET_WAITING("iftb.cache.budget.waiting", null, "Requests that wait now"),
    BUDGET_JVMS("iftb.cache.budget.jvms", null, "JVMs that share the budget; 0 if the server never said"),
    BUDGET_ALONE(
            "iftb.cache.budget.alone", null, "1 if this JVM keeps to its share by itself, since the server is away"),
    BUDGET_STOPPED("iftb.cache.budget.stopped", "seconds", "For how long nobody may ask the source"),
    BREAKER_OPEN(
            "iftb.cache.breaker.open",
            null,
            "1 if calls fail or miss at once, since the server is taken for unavailable"),
    BREAKER_OPENED("iftb.cache.breaker.opened", null, "How often the circuit breaker has opened"),
    BREAKER_FAILURES("iftb.cache.breaker.failures", null, "Calls that failed for the server's sake"),
    BREAKER_REFUSED("iftb.cache.breaker.refused", null, "Calls that were not sent"),
    CONNECTIONS("iftb.cache.connections", null, "Open connections, without those that hear which keys change"),
    CALLS("iftb.cache.calls", null, "Calls to the server that have not ended");

    private final String meterName;
    private final @Nullable String unit;
    private final String meaning;

    MeterName(String meterName, @Nullable String unit, String meaning) {
        this.meterName = meterName;
        this.unit = unit;
        this.meaning = meaning;
    }

    String meterName() {
        return meterName;
    }

    @Nullable
    String unit() {
        return unit;
    }

    String meaning() {
        return meaning;
    }
}
