package io.iftb.cache.observe;

import java.util.Collection;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/** The text of a key as it is told: short, and on one line. */
final class ShortKey {

    /** How many characters are told of a key. */
    static final int MOST = 64;

    private static final int END = 16;

    private ShortKey() {}

    /** @param key a key, or the collection of the keys of a batch, of which the first is told; null for none */
    static String of(@Nullable Object key) {
        if (key == null) {
            return "";
        }
        if (key instanceof Collection<?> keys) {
            Iterator<?> each = keys.iterator();
            String first = each.hasNext() ? text(each.next()) : "";
            return keys.size() > 1 ? first + " and " + (keys.size() - 1) + " more" : first;
        }
        return text(key);
    }

    private static String text(@Nullable Object key) {
        String text;
        try {
            text = String.valueOf(key);
        } catch (RuntimeException e) { // toString of a class of the program
            text = key == null ? "null" : key.getClass().getSimpleName();
        }
        if (text.length() > MOST) {
            text = text.substring(0, MOST - END - 1) + "…" + text.substring(text.length() - END);
        }
        StringBuilder line = new StringBuilder(text.length());
        text.codePoints()
                .map(each -> Character.isISOControl(each) || each == 0x2028 || each == 0x2029 ? '?' : each)
                .forEach(line::appendCodePoint);
        return line.toString();
    }
}
