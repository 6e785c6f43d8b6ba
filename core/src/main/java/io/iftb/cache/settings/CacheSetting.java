package io.iftb.cache.settings;

import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The settings of one cache, or of all caches by the name {@code *}. Their names are {@code
 * iftb.cache.caches.<name>.<setting>}; the name of a cache may hold dots.
 */
public enum CacheSetting {
    /** How long entries live. */
    EXPIRY(
            "expiry",
            "`eternal`, or `created`, `modified`, `accessed` or `touched` and a time of 1ms or more such as `5m` or `7d`, or"
                    + " `close` and a timeframe such as `4h`",
            "`eternal`; the domain caches have their own",
            "How long entries live. The kinds are the expiry policies of JSR-107; with `close 4h` an entry ends when the bar of"
                    + " 4 h closes, aligned to UTC, that is open when it is stored.",
            (cache, value) -> cache.expiry(CacheExpiry.parse(value))),
    /** The type of its keys. */
    KEY_TYPE(
            "key-type",
            Accepted.TYPE,
            "`java.lang.Object`",
            "The type of the keys.",
            (cache, value) -> cache.keyType(value)),
    /** The type of its values. */
    VALUE_TYPE(
            "value-type",
            Accepted.TYPE,
            "`java.lang.Object`",
            "The type of the values.",
            (cache, value) -> cache.valueType(value)),
    /** What goes in front of its keys. */
    NAMESPACE(
            "namespace",
            "any text",
            "`iftb.cache.namespace`",
            "Goes in front of the cache's keys, instead of `iftb.cache.namespace`.",
            (cache, value) -> cache.namespace(value)),
    /** Classes that may be stored in it beside its types. */
    TRUSTED(
            "trusted",
            Accepted.CLASSES,
            "",
            "Classes that may be stored in this cache, beside its types and those of `iftb.cache.trusted`.",
            (cache, value) -> cache.trusted(List.of(Accepted.patterns(value)))),
    /** Whether values are kept in this JVM. */
    NEAR(
            "near",
            "`on`, `fenced` or `off`",
            "`off`",
            "Whether values are kept in this JVM (near cache), each until the server says that it changed. With `fenced`"
                    + " every read first asks the server whether it has said all.",
            (cache, value) -> cache.near(value)),
    /** How much memory the values in this JVM may take. */
    NEAR_MAX_MEMORY(
            "near-max-memory",
            "an amount of memory such as `512KB`, `64MB` or `2GB`",
            "`64MB`",
            "About how much memory of this JVM the near cache may take.",
            (cache, value) -> cache.nearMaxBytes(BytesText.parse(value))),
    /** How long values are kept in this JVM. */
    NEAR_MAX_AGE(
            "near-max-age",
            Accepted.AGE,
            "`1h`",
            "How long the near cache keeps a value at most, whatever its lifetime on the server.",
            (cache, value) -> cache.nearMaxAge(TimeText.parse(value))),
    /** Which series are kept in this JVM. */
    NEAR_SERIES(
            "near-series",
            "up to 100 series such as `BTCUSDT:1m, ETHUSDT:1h`",
            "all",
            "The series that the near cache of candles keeps; reads of others go to the server. Writes of others cost no"
                    + " messages then.",
            (cache, value) -> cache.nearSeries(Arrays.stream(value.strip().split("\\s*,\\s*", -1))
                    .map(SeriesKey::parse)
                    .toList())),
    /** Whether events of other JVMs arrive. */
    REMOTE_EVENTS(
            "remote-events",
            "`on` or `off`",
            "`off`",
            "Whether listeners receive the changes of other JVMs, if it is on there too.",
            (cache, value) -> cache.remoteEvents(isOn(value))),
    /** Whether a missing entry is computed once for all JVMs. */
    SINGLE_FLIGHT(
            "single-flight",
            "`on` or `off`",
            "`off`",
            "Whether a missing entry is computed once for all JVMs in which it is on: by one caller, while the others wait. It"
                    + " holds for loaders, for `invoke`, and for a `get` that misses, whose caller is expected to put the"
                    + " entry within 10 s. Each write then costs the server one small command more.",
            (cache, value) -> cache.singleFlight(isOn(value))),
    /** By how much lifetimes are shortened at random. */
    EXPIRY_JITTER(
            "expiry-jitter",
            "a percentage from `0%` to `50%`",
            "`0%`",
            "By how much each lifetime is shortened at random, at most, so that what was stored together does not end"
                    + " together.",
            (cache, value) -> cache.freshness(options -> options.withJitter(share(value)))),
    /** When an entry is loaded anew before it ends. */
    REFRESH_AHEAD(
            "refresh-ahead",
            "a percentage such as `20%`, a time such as `5s`, or `chance` with a number from 0.1 to 100 or without",
            "never",
            "When a read that loads has an entry that it finds loaded again in the background: when that share of its lifetime,"
                    + " or that time, is left; with `chance`, at random as XFetch does it, the earlier the longer loads take.",
            (cache, value) -> cache.freshness(options -> options.withRefreshAhead(RefreshAhead.parse(value)))),
    /** How long an old entry is given out while it is loaded anew. */
    STALE_WHILE_REVALIDATE(
            "stale-while-revalidate",
            Accepted.WINDOW,
            "`0s`",
            "How long after its end a read that loads still returns an entry at once, and has it loaded again in the background."
                    + " The server keeps the entry for that time, and all other operations see it.",
            (cache, value) -> cache.freshness(options -> options.withStaleWhileRevalidate(TimeText.parse(value)))),
    /** How long an old entry is given out if it cannot be loaded. */
    STALE_IF_ERROR(
            "stale-if-error",
            Accepted.WINDOW,
            "`0s`",
            "How long after its end a read that loads still gives an entry out if loading it fails, or takes longer than"
                    + " `load-soft-timeout`. The server keeps the entry for that time, and all other operations see it.",
            (cache, value) -> cache.freshness(options -> options.withStaleIfError(TimeText.parse(value)))),
    /** How long a read waits for a load if it has something else to give. */
    LOAD_SOFT_TIMEOUT(
            "load-soft-timeout",
            Accepted.TIMEOUT,
            "`load-timeout`",
            "How long a read waits for a load at most if it can give out an old entry. The load goes on, and is stored.",
            (cache, value) ->
                    cache.freshness(options -> options.withTimeouts(TimeText.parse(value), options.timeout()))),
    /** How long a read waits for a load. */
    LOAD_TIMEOUT(
            "load-timeout",
            Accepted.TIMEOUT,
            "`iftb.cache.user-code-timeout`",
            "How long a read waits for a load at most. The load goes on, and is stored.",
            (cache, value) ->
                    cache.freshness(options -> options.withTimeouts(options.softTimeout(), TimeText.parse(value)))),
    /** How long it is remembered that there is no value. */
    NEGATIVE_ANSWERS(
            "negative-answers",
            Accepted.WINDOW,
            "`0s`",
            "How long it is remembered that the loader had no value, so that it is not asked again. Any write, removal or"
                    + " `clear` ends that.",
            (cache, value) -> cache.freshness(options -> options.withNegative(TimeText.parse(value)))),
    /** What a call does when the server cannot be reached. */
    ON_UNAVAILABLE(
            "on-unavailable",
            "`fail`, `miss` or `stale`",
            "`iftb.cache.on-unavailable`",
            "What this cache does while its server is unavailable, instead of `iftb.cache.on-unavailable`. `stale` needs `near`; if that is `fenced`, reads miss.",
            (cache, value) -> cache.onUnavailable(OnUnavailable.parse(value))),
    /** How old an answer may be when the server cannot be reached. */
    STALE_AGE(
            "stale-age",
            Accepted.AGE,
            "`iftb.cache.stale-age`",
            "With `on-unavailable` = `stale`: how long ago the near cache may have heard from the server at most, instead of"
                    + " `iftb.cache.stale-age`.",
            (cache, value) -> cache.staleAge(TimeText.parse(value)));

