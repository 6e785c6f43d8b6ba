package io.iftb.cache.jcache;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;

/**
 * The settings of one cache, or of all by the name {@code *}. Their names are {@code iftb.cache.caches.<name>.<setting>};
 * the name of a cache may hold dots.
 */
enum CacheSetting {
    /** How long entries live. */
    EXPIRY(
            "expiry",
            "`eternal`, or `created`, `modified`, `accessed` or `touched` and a time of 1ms or more such as `5m` or `7d`",
            "`eternal`; the domain caches have their own",
            "How long entries live, by the expiry policy of JSR-107 of that name.",
            (cache, value) -> cache.expiry(ExpiryText.parse(value))),
    /** The type of its keys. */
    KEY_TYPE(
            "key-type",
            "the name of a class such as `com.acme.Order`, `com.acme.Outer$Inner`, `String` or `byte[]`",
            "`java.lang.Object`",
            "The type of the keys.",
            (cache, value) -> cache.keyType(value)),
    /** The type of its values. */
    VALUE_TYPE(
            "value-type",
            "the name of a class such as `com.acme.Order`, `com.acme.Outer$Inner`, `String` or `byte[]`",
            "`java.lang.Object`",
            "The type of the values.",
            (cache, value) -> cache.valueType(value)),
    /** What goes in front of its keys. */
    NAMESPACE(
            "namespace",
            "any text",
            "`iftb.cache.namespace`",
            "Goes in front of the cache's keys instead of the namespace of the manager.",
            (cache, value) -> cache.namespace(value)),
    /** Classes that may be stored in it beside its types. */
    TRUSTED(
            "trusted",
            "names of classes or packages separated by commas, such as `com.acme.Order, com.acme.model.*`",
            "",
            "Classes that may be stored in this cache, beside its types and those of `iftb.cache.trusted`.",
            (cache, value) -> cache.trusted(List.of(Setting.patterns(value)))),
    /** Whether values are kept in this JVM. */
    NEAR("near", "`off`", "`off`", "Near cache. Not built yet.", (cache, value) -> requireDefault(value, "off")),
    /** Whether events of other JVMs arrive. */
    REMOTE_EVENTS(
            "remote-events",
            "`on` or `off`",
            "`off`",
            "Whether listeners hear what other JVMs do that have it switched on too.",
            (cache, value) -> cache.remoteEvents(isOn(value))),
    /** What a call does when the server cannot be reached. */
    ON_UNAVAILABLE(
            "on-unavailable",
            "`fail`",
            "`fail`",
            "What a call does when the server cannot be reached: it throws a `CacheException`. Other ways are not built yet.",
            (cache, value) -> requireDefault(value, "fail"));

    /** What the names of the settings of caches begin with. */
    static final String PREFIX = SettingNames.PREFIX + "caches.";

    /** The name of what holds for every cache that does not say it by itself. */
    static final String TEMPLATE = "*";

    private static final Set<CacheSetting> NOT_BUILT = Set.of(NEAR, ON_UNAVAILABLE);

    private final String settingName;
    private final String accepted;
    private final String standard;
    private final String meaning;

    @SuppressWarnings("ImmutableEnumChecker") // functions without state
    private final BiConsumer<NamedCache.Builder, String> reader;

    CacheSetting(
            String settingName,
            String accepted,
            String standard,
            String meaning,
            BiConsumer<NamedCache.Builder, String> reader) {
        this.settingName = settingName;
        this.accepted = accepted;
        this.standard = standard;
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
    String propertyName(String cacheName) {
        return PREFIX + cacheName + "." + settingName;
    }

    /** What values it takes, to end a sentence; code in back quotes. */
    String accepted() {
        return accepted;
    }

    /** What holds where nothing is said; may be empty. */
    String standard() {
        return standard;
    }

    /** What it does, in a sentence. */
    String meaning() {
        return meaning;
    }

    /** Whether it makes sense for a cache whose types and keys are given. */
    boolean isForDomainCaches() {
        return this == EXPIRY || this == REMOTE_EVENTS || NOT_BUILT.contains(this);
    }

    /** Sets it; a wrong value is refused, naming the setting and its place. */
    void read(NamedCache.Builder cache, String name, Found found) {
        try {
            reader.accept(cache, found.value());
        } catch (UnsupportedOperationException e) {
            throw found.notBuilt(name, accepted);
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

    /** @throws UnsupportedOperationException if a value is another than the one that is built */
    static void requireDefault(String value, String standard) {
        if (!value.equals(standard) && !(standard.equals("off") && value.equals("false"))) {
            throw new UnsupportedOperationException(value);
        }
    }
}
