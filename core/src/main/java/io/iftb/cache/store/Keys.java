package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The names of keys and channels on the server; no other class builds one.
 *
 * <p>A namespace, a cache's name, a symbol or a key's text is escaped: every character but ASCII letters, digits and
 * {@code ! " # $ & ' ( ) + , - . / ; < = > @ ^ _ ` | ~} becomes {@code %} and the hexadecimal of its UTF-8 bytes, an
 * unpaired surrogate {@code %u} and four digits. So no part contains the separator of parts ({@code :}), the marks of a
 * hash tag ({@code { }}) or a special character of a pattern ({@code * ? [ ] \}).
 */
public final class Keys {

    private static final String SERIES = "ohlcv";
    private static final String INDEX = "index";
    private static final String FORMER_INDEX = "pages";
    private static final String REVISION = "revision";
    private static final String COVERAGE = "coverage";
    private static final String LEASES = "leases";
    private static final String LEASE = "}:lease";
    private static final String FENCES = "iftb-cache:fence:";
    private static final Pattern PAGE = Pattern.compile(":-?[0-9]{1,16}");

    private final String prefix;

    /** @param namespace prefix of every key, before a colon; empty for none */
    public Keys(String namespace) {
        this.prefix = namespace.isEmpty() ? "" : KeyText.escape(namespace) + ":";
    }

    /** The key of an entry: {@code <cache name>:<key>}. */
    public String entry(String cacheName, String keyText) {
        return cachePrefix(cacheName) + KeyText.escape(keyText);
    }

    /** The key of an entry whose key has two parts: {@code <cache name>:<first>:<second>}. */
    public String entry(String cacheName, String first, String second) {
        return cachePrefix(cacheName) + KeyText.escape(first) + ":" + KeyText.escape(second);
    }

    /** The key of the only entry of a cache: {@code <cache name>}. */
    public String entry(String cacheName) {
        return prefix + KeyText.escape(cacheName);
    }

    /** Matches the keys of all entries of a cache except that of {@link #entry(String)}. */
    public String entries(String cacheName) {
        return cachePrefix(cacheName) + "*";
    }

    /**
     * The part of an entry's key after the name of the cache, with its own parts still escaped and separated by colons;
     * null if the key is not of that cache.
     */
    public @Nullable String keyPart(String cacheName, String redisKey) {
        String start = cachePrefix(cacheName);
        return redisKey.startsWith(start) ? redisKey.substring(start.length()) : null;
    }

    /** Matches all keys, whoever wrote them, that begin with some text. */
    static String startingWith(String text) {
        return text.replaceAll("[*?\\[\\]\\\\]", "\\\\$0") + "*";
    }

    /** The key beside a cache of Redisson's own provider that says when its entries expire. */
    static String redissonTimeouts(String name) {
        String prefix = "jcache_timeout_set:";
        return name.contains("{") ? prefix + name : prefix + "{" + name + "}";
    }

    /** Matches all keys of the namespace. */
    public String all() {
        return prefix + "*";
    }

    /**
     * Whose a key is by its form alone. That of {@code <cache name>:<key>} is also the form of many keys of other programs, so
     * its value has to be looked at.
     */
    KeyOwner owner(String redisKey) {
        String leased = leased(redisKey);
        if (leased != null && leased.startsWith(prefix)) {
            return KeyOwner.LEASES;
        }
        if (!redisKey.startsWith(prefix)) {
            return KeyOwner.OTHERS;
        }
        if (isOfSeries(redisKey)) {
            return KeyOwner.cache(SERIES);
        }
        if (redisKey.startsWith(prefix + "{budget:")) {
            return KeyOwner.BUDGETS;
        }
        if (redisKey.startsWith(FENCES)) {
            return KeyOwner.FENCES;
        }
        String[] parts = redisKey.substring(prefix.length()).split(":", -1);
        DomainCache domain = DomainCache.named(parts[0]).orElse(null);
        if ((domain == DomainCache.LLM && parts.length == 3)
                || (domain == DomainCache.FEAR_GREED && parts.length == 1)) {
            return KeyOwner.cache(parts[0]);
        }
        String name = cacheName(redisKey);
        return name == null ? KeyOwner.OTHERS : KeyOwner.cache(name);
    }

    /** The name of the cache whose entry has this key, if it has the form {@code <cache name>:<key>}; otherwise null. */
    public @Nullable String cacheName(String redisKey) {
        String[] parts = redisKey.startsWith(prefix)
                ? redisKey.substring(prefix.length()).split(":", -1)
                : new String[0];
        if (parts.length != 2 || parts[0].isEmpty()) {
            return null;
        }
        try {
            KeyText.unescape(parts[1]);
            return KeyText.unescape(parts[0]);
        } catch (CorruptValueException e) {
            return null; // another program wrote it
        }
    }

    /** The key of a series' newest rows: {@code ohlcv:{SYMBOL:TF}}. */
    public String head(SeriesKey series) {
        return prefix + SERIES + ":{" + KeyText.escape(series.symbol()) + ":" + series.timeframe() + "}";
    }

    /** The key of the index of a series' pages. */
    public String index(SeriesKey series) {
        return pagePrefix(series) + INDEX;
    }

    /** The key of the index of a series in an earlier layout: the open times that name its pages. */
    public String formerIndex(SeriesKey series) {
        return pagePrefix(series) + FORMER_INDEX;
    }

    /** The key of the coverage of a series. */
    public String coverage(SeriesKey series) {
        return pagePrefix(series) + COVERAGE;
    }

    /** The key of a page of a series. */
    public String page(SeriesKey series, long number) {
        return pagePrefix(series) + number;
    }

    /** Matches the keys of the pages of a series, and of its index. */
    public String pages(SeriesKey series) {
        return pagePrefix(series) + "*";
    }

    /** The number in the key of a page; null if the key is none of this series. */
    public @Nullable String pageNumber(SeriesKey series, String redisKey) {
        String before = head(series);
        return redisKey.startsWith(before)
                        && PAGE.matcher(redisKey.substring(before.length())).matches()
                ? redisKey.substring(before.length() + 1)
                : null;
    }

    /** A mark of a series for its pages: the CRC-32C of its symbol and timeframe, without the namespace. */
    public static int mark(SeriesKey series) {
        CRC32C crc = new CRC32C();
        crc.update((KeyText.escape(series.symbol()) + ":" + series.timeframe()).getBytes(StandardCharsets.UTF_8));
        return (int) crc.getValue();
    }

    /** The prefix of the keys of a series' pages; the number of the page follows. */
    public String pagePrefix(SeriesKey series) {
        return head(series) + ":";
    }

    /** Matches the keys of all series: heads, indexes and pages. */
    public String allSeries() {
        return prefix + SERIES + ":{*";
    }

    /** The key of the head of a series, from the key of its head, its index or a page. */
    static String headOf(String redisKey) {
        int end = redisKey.lastIndexOf('}') + 1;
        return end == 0 || end == redisKey.length() ? redisKey : redisKey.substring(0, end);
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
            SeriesKey series = SeriesKey.of(KeyText.unescape(parts[0]), parts[1]);
            return head(series).equals(redisKey) ? series : null;
        } catch (IllegalArgumentException | CorruptValueException e) {
            return null; // another program wrote it
        }
    }

    /** Whether a key is part of a series: its head, its index, a page, or the index of an earlier layout. */
    public boolean isOfSeries(String redisKey) {
        int end = redisKey.lastIndexOf('}') + 1;
        String rest = redisKey.substring(end);
        return series(redisKey.substring(0, end)) != null
                && (rest.isEmpty()
                        || rest.equals(":" + INDEX)
                        || rest.equals(":" + FORMER_INDEX)
                        || rest.equals(":" + REVISION)
                        || rest.equals(":" + COVERAGE)
                        || rest.equals(":" + LEASES)
                        || PAGE.matcher(rest).matches());
    }

    /** The name of a bar in change events: the key of its head, a space, its open time. No key contains a space. */
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
            return null; // another program wrote it
        }
    }

    /** The channel for the changes of a cache. It contains the database, since databases share their channels. */
    public String changes(int database, String cacheName) {
        return "iftb-cache:changes:" + database + ":" + cachePrefix(cacheName);
    }

    /** The channel on which is said that bars of a series were fetched, or that nobody fetches them any more. */
    public String fetched(int database) {
        return "iftb-cache:fetched:" + database + ":" + prefix;
    }

    /** The key of the bucket of tokens of a source: <code>{budget:SOURCE}</code>. No name of a cache begins with a brace. */
    public String budget(String source) {
        return prefix + "{budget:" + KeyText.escape(source) + "}";
    }

    /** The key of the JVMs that share the bucket of a source, in the same slot. */
    public String budgetJvms(String source) {
        return budget(source) + ":jvms";
    }

    /** The key of the lease to compute an entry, in the same slot: <code>{KEY}:lease</code>. Of a pattern, matches those of all. */
    static String lease(String redisKey) {
        return "{" + redisKey + LEASE;
    }

    /** The key of the entry that a lease is for; null if the key is not that of a lease. */
    static @Nullable String leased(String leaseKey) {
        return leaseKey.startsWith("{") && leaseKey.endsWith(LEASE)
                ? leaseKey.substring(1, leaseKey.length() - LEASE.length())
                : null;
    }

    /** The channel on which is said that an entry of a cache was computed, or that nobody computes it any more. */
    public String computed(int database, String cacheName) {
        return "iftb-cache:computed:" + database + ":" + cachePrefix(cacheName);
    }

    /** A key given in full, within the namespace. */
    public String plain(String key) {
        return prefix + Objects.requireNonNull(key, "key");
    }

    private String cachePrefix(String cacheName) {
        return prefix + KeyText.escape(cacheName) + ":";
    }
}
