package io.iftb.cache.jcache;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings that were found in all places, the nearest place first. */
final class FoundSettings {

    private final List<Map<String, Found>> near;
    private final Function<String, @Nullable String> environment;
    private final Map<String, Found> file;

    /**
     * @param near the settings that go before those of the environment, by their names, the nearest place first
     * @param environment the variables
     * @param file the settings that go behind those of the environment
     */
    FoundSettings(
            List<Map<String, Found>> near, Function<String, @Nullable String> environment, Map<String, Found> file) {
        this.near = List.copyOf(near);
        this.environment = environment;
        this.file = file;
    }

    /** The value of a setting in the nearest place that has one. */
    @Nullable
    Found find(String propertyName) {
        for (Map<String, Found> place : near) {
            Found found = place.get(propertyName);
            if (found != null) {
                return found;
            }
        }
        String variable = SettingNames.environmentName(propertyName);
        String value = environment.apply(variable);
        return value == null || value.isEmpty()
                ? file.get(propertyName)
                : new Found(value, "the environment as " + variable);
    }

    /** The names of all settings but those of the environment, which nobody can list. */
    Set<String> names() {
        Set<String> names = new TreeSet<>(file.keySet());
        near.forEach(place -> names.addAll(place.keySet()));
        return names;
    }
}
