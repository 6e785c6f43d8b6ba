package io.iftb.cache.cli;

import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a check of the set-up has found.
 *
 * @param level how bad it is
 * @param topic what was checked
 * @param what what is so
 * @param remedy what to do; empty if there is nothing to do
 */
record Finding(Level level, String topic, String what, String remedy) {

    /** How bad a finding is. */
    enum Level {
        OK,
        WARN,
        BAD;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    static Finding ok(String topic, String what) {
        return new Finding(Level.OK, topic, what, "");
    }

    static Finding warn(String topic, String what, String remedy) {
        return new Finding(Level.WARN, topic, what, remedy);
    }

    static Finding bad(String topic, String what, String remedy) {
        return new Finding(Level.BAD, topic, what, remedy);
    }

    /** This as a part of a JSON document. */
    Map<String, @Nullable Object> document() {
        Map<String, @Nullable Object> document = Json.object();
        document.put("level", level.toString());
        document.put("topic", topic);
        document.put("what", what);
        document.put("remedy", remedy.isEmpty() ? null : remedy);
        return document;
    }
}
