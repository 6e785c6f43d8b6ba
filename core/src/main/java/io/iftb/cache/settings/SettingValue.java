package io.iftb.cache.settings;

/**
 * The value of a setting, and where it was found.
 *
 * @param value the text
 * @param source the kind of place
 * @param place the place, to follow "in"
 */
record SettingValue(String value, Source source, String place) {

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
