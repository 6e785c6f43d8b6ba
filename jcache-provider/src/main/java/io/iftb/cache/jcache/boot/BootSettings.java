package io.iftb.cache.jcache.boot;

import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.SettingSources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
        for (String name : names()) {
            String value = value(name);
            if (value != null) {
                properties.setProperty(name, value);
            }
        }
    }

    /** The value in the first source that has one, or elements of a list, which the sources behind it do not complete. */
    private @Nullable String value(String name) {
        for (EnumerablePropertySource<?> source : sources()) {
            String value = null;
            Map<Integer, String> list = new TreeMap<>();
            for (String found : namesIn(source)) {
                Matcher element = ELEMENT.matcher(found);
                boolean isElement = element.matches() && plain(element.group(1)).equals(name);
                String text = isElement || plain(found).equals(name) ? text(source, found) : null;
                if (isElement && text != null) {
                    list.put(Integer.valueOf(element.group(2)), text);
                } else if (text != null) {
                    value = text;
                }
            }
            if (value == null && list.isEmpty()) {
                value = text(source, name); // a variable of the environment, which is written otherwise
            }
            if (value != null || !list.isEmpty()) {
                return value != null ? value : String.join(",", list.values());
            }
        }
        return null;
    }

    private @Nullable String text(EnumerablePropertySource<?> source, String name) {
        Object value = source.getProperty(name);
        String text = value == null ? null : environment.getConversionService().convert(value, String.class);
        return text == null ? null : environment.resolveRequiredPlaceholders(text);
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

    private List<EnumerablePropertySource<?>> sources() {
        List<EnumerablePropertySource<?>> sources = new ArrayList<>();
        environment.getPropertySources().forEach(source -> {
            if (source instanceof EnumerablePropertySource<?> enumerable) {
                sources.add(enumerable);
            }
        });
        return sources;
    }

    private static List<String> namesIn(EnumerablePropertySource<?> source) {
        return Arrays.stream(source.getPropertyNames())
                .filter(name -> name.startsWith(PREFIX) && !name.equals(ENABLED))
                .toList();
    }

    /** The names of the settings that are given somewhere. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        for (EnumerablePropertySource<?> source : sources()) {
            for (String found : namesIn(source)) {
                Matcher element = ELEMENT.matcher(found);
                names.add(plain(element.matches() ? element.group(1) : found));
            }
        }
        return names;
    }

    private static String plain(String name) {
        return BRACKETS.matcher(name).replaceAll(part -> Matcher.quoteReplacement("." + part.group(1)));
    }
}
