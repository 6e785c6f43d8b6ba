package io.iftb.cache.jcache.boot;

import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.EnumerablePropertySource;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/**
 * The settings that an application gives by Spring's own means, such as {@code application.yaml}, profiles, or arguments of the
 * command line. Where several give one, Spring says which holds. System properties and the environment are looked at by the
 * provider too, so they need not be here; but a login that is nearer than the address has to be, since what is here goes before it.
 */
final class BootSettings {

    private static final String PREFIX = "iftb.cache.";

    /** Whether there is an auto-configuration: no setting of the caches. */
    private static final String ENABLED = PREFIX + "enabled";

    private static final Pattern ELEMENT = Pattern.compile("(.+)\\[(\\d+)]");

    /** How Spring writes a part of a name that holds dots or capitals. */
    private static final Pattern BRACKETS = Pattern.compile("\\.?\\[([^]]+)]");

    private static final List<Setting> LOGINS =
            List.of(Setting.REDIS_USER, Setting.REDIS_PASSWORD, Setting.REDIS_PASSWORD_FILE);

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
        dropLogins(properties);
    }

    /** To the provider all of these are one place, so what is nearer here has to be alone. */
    private void dropLogins(Properties properties) {
        int password = place(Setting.REDIS_PASSWORD);
        int file = place(Setting.REDIS_PASSWORD_FILE);
        if (password != file) {
            Setting farther = password < file ? Setting.REDIS_PASSWORD_FILE : Setting.REDIS_PASSWORD;
            properties.remove(farther.propertyName());
        }
        String address = value(Setting.REDIS_URI.propertyName());
        for (Setting login : LOGINS) {
            if (address != null && place(Setting.REDIS_URI) < place(login) && SettingSources.hasLogin(address, login)) {
                properties.remove(login.propertyName());
            }
        }
    }

    /** The value in the first source that has one. */
    private @Nullable String value(String name) {
        return sources().stream()
                .map(source -> value(source, name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
    }

    /** How many sources are nearer than the first that has a value. */
    private int place(Setting setting) {
        return (int) sources().stream()
                .takeWhile(source -> value(source, setting.propertyName()) == null)
                .count();
    }

    /** The value in a source, or the elements of a list, which the sources behind it do not complete. */
    private @Nullable String value(EnumerablePropertySource<?> source, String name) {
        if (isEnvironment(source)) {
            String value = text(source, name);
            String variable = value == null ? text(source, SettingSources.environmentName(name)) : value;
            return variable == null || variable.isEmpty() ? null : variable;
        }
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
        return value != null || list.isEmpty() ? value : String.join(",", list.values());
    }

    private static boolean isEnvironment(EnumerablePropertySource<?> source) {
        return source instanceof SystemEnvironmentPropertySource;
    }

    /** The value with its placeholders resolved; a variable is taken as it is, as without Spring. */
    private @Nullable String text(EnumerablePropertySource<?> source, String name) {
        Object value = source.getProperty(name);
        String text = value == null ? null : environment.getConversionService().convert(value, String.class);
        return text == null || isEnvironment(source) ? text : resolved(name, text);
    }

    private String resolved(String name, String text) {
        try {
            return environment.resolveRequiredPlaceholders(text);
        } catch (IllegalArgumentException e) {
            throw new PlaceholderException(name); // without its cause, whose message has the value
        }
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

    /** The names of the settings that are given somewhere, and of the login. */
    private Set<String> names() {
        Set<String> names = new TreeSet<>();
        LOGINS.forEach(login -> names.add(login.propertyName()));
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

    /** A value has a placeholder that nothing defines; the message names the setting and the remedy. */
    static final class PlaceholderException extends IllegalArgumentException {

        private static final long serialVersionUID = 1L;

        PlaceholderException(String name) {
            super("Setting " + name
                    + " in the Spring environment has a placeholder ${…} that cannot be resolved; define"
                    + " what it names, or write \\${ where ${ is part of the value");
        }
    }
}
