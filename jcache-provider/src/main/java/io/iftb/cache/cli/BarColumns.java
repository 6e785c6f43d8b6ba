package io.iftb.cache.cli;

import io.iftb.cache.market.OhlcvBar;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * The positions of the fields of a bar in a line, from the header of the file.
 *
 * @param width how many columns the file has
 */
record BarColumns(int width, int time, int open, int high, int low, int close, int volume) {

    private static final List<String> PRICES = List.of("open", "high", "low", "close", "volume");
    private static final List<String> TIMES = List.of("timestamp", "date");
    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");

    /**
     * Finds the columns by their names, ignoring case and surrounding spaces. Ignores other columns.
     *
     * @throws IllegalArgumentException if columns are missing; the message names them and the existing ones
     */
    static BarColumns of(List<String> header) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < header.size(); i++) {
            String name = header.get(i).strip().toLowerCase(Locale.ROOT);
            if (places.putIfAbsent(name, i) != null && (PRICES.contains(name) || TIMES.contains(name))) {
                throw new IllegalArgumentException("its header names the column '" + name + "' twice; remove one");
            }
        }
        requireAll(header, places);
        Integer time = places.get(places.containsKey("timestamp") ? "timestamp" : "date");
        int[] prices = PRICES.stream().mapToInt(places::get).toArray();
        return new BarColumns(
                header.size(), time == null ? -1 : time, prices[0], prices[1], prices[2], prices[3], prices[4]);
    }

    private static void requireAll(List<String> header, Map<String, Integer> places) {
        List<String> missing = new ArrayList<>();
        if (TIMES.stream().noneMatch(places::containsKey)) {
            missing.add("timestamp (or date)");
        }
        PRICES.stream().filter(name -> !places.containsKey(name)).forEach(missing::add);
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException("it has no column " + String.join(", ", missing)
                    + "; its first line must name timestamp or date, open, high, low, close and volume, separated by"
                    + " commas, and reads '" + shortened(String.join(",", header)) + "'");
        }
    }

    private static String shortened(String text) {
        int longest = 120;
        String printable = text.replaceAll("\\p{Cntrl}", "?");
        return printable.length() <= longest ? printable : printable.substring(0, longest) + "…";
    }

    /**
     * Parses the bar in a line.
     *
     * @throws IllegalArgumentException if a field is invalid; the message names it and its value
     */
    OhlcvBar bar(List<String> fields, Moment.Unit unit) {
        if (fields.size() != width) {
            throw new IllegalArgumentException("it has " + fields.size() + " fields, the header has " + width);
        }
        return new OhlcvBar(
                Moment.parse(time(fields), unit),
                number("open", fields.get(open)),
                number("high", fields.get(high)),
                number("low", fields.get(low)),
                number("close", fields.get(close)),
                number("volume", fields.get(volume)));
    }

    /** The text of the time in a line; empty if the line is too short. */
    String time(List<String> fields) {
        return time < fields.size() ? fields.get(time).strip() : "";
    }

    private static double number(String name, String field) {
        String text = field.strip();
        if (!NUMBER.matcher(text).matches()) {
            throw new IllegalArgumentException(name + " is '" + shortened(text) + "', not a number");
        }
        return Double.parseDouble(text);
    }
}
