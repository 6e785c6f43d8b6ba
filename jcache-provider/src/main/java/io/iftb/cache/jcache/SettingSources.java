package io.iftb.cache.jcache;

import io.iftb.cache.CacheSettings;
import java.net.URI;
import java.util.EnumMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The places where settings are looked for, in this order: the manager's URI if it is an address, the manager's
 * properties, the system properties, the environment.
 *
 * <p>An unknown property that begins with {@code iftb.cache.} is refused, since it is a mistake in writing. An unknown
 * variable of the environment is not: other programs set some of that form, such as Kubernetes for a service called
 * {@code iftb-cache}. An empty variable counts as not set.
 */
final class SettingSources {

    private static final String MANAGER = "the properties of the cache manager";
    private static final String SYSTEM = "the system properties";
    private static final Set<String> FILE_SCHEMES = Set.of("file", "classpath");

    private final Supplier<Properties> systemProperties;
    private final Function<String, @Nullable String> environment;

    /** The places of this JVM. */
    SettingSources() {
        this(System::getProperties, System::getenv);
    }

    SettingSources(Supplier<Properties> systemProperties, Function<String, @Nullable String> environment) {
        this.systemProperties = systemProperties;
        this.environment = environment;
    }

    /**
     * The settings of a manager.
     *
     * @throws CacheException if a setting is unknown or wrong; the message names it, its place and what is accepted
     */
    CacheSettings resolve(URI uri, ClassLoader classLoader, Properties managerProperties) {
        if (uri.getScheme() != null && FILE_SCHEMES.contains(uri.getScheme())) {
            throw NotYet.built("Reading settings from a file (" + uri + ")");
        }
        Properties system = systemProperties.get();
        requireKnown(managerProperties, MANAGER);
        requireKnown(system, SYSTEM);
        Map<Setting, Given> all = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            Given given = find(setting, uri, managerProperties, system);
            if (given != null) {
                all.put(setting, given);
            }
        }
        requireOnePassword(all);
        CacheSettings.Builder settings = CacheSettings.builder().classLoader(classLoader);
        all.forEach((setting, given) -> read(settings, setting, given));
        return settings.build();
    }

    private @Nullable Given find(Setting setting, URI uri, Properties managerProperties, Properties system) {
        if (setting == Setting.REDIS_URI && Setting.isAddress(uri.toString())) {
            return new Given(uri.toString(), "the URI of the cache manager");
        }
        String name = setting.propertyName();
        String value = managerProperties.getProperty(name);
        if (value != null) {
            return new Given(value, MANAGER);
        }
        value = system.getProperty(name);
        if (value != null) {
            return new Given(value, SYSTEM);
        }
        value = environment.apply(setting.environmentName());
        return value == null || value.isEmpty()
                ? null
                : new Given(value, "the environment as " + setting.environmentName());
    }

    private static void read(CacheSettings.Builder settings, Setting setting, Given given) {
        try {
            setting.read(settings, given.value());
        } catch (IllegalArgumentException e) {
            throw new CacheException("Setting " + setting.propertyName() + " in " + given.place() + " is "
                    + setting.shown(given.value()) + "; accepted is " + setting.accepted());
        }
    }

    private static void requireKnown(Properties properties, String place) {
        Set<Object> names = new TreeSet<>(properties.stringPropertyNames());
        properties.keySet().stream().filter(String.class::isInstance).forEach(names::add);
        for (Object each : names) {
            String name = (String) each;
            if (name.startsWith(Setting.PREFIX)) {
                Setting setting = Setting.named(name)
                        .orElseThrow(() -> new CacheException("There is no setting " + name + ", which is in " + place
                                + "; there are " + Setting.allNames()));
                if (properties.getProperty(name) == null) {
                    throw new CacheException("Setting " + name + " in " + place + " is no text; accepted is "
                            + setting.accepted() + ", as a String");
                }
            }
        }
    }

    private static void requireOnePassword(Map<Setting, Given> all) {
        Given password = all.get(Setting.REDIS_PASSWORD);
        Given file = all.get(Setting.REDIS_PASSWORD_FILE);
        if (password != null && file != null) {
            throw new CacheException("Settings " + Setting.REDIS_PASSWORD.propertyName() + " in " + password.place()
                    + " and " + Setting.REDIS_PASSWORD_FILE.propertyName() + " in " + file.place()
                    + " are both given; give one of them");
        }
    }

    /**
     * A value and where it was found.
     *
     * @param value the text
     * @param place where it was found, to follow "in"
     */
    private record Given(String value, String place) {}
}
