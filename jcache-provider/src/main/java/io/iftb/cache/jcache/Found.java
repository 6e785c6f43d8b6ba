package io.iftb.cache.jcache;

import javax.cache.CacheException;

/**
 * The value of a setting, and where it was found.
 *
 * @param value the text
 * @param place where it was found, to follow "in"
 */
record Found(String value, String place) {

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
    CacheException refused(String name, String shown, String accepted) {
        return new CacheException(
                "Setting " + name + " in " + place + " is " + shown + "; accepted is " + accepted.replace("`", ""));
    }

    /** Says that the value asks for what is not built yet. */
    UnsupportedOperationException notBuilt(String name, String accepted) {
        return NotYet.built(
                "Setting " + name + " in " + place + " is " + shown() + "; anything but " + accepted.replace("`", ""));
    }
}
