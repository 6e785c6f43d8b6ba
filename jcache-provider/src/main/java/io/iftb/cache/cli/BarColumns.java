package io.iftb.cache.cli;

import io.iftb.cache.market.OhlcvBar;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * The positions of the fields of a bar in a row.
 *
 * @param width how many fields a row has
 * @param time the position of the time, or of its date
 * @param clock the position of the time of day, if that is a column of its own; otherwise {@value #NONE}
 */
record BarColumns(int width, int time, int clock, int open, int high, int low, int close, int volume) {

    static final int NONE = -1;

    /** The columns that have to be there, in the words of this command line. */
    static final String REQUIRED = "timestamp or date, open, high, low, close and volume";

    /** Where several are there, the first of these counts: a bar has its time of opening. */
    private static final List<String> TIMES = List.of(
            "opentime",
            "timeopen",
            "timeperiodstart",
            "timestamp",
            "unix",
            "unixtime",
            "unixtimestamp",
            "epoch",
            "ts",
            "datetime",
            "date",
            "time",
            "t",
            "");

    private static final List<String> PRICES = List.of("open", "high", "low", "close");
    private static final String VOLUME = "volume";
    private static final List<String> VOLUMES = List.of(VOLUME, "v", "vol", "basevolume");

    private static final Pattern NUMBER = Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,4})?");
    private static final Pattern CLOCK = Pattern.compile("[0-9]{1,2}:[0-9]{2}.*");
    private static final Pattern NOTHING = Pattern.compile("|null|nan|none|n/a", Pattern.CASE_INSENSITIVE);

    /**
     * Finds the columns by their names, ignoring case, spaces, underscores, and angle brackets. Ignores other columns.
     *
     * @param first the fields of the first row after the header; empty if there is none
     * @throws IllegalArgumentException if columns are missing; the message names them and the existing ones
     */
    static BarColumns of(List<String> header, List<String> first) {
        List<String> names = header.stream().map(BarColumns::plain).toList();
        List<String> missing = new ArrayList<>();
        int time = place(names, TIMES);
        if (time == NONE) {
            missing.add("timestamp (or date)");
        }
        int[] prices = PRICES.stream()
                .mapToInt(name -> place(names, List.of(name, name.substring(0, 1), name + "price", "price" + name)))
                .toArray();
        for (int i = 0; i < prices.length; i++) {
            if (prices[i] == NONE) {
                missing.add(PRICES.get(i));
            }
        }
        int volume = volume(names);
        if (volume == NONE) {
            missing.add(VOLUME);
        }
        if (!missing.isEmpty()) {
            throw new IllegalArgumentException(
                    "it has no column " + String.join(", ", missing) + "; its header must name " + REQUIRED
                            + ", and reads '" + shortened(String.join(",", header)) + "'");
        }
        int clock = clock(names, time, first);
        return new BarColumns(header.size(), time, clock, prices[0], prices[1], prices[2], prices[3], volume);
    }

    /** Whether these are names of columns: it has at least some of the prices. */
    static boolean isHeader(List<String> fields) {
        List<String> names = fields.stream().map(BarColumns::plain).toList();
        return PRICES.stream().filter(names::contains).count() >= 2;
    }

    private static String plain(String name) {
        return name.strip().toLowerCase(Locale.ROOT).replaceAll("[\\s_<>-]", "");
    }

    private static int place(List<String> names, List<String> accepted) {
        for (String name : accepted) {
            int place = names.indexOf(name);
            if (place >= 0) {
                if (!name.isEmpty() && place != names.lastIndexOf(name)) {
                    throw new IllegalArgumentException("its header names the column '" + name + "' twice; remove one");
                }
                return place;
            }
        }
        return NONE;
    }

    /** The volume, else the first column such as {@code Volume BTC}: CryptoDataDownload names the base currency first. */
    private static int volume(List<String> names) {
        int place = place(names, VOLUMES);
        for (int i = 0; place == NONE && i < names.size(); i++) {
            place = names.get(i).startsWith(VOLUME) ? i : NONE;
        }
        return place;
    }

    private static int clock(List<String> names, int time, List<String> first) {
        int clock = names.get(time).equals("date") ? names.indexOf("time") : NONE;
        return clock >= 0
                        && clock < first.size()
                        && CLOCK.matcher(first.get(clock).strip()).matches()
                ? clock
                : NONE;
    }

    /** The columns of a file whose rows start with time, open, high, low, close and volume. */
    static BarColumns inUsualOrder(int width) {
        return new BarColumns(width, 0, NONE, 1, 2, 3, 4, 5);
    }

    /** Whether a row is without prices, as Yahoo and pandas write days without trades. */
    boolean isWithoutPrices(List<String> fields) {
        return fields.size() == width
                && isNothing(fields.get(open))
                && isNothing(fields.get(high))
                && isNothing(fields.get(low))
                && isNothing(fields.get(close));
    }

    private static boolean isNothing(String field) {
        return NOTHING.matcher(field.strip()).matches();
    }

    /** Whether a row can be a bar at all: all its prices are numbers. */
    boolean hasNumbers(List<String> fields) {
        return fields.size() == width
                && isNumber(fields.get(open))
                && isNumber(fields.get(high))
                && isNumber(fields.get(low))
                && isNumber(fields.get(close))
                && isNumber(fields.get(volume));
    }

    /**
     * Parses the bar in a row.
     *
     * @param openTime epoch milliseconds, from {@link #time(List)}
     * @throws IllegalArgumentException if a field is invalid; the message names it and its value
     */
    OhlcvBar bar(List<String> fields, long openTime) {
        return new OhlcvBar(
                openTime,
                number("open", fields.get(open)),
                number("high", fields.get(high)),
                number("low", fields.get(low)),
                number("close", fields.get(close)),
                number("volume", fields.get(volume)));
    }

    /**
     * The text of the time in a row.
     *
     * @throws IllegalArgumentException if the row has another number of fields
     */
    String time(List<String> fields) {
        if (fields.size() != width) {
            throw new IllegalArgumentException(
                    "it has " + Printable.count(fields.size(), "field", "fields") + " instead of " + width);
        }
        String date = fields.get(time).strip();
        return clock == NONE ? date : date + " " + fields.get(clock).strip();
    }

    static boolean isNumber(String field) {
        return NUMBER.matcher(field.strip()).matches();
    }

    private static double number(String name, String field) {
        if (!isNumber(field)) {
            throw new IllegalArgumentException(name + " is '" + shortened(field.strip()) + "', not a number");
        }
        return Double.parseDouble(field.strip());
    }

    /** The start of a text as it may be shown. */
    static String shortened(String text) {
        int longest = 120;
        String printable = Printable.text(text.length() <= longest ? text : text.substring(0, longest));
        return text.length() <= longest ? printable : printable + "…";
    }
}