    /** What the names of the settings of caches begin with. */
    static final String PREFIX = SettingNames.PREFIX + "caches.";

    /** The name of the template, which holds for every cache whose own name does not have the setting. */
    static final String TEMPLATE = "*";

    private final String settingName;
    private final String accepted;
    private final String defaultText;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiConsumer<NamedCache.Builder, String> reader;

    CacheSetting(
            String settingName,
            String accepted,
            String defaultText,
            String meaning,
            BiConsumer<NamedCache.Builder, String> reader) {
        this.settingName = settingName;
        this.accepted = accepted;
        this.defaultText = defaultText;
        this.meaning = meaning;
        this.reader = reader;
    }

    /** The setting that a property's name means, for whatever cache. */
    static Optional<CacheSetting> of(String propertyName) {
        return cacheName(propertyName)
                .flatMap(cacheName -> Arrays.stream(values())
                        .filter(setting -> propertyName.equals(setting.propertyName(cacheName)))
                        .findFirst());
    }

    /** The name of the cache in a property's name. */
    static Optional<String> cacheName(String propertyName) {
        int dot = propertyName.lastIndexOf('.');
        return propertyName.startsWith(PREFIX) && dot > PREFIX.length()
                ? Optional.of(propertyName.substring(PREFIX.length(), dot))
                : Optional.empty();
    }

