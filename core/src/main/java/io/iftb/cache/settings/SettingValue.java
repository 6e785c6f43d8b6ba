package io.iftb.cache.settings;

import java.util.regex.Pattern;

/**
 * The value of a setting, and where it was found.
 *
 * @param value the text
 * @param source the kind of place
 * @param place the place, to follow "in"
 */
record SettingValue(String value, Source source, String place) {

    private static final String NOT_SHOWN = "(not shown)";

    /** What no host, port or path has, so that it may be a password: a sign, or text in place of a port. */
    private static final Pattern PERHAPS_SECRET = Pattern.compile("[^\\w.:,/+-]|:(?!/|\\d{0,5}(?:[,/]|$))");

    /** The kinds of places, the nearest first. */
    enum Source {
        PROGRAM,
        SYSTEM_PROPERTIES,
        ENVIRONMENT,
        FILE,
        FALLBACK
    }

    /** Whether this value stands in a nearer place than another. */
    boolean isNearerThan(SettingValue other) {
        return source.compareTo(other.source) < 0;
    }

    /** The value as it may be shown: without user and password of an address. */
    String shown() {
        return "'" + Setting.masked(value) + "'";
    }

    /** A wrong address as it may be shown: nothing of it, if more of it than user and password may be secret. */
    private String shownAddress() {
        String place = value.substring(value.lastIndexOf('@') + 1);
        return PERHAPS_SECRET.matcher(place).find() ? NOT_SHOWN : shown();
    }

    /**
     * Says that the value of a setting is wrong.
     *
     * @param accepted what would be right, to end a sentence; its back quotes are left out
     */
    SettingException refused(Setting setting, String accepted) {
        String name = setting.propertyName();
        String shown = setting == Setting.REDIS_URI ? shownAddress() : shown();
        return refused(name, name.endsWith("password") ? NOT_SHOWN : shown, accepted);
    }

    /**
     * Says that the value is wrong.
     *
     * @param shown the value as it may be shown
     * @param accepted what would be right, to end a sentence; its back quotes are left out
     */
    SettingException refused(String name, String shown, String accepted) {
        return new SettingException(
                "Setting " + name + " in " + place + " is " + shown + "; accepted is " + accepted.replace("`", ""));
    }
}
