package io.iftb.cache.cli;

import io.iftb.cache.market.SeriesKey;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The series that a user names on the command line, or by the name of a file. */
final class SeriesNames {

    /** The longest symbol that is accepted here; the two addresses of a pair of a DEX have 85 characters. */
    private static final int LONGEST_SYMBOL = 256;

    /** The unit of a month in the name of a file, where {@code 1M} may be the same as {@code 1m}; Binance writes it too. */
    static final String MONTH = "mo";

    private static final Pattern EXTENSIONS = Pattern.compile("(?i)(\\.(csv|tsv|txt|json|jsonl|gz|zip))+$");

    /** {@code BTC-USD-4h}, {@code BTC_USDT-1h}, {@code BTCUSDT-1h-2024-01}. */
    private static final Pattern FILE_NAME =
            Pattern.compile("(.+)[-_]([1-9][0-9]{0,4}(?:[smhdwM]|" + MONTH + "))(-[0-9]{4}(-[0-9]{2}){0,2})?");

    /** CryptoDataDownload puts the exchange first: {@code Binance_BTCUSDT_1h}. */
    private static final Pattern WITH_EXCHANGE = Pattern.compile("[A-Z][A-Za-z]*[a-z]_([A-Z0-9]+)");

    private static final Pattern SMALL = Pattern.compile("[a-z]");

    private static final Pattern ESCAPED = Pattern.compile("(%[0-9A-F]{2})+");

    private SeriesNames() {}

    /**
     * A series by its symbol and timeframe.
     *
     * @throws IllegalArgumentException if one is not accepted; the message names it
     */
    static SeriesKey of(String symbol, String timeframe) {
        if (symbol.length() > LONGEST_SYMBOL) {
            throw new IllegalArgumentException("symbol '" + symbol.substring(0, 20) + "…' has "
                    + Printable.count(symbol.length()) + " characters; give one of at most " + LONGEST_SYMBOL);
        }
        if (!Printable.text(symbol).equals(symbol)) {
            throw new IllegalArgumentException(
                    "symbol '" + Printable.text(symbol) + "' has control characters, shown as ?; give it without them");
        }
        return SeriesKey.of(symbol, timeframe);
    }

    /**
     * A series written as {@code SYMBOL:TF}.
     *
     * @throws IllegalArgumentException if it is not accepted
     */
    static SeriesKey parse(String text) {
        SeriesKey series = SeriesKey.parse(text);
        return of(series.symbol(), series.timeframe().toString());
    }

    /** A symbol as a part of a file name: all but letters, digits, {@code .} and {@code -} as {@code %} and hexadecimal. */
    static String escaped(String symbol) {
        StringBuilder name = new StringBuilder();
        for (byte each : symbol.getBytes(StandardCharsets.UTF_8)) {
            char c = (char) (each & 0xff);
            boolean isPlain = (c >= 'a' && c <= 'z')
                    || (c >= 'A' && c <= 'Z')
                    || (c >= '0' && c <= '9')
                    || (name.length() > 0 && (c == '.' || c == '-'));
            name.append(isPlain ? String.valueOf(c) : escaped(c));
        }
        return name.toString();
    }

    /** An escaped symbol with its small letters escaped too. */
    static String withoutSmall(String escaped) {
        return SMALL.matcher(escaped).replaceAll(small -> escaped(small.group().charAt(0)));
    }

    private static String escaped(char c) {
        return String.format(Locale.ROOT, "%%%02X", (int) c);
    }

    private static String unescaped(String name) {
        return ESCAPED.matcher(name).replaceAll(escaped -> {
            String hex = escaped.group().replace("%", "");
            return Matcher.quoteReplacement(new String(HexFormat.of().parseHex(hex), StandardCharsets.UTF_8));
        });
    }

    /** The beginning of a JSON object about a series. */
    static Map<String, @Nullable Object> document(SeriesKey series) {
        Map<String, @Nullable Object> document = Json.object();
        document.put("symbol", series.symbol());
        document.put("timeframe", series.timeframe().toString());
        return document;
    }

    /**
     * The series of the bars in a file. What is not given comes from the name of the file.
     *
     * @throws CommandFailure if that does not tell it
     */
    static SeriesKey ofFile(Path file, @Nullable String symbol, @Nullable String timeframe) {
        if (symbol != null && timeframe != null) {
            return of(symbol, timeframe);
        }
        String name = EXTENSIONS.matcher(String.valueOf(file.getFileName())).replaceFirst("");
        Matcher matcher = FILE_NAME.matcher(name);
        if (!matcher.matches()) {
            String missing = symbol == null && timeframe == null
                    ? "--symbol and --timeframe"
                    : symbol == null ? "--symbol" : "--timeframe";
            throw CommandFailure.wrongUsage((ImportSource.isStandardInput(file) ? "standard input" : "'" + file + "'")
                    + " has no name such as BTC-USD-4h.csv that tells the series; give " + missing);
        }
        Matcher exchange = WITH_EXCHANGE.matcher(matcher.group(1));
        String found = exchange.matches() ? exchange.group(1) : unescaped(matcher.group(1));
        String length = matcher.group(2).replace(MONTH, "M");
        return of(symbol != null ? symbol : found, timeframe != null ? timeframe : length);
    }
}
