package io.iftb.cache.jcache;

import io.iftb.cache.CacheSettings;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.function.Supplier;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * The places where settings are looked for, in this order: the manager's URI if it is an address, the manager's
 * properties, the system properties, the environment, the file if the manager's URI names one.
 *
 * <p>An unknown property that begins with {@code iftb.cache.} is refused, since it is a mistake in writing, and so is any
 * unknown name in the file. An unknown variable of the environment is not: other programs set some of that form, such as
 * Kubernetes for a service called {@code iftb-cache}. An empty variable counts as not set.
 */
final class SettingSources {

    private static final String MANAGER = "the properties of the cache manager";
    private static final String SYSTEM = "the system properties";

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
     * @throws CacheException if a setting is unknown or wrong, or there is no such file; the message names the setting,
     *     its place and what is accepted
     * @throws UnsupportedOperationException if a setting asks for what is not built yet
     */
    Resolved resolve(URI uri, ClassLoader classLoader, Properties managerProperties) {
        Map<String, Found> manager = found(managerProperties, MANAGER);
        Map<String, Found> system = found(systemProperties.get(), SYSTEM);
        if (Setting.isAddress(uri.toString())) {
            manager.put(Setting.REDIS_URI.propertyName(), new Found(uri.toString(), "the URI of the cache manager"));
        }
        Map<String, Found> file = SettingFile.isNamedBy(uri) ? SettingFile.read(uri, classLoader) : Map.of();
        FoundSettings found = new FoundSettings(List.of(manager, system), environment, file);
        return new Resolved(serverSettings(found, classLoader), new NamedCaches(found, classLoader));
    }

    private static CacheSettings serverSettings(FoundSettings found, ClassLoader classLoader) {
        Map<Setting, Found> all = new EnumMap<>(Setting.class);
        for (Setting setting : Setting.values()) {
            Found value = found.find(setting.propertyName());
            if (value != null) {
                all.put(setting, value);
            }
        }
        requireOnePassword(all);
        CacheSettings.Builder settings = CacheSettings.builder().classLoader(classLoader);
        all.forEach((setting, value) -> setting.read(settings, value));
        return settings.build();
    }

    private static Map<String, Found> found(Properties properties, String place) {
        Set<String> names = new TreeSet<>(properties.stringPropertyNames());
        properties.keySet().stream()
                .filter(String.class::isInstance)
                .map(String.class::cast)
                .forEach(names::add);
        Map<String, Found> found = new TreeMap<>();
        for (String name : names) {
            if (name.startsWith(SettingNames.PREFIX)) {
                if (!SettingNames.isKnown(name)) {
                    throw SettingNames.unknown(name, place);
                }
                found.put(name, new Found(text(properties, name, place), place));
            }
        }
        return found;
    }

    private static String text(Properties properties, String name, String place) {
        String value = properties.getProperty(name);
        if (value == null) {
            throw new CacheException("Setting " + name + " in " + place + " is no text; accepted is a String");
        }
        return value;
    }

    private static void requireOnePassword(Map<Setting, Found> all) {
        Found password = all.get(Setting.REDIS_PASSWORD);
        Found file = all.get(Setting.REDIS_PASSWORD_FILE);
        if (password != null && file != null) {
            throw new CacheException("Settings " + Setting.REDIS_PASSWORD.propertyName() + " in " + password.place()
                    + " and " + Setting.REDIS_PASSWORD_FILE.propertyName() + " in " + file.place()
                    + " are both given; give one of them");
        }
    }

    /**
     * The settings of a manager.
     *
     * @param server where its server is and how to talk to it
     * @param caches what is said about its caches
     */
    record Resolved(CacheSettings server, NamedCaches caches) {}
}
