package io.iftb.cache.settings;

import io.iftb.cache.settings.SettingValue.Source;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The settings that were found in all places, the nearest place first. */
final class FoundSettings {

    private final List<Map<String, SettingValue>> near;
    private final Function<String, @Nullable String> environment;
    private final List<Map<String, SettingValue>> far;

    /**
     * @param near the settings that go before the environment, by their names, the nearest place first
     * @param environment gives the value of a variable
     * @param far the settings that go behind the environment, by their names, the nearest place first
     */
    FoundSettings(
            List<Map<String, SettingValue>> near,
            Function<String, @Nullable String> environment,
            List<Map<String, SettingValue>> far) {
        this.near = List.copyOf(near);
        this.environment = environment;
        this.far = List.copyOf(far);
    }

    /** The value of a setting in the nearest place that has one. */
    @Nullable
    SettingValue find(String propertyName) {
        SettingValue found = first(near, propertyName);
        if (found != null) {
            return found;
        }
        String variable = SettingSources.environmentName(propertyName);
        String value = environment.apply(variable);
        return value == null || value.isEmpty()
                ? first(far, propertyName)
                : new SettingValue(value, Source.ENVIRONMENT, "the environment as " + variable);
    }

    private static @Nullable SettingValue first(List<Map<String, SettingValue>> places, String propertyName) {
        for (Map<String, SettingValue> place : places) {
            SettingValue found = place.get(propertyName);
            if (found != null) {
                return found;
            }
        }
        return null;
    }

    /** The names of all settings but those of the environment, whose variables do not tell the names of caches. */
    Set<String> names() {
        Set<String> names = new TreeSet<>();
        near.forEach(place -> names.addAll(place.keySet()));
        far.forEach(place -> names.addAll(place.keySet()));
        return names;
    }
}
