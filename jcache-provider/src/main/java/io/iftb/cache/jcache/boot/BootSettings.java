package io.iftb.cache.jcache.boot;

import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.SettingSources;
import java.util.Arrays;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;

/**
 * The settings that an application gives by Spring's own means, such as {@code application.yaml}, profiles, or arguments of the
 * command line. Where several give one, Spring says which holds. System properties and the environment are looked at by the
 * provider too, so they need not be here.
 */
final class BootSettings {

    private static final String PREFIX = "iftb.cache.";

    /** Whether there is an auto-configuration: no setting of the caches. */
    private static final String ENABLED = PREFIX + "enabled";

    private static final Pattern ELEMENT = Pattern.compile("(.+)\\[(\\d+)]");

    /** How Spring writes a part of a name that holds dots or capitals. */
    private static final Pattern BRACKETS = Pattern.compile("\\.?\\[([^]]+)]");

    private final ConfigurableEnvironment environment;

    BootSettings(ConfigurableEnvironment environment) {
        this.environment = environment;
    }

    /** Adds them to the properties of a cache manager. */
    void addTo(Properties properties) {
        Map<String, Map<Integer, String>> lists = new TreeMap<>();
        for (String found : names()) {
            String value = environment.getProperty(found);
            if (value == null) {
                continue;
            }
            Matcher element = ELEMENT.matcher(found);
            if (element.matches()) {
                lists.computeIfAbsent(plain(element.group(1)), name -> new TreeMap<>())
                        .put(Integer.valueOf(element.group(2)), value);
            } else {
                properties.setProperty(plain(found), value);
            }
        }
        lists.forEach((name, values) ->
                properties.setProperty(name, values.values().stream().collect(Collectors.joining(","))));
    }

    /** The settings, with those of the other places. */
    CacheSettings resolve() {
        Properties properties = new Properties();
        addTo(properties);
        return new SettingSources().resolve(properties, "the Spring environment", null, classLoader());
    }

    private static @Nullable ClassLoader classLoader() {
        ClassLoader context = Thread.currentThread().getContextClassLoader();
        return context != null ? context : BootSettings.class.getClassLoader();
    }

    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        environment.getPropertySources().stream()
                .filter(EnumerablePropertySource.class::isInstance)
                .flatMap(source -> Arrays.stream(((EnumerablePropertySource<?>) source).getPropertyNames()))
                .filter(name -> name.startsWith(PREFIX) && !name.equals(ENABLED))
                .forEach(names::add);
        return names;
    }

    private static String plain(String name) {
        return BRACKETS.matcher(name).replaceAll(part -> Matcher.quoteReplacement("." + part.group(1)));
    }
}
