package io.iftb.cache.settings;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** An amount of memory as settings write it: {@code 512KB}, {@code 64MB}, {@code 2GB}; a KB has 1,024 bytes, as in Redis. */
final class BytesText {

    private static final Pattern FORM = Pattern.compile("([1-9]\\d{0,8})(KB|MB|GB)");

    private BytesText() {}

    /** @throws IllegalArgumentException if the text is not an amount of memory */
    static long parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new IllegalArgumentException("not an amount of memory");
        }
        long amount = Long.parseLong(matcher.group(1));
        return switch (matcher.group(2)) {
            case "KB" -> amount << 10;
            case "MB" -> amount << 20;
            default -> amount << 30;
        };
    }
}
