package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.SeriesKey;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Names of keys and channels on the server; none is put together elsewhere.
 *
 * <p>A namespace, a cache's name, a symbol or a key's text is escaped: every character but ASCII letters, digits and
 * {@code ! " # $ & ' ( ) + , - . / ; < = > @ ^ _ ` | ~} becomes {@code %} and the hexadecimal of its UTF-8 bytes, an
 * unpaired surrogate {@code %u} and four digits. So no part holds what separates parts ({@code :}), marks a hash tag
 * ({@code { }}) or means something in a pattern ({@code * ? [ ] \}).
 */
public final class Keys {

    private static final String UNSAFE = ":*?[]{}\\%";
    private static final String SERIES = "ohlcv";
    private static final String INDEX = "pages";
    private static final Pattern PAGE = Pattern.compile(":-?[0-9]{1,16}");
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final String prefix;

    /** @param namespace what goes in front of every key, before a colon; empty for nothing */
    public Keys(String namespace) {
        this.prefix = namespace.isEmpty() ? "" : escape(namespace) + ":";
    }

    /** The key of an entry: {@code <cache name>:<key>}. */
    public String entry(String cacheName, String keyText) {
        return cachePrefix(cacheName) + escape(keyText);
    }

    /** The key of an entry whose key has two parts: {@code <cache name>:<first>:<second>}. */
    public String entry(String cacheName, String first, String second) {
        return cachePrefix(cacheName) + escape(first) + ":" + escape(second);
    }

    /** The key of a cache's one entry that needs no key: {@code <cache name>}. */
    public String entry(String cacheName) {
        return prefix + escape(cacheName);
    }

    /** Matches the keys of all entries of a cache but that of {@link #entry(String)}. */
    public String entries(String cacheName) {
        return cachePrefix(cacheName) + "*";
    }

    /** What is behind the cache's name in the key of an entry, its parts still escaped and separated by colons. */
    public String keyPart(String cacheName, String redisKey) {
        return redisKey.substring(cachePrefix(cacheName).length());
    }

    /** The key of a series' newest rows: {@code ohlcv:{SYMBOL:TF}}. */
    public String head(SeriesKey series) {
        return prefix + SERIES + ":{" + escape(series.symbol()) + ":" + series.timeframe() + "}";
    }

    /** The key of the index of a series' pages. */
    public String index(SeriesKey series) {
        return pagePrefix(series) + INDEX;
    }

    /** What the keys of a series' pages begin with; the open time of the first row follows. */
    public String pagePrefix(SeriesKey series) {
        return head(series) + ":";
    }

    /** Matches the keys of all series: heads, indexes and pages. */
    public String allSeries() {
        return prefix + SERIES + ":{*";
    }

    /** The series of a head's key; null if the key is not that of a head. */
    public @Nullable SeriesKey series(String redisKey) {
        int start = prefix.length() + SERIES.length() + 2;
        if (!redisKey.endsWith("}") || redisKey.length() <= start + 1) {
            return null;
        }
        String[] parts = redisKey.substring(start, redisKey.length() - 1).split(":", -1);
        if (parts.length != 2) {
            return null;
        }
        try {
            SeriesKey series = SeriesKey.of(unescape(parts[0]), parts[1]);
            return head(series).equals(redisKey) ? series : null;
        } catch (IllegalArgumentException | CorruptValueException e) {
            return null; // written by somebody else
        }
    }

    /** Whether a key is the head, the index or a page of a series. */
    public boolean isOfSeries(String redisKey) {
        int end = redisKey.lastIndexOf('}') + 1;
        String behind = redisKey.substring(end);
        return series(redisKey.substring(0, end)) != null
                && (behind.isEmpty()
                        || behind.equals(":" + INDEX)
                        || PAGE.matcher(behind).matches());
    }

    /**
     * The name of a bar in news: its head's key, a space, its open time. No key holds a space.
     */
    public String bar(BarKey bar) {
        return head(bar.series()) + " " + bar.openTime();
    }

    /** The bar that {@link #bar(BarKey)} names; null if the text names none. */
    public @Nullable BarKey bar(String name) {
        int space = name.indexOf(' ');
        SeriesKey series = space < 0 ? null : series(name.substring(0, space));
        try {
            return series == null ? null : BarKey.of(series, Long.parseLong(name.substring(space + 1)));
        } catch (IllegalArgumentException e) {
            return null; // written by somebody else
        }
    }

    /** The channel for the news of a cache. Channels are the same for all databases of a server, so it names its own. */
    public String news(int database, String cacheName) {
        return "iftb-cache:news:" + database + ":" + cachePrefix(cacheName);
    }

    /** A key that the caller names whole, in the namespace. */
    public String plain(String key) {
        return prefix + key;
    }

    private String cachePrefix(String cacheName) {
        return prefix + escape(cacheName) + ":";
    }

    static String escape(String text) {
        if (isSafe(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isSafe(point)) {
                escaped.append((char) point);
            } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                escaped.append("%u").append(HEX.toHexDigits((char) point));
            } else {
                for (byte octet : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    escaped.append('%').append(HEX.toHexDigits(octet));
                }
            }
        });
        return escaped.toString();
    }

    /** @throws CorruptValueException if the text is not one that {@link #escape} made */
    static String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        try {
            for (int at = 0; at < escaped.length(); ) {
                if (escaped.charAt(at) != '%') {
                    text.append(escaped.charAt(at++));
                } else if (escaped.charAt(at + 1) == 'u') {
                    text.append((char) HexFormat.fromHexDigits(escaped, at + 2, at + 6));
                    at += 6;
                } else {
                    at = octets(escaped, at, text);
                }
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException | CharacterCodingException e) {
            throw new CorruptValueException("key '" + escaped + "' is not one of ours", e);
        }
        if (!escape(text.toString()).equals(escaped)) {
            throw new CorruptValueException("key '" + escaped + "' is not one of ours");
        }
        return text.toString();
    }

    private static int octets(String escaped, int from, StringBuilder text) throws CharacterCodingException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int at = from;
        while (at < escaped.length() && escaped.charAt(at) == '%' && escaped.charAt(at + 1) != 'u') {
            octets.write(HexFormat.fromHexDigits(escaped, at + 1, at + 3));
            at += 3;
        }
        text.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray())));
        return at;
    }

    private static boolean isSafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isSafe(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafe(int character) {
        return character > ' ' && character < 0x7F && UNSAFE.indexOf(character) < 0;
    }
}
