package io.iftb.cache.cli;

import java.util.Locale;
import java.util.regex.Pattern;

/** Formats text and numbers for people. */
final class Printable {

    private static final Pattern CONTROL = Pattern.compile("[\\p{Cntrl}\\u0080-\\u009f\\u2028-\\u202e\\u2066-\\u2069]");
    private static final String[] MAGNITUDES = {"", "K", "M", "B", "T"};
    private static final int THOUSAND = 1000;

    private Printable() {}

    /** A text without control characters, so that it cannot move the cursor or change colours. */
    static String text(String text) {
        return CONTROL.matcher(text).replaceAll("?");
    }

    /** A whole number with separators: {@code 20,695}. */
    static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** A count and what is counted: {@code 1 bar}, {@code 20,695 bars}. */
    static String count(long number, String one, String many) {
        return count(number) + " " + (number == 1 ? one : many);
    }

    /** An amount with few digits: {@code 7.25}, {@code 1.3K}, {@code 86M}. */
    static String amount(double amount) {
        double rest = amount;
        int magnitude = 0;
        while (Math.abs(rest) >= THOUSAND && magnitude < MAGNITUDES.length - 1) {
            rest /= THOUSAND;
            magnitude++;
        }
        double size = Math.abs(rest);
        String form =
                size >= 1e6 || (size > 0 && size < 0.01) ? "%.2g" : size >= 100 ? "%.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, form, rest) + MAGNITUDES[magnitude];
    }

    /** Bytes: {@code 812 B}, {@code 1.2 MB}. */
    static String bytes(long bytes) {
        if (bytes < THOUSAND) {
            return bytes + " B";
        }
        String amount = amount((double) bytes);
        int unit = amount.length() - 1;
        return amount.substring(0, unit) + " " + amount.substring(unit).replace('K', 'k') + "B";
    }
}
