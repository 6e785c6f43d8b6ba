package io.iftb.cache.settings;

import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;

/**
 * The settings of one cache, or of all caches by the name {@code *}. Their names are {@code
 * iftb.cache.caches.<name>.<setting>}; the name of a cache may hold dots.
 */
public enum CacheSetting {
    /** How long entries live. */
    EXPIRY(
            "expiry",
            "`eternal`, or `created`, `modified`, `accessed` or `touched` and a time of 1ms or more such as `5m` or `7d`",
            "`eternal`; the domain caches have their own",
            "How long entries live. The kinds are the expiry policies of JSR-107.",
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
    /** What a call does when the server cannot be reached. */
    ON_UNAVAILABLE(
            "on-unavailable",
            "`fail`, `miss` or `stale`",
            "`iftb.cache.on-unavailable`",
            "What this cache does while its server is unavailable, instead of `iftb.cache.on-unavailable`. `stale` needs `near`.",
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

    /** Whether it can be set for a domain cache: all but its types can, and what its types may hold. */
    boolean isForDomainCaches() {
        return this != KEY_TYPE && this != VALUE_TYPE && this != TRUSTED;
    }

    /** Whether it has a meaning for a cache: only candles have series, and they are fetched in other ways. */
    boolean isFor(String cacheName) {
        boolean candles = cacheName.equals(DomainCache.OHLCV.cacheName());
        return this == NEAR_SERIES ? candles : this != SINGLE_FLIGHT || !candles;
    }

    /** Sets it; a wrong value is refused, naming the setting and its place. */
    void read(NamedCache.Builder cache, String name, SettingValue found) {
        try {
            reader.accept(cache, found.value());
        } catch (IllegalArgumentException e) {
            throw found.refused(name, found.shown(), accepted);
        }
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