    /** Its name as a property. */
    public String propertyName(String cacheName) {
        return PREFIX + cacheName + "." + settingName;
    }

    /** What values it takes, to end a sentence; code in back quotes. */
    public String accepted() {
        return accepted;
    }

    /** The value that holds where the setting is unset, for people; empty for none. */
    public String defaultText() {
        return defaultText;
    }

    /** What it does, in a sentence. */
    public String meaning() {
        return meaning;
    }

    /** Whether it can be set for a cache of this name. The types of domain caches cannot, nor what these may hold. */
    public boolean isFor(String cacheName) {
        return misplaced(cacheName) == null && !isFixed(cacheName);
    }

    boolean isFixed(String cacheName) {
        return DomainCache.named(cacheName).isPresent() && (this == KEY_TYPE || this == VALUE_TYPE || this == TRUSTED);
    }

    /** Why it has no meaning for a cache; null if it has one. */
    @Nullable
    String misplaced(String cacheName) {
        String candles = DomainCache.OHLCV.cacheName();
        boolean isDomain = DomainCache.named(cacheName).isPresent();
        boolean isLlm = cacheName.equals(DomainCache.LLM.cacheName());
        return switch (this) {
            case NEAR_SERIES ->
                cacheName.equals(candles)
                        ? null
                        : "only the cache " + candles + " has series; use " + propertyName(candles);
            case SINGLE_FLIGHT, EXPIRY_JITTER ->
                cacheName.equals(candles) ? "candles are fetched by OhlcvCache.withSource; leave it out" : null;
            case REFRESH_AHEAD, STALE_WHILE_REVALIDATE, STALE_IF_ERROR, LOAD_SOFT_TIMEOUT, LOAD_TIMEOUT ->
                !isDomain || isLlm ? null : "no read of this cache loads; leave it out";
            case NEGATIVE_ANSWERS -> isDomain ? "no loader of this cache can have no value; leave it out" : null;
            default -> null;
        };
    }

    /** Sets it; a wrong value is refused, naming the setting and its place. */
    void read(NamedCache.Builder cache, String name, SettingValue found) {
        try {
            reader.accept(cache, found.value());
        } catch (IllegalArgumentException e) {
            throw found.refused(name, found.shown(), accepted);
        }
    }

    /** @throws IllegalArgumentException if a value is not a whole percentage */
    private static double share(String value) {
        if (!value.matches("\\d{1,2}%")) {
            throw new IllegalArgumentException(value);
        }
        return Integer.parseInt(value.substring(0, value.length() - 1)) / 100.0;
    }

    /** @throws IllegalArgumentException if a value is neither on nor off */
    private static boolean isOn(String value) {
        return switch (value) {
            case "on", "true" -> true;
            case "off", "false" -> false;
            default -> throw new IllegalArgumentException(value);
        };
    }
}
