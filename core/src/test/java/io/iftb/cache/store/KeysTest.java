package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Timeframe;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.Size;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KeysTest {

    /** Any UTF-16, and texts of characters with a special meaning, so that some nearly collide. */
    @Provide
    Arbitrary<String> texts() {
        Arbitrary<String> any = Arbitraries.strings()
                .withCharRange(Character.MIN_VALUE, Character.MAX_VALUE)
                .ofMaxLength(20);
        Arbitrary<String> special = Arbitraries.of(
                        ":", "*", "?", "[", "]", "{", "}", "\\", "%", "%3A", "%25", "%u", " ", "\n", "\0", "a", "b",
                        "é", "🚀", "\uD83D", "\uDE80", "ohlcv", "pages", "1m")
                .list()
                .ofMaxSize(4)
                .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(any, special);
    }

    @Provide
    Arbitrary<SeriesKey> series() {
        return Combinators.combine(
                        texts().filter(text -> !text.isBlank()),
                        Arbitraries.integers().between(1, 20),
                        Arbitraries.of(Timeframe.Unit.class))
                .as((symbol, count, unit) -> new SeriesKey(symbol, new Timeframe(count, unit)));
    }

    @Property
    void unescape_whatEscapeMade_givesItBack(@ForAll("texts") String text) {
        assertThat(KeyText.unescape(KeyText.escape(text))).isEqualTo(text);
    }

    @Property
    void escape_anyText_isPlainAscii(@ForAll("texts") String text) {
        assertThat(KeyText.escape(text).chars()).allMatch(c -> c > ' ' && c < 0x7F && ":*?[]{}\\".indexOf(c) < 0);
    }

    @Property
    void unescape_anyText_givesWhatWouldMakeItOrRefuses(@ForAll("texts") String text) {
        try {
            assertThat(KeyText.escape(KeyText.unescape(text))).isEqualTo(text);
        } catch (CorruptValueException e) {
            assertThat(e).hasMessageContaining("is not a key that this library writes");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "%",
                "%4",
                "%zz",
                "%u",
                "%u12",
                "%u0041",
                "%41",
                "%3a",
                "%C3",
                "%C3%C3",
                "%ED%A0%80",
                "a b",
                "é",
                "a*",
                "%uD83D%uDE80"
            })
    void unescape_notWrittenByUs_isRefused(String text) {
        assertThatThrownBy(() -> KeyText.unescape(text))
                .isInstanceOf(CorruptValueException.class)
                .hasMessage("key '" + text + "' is not a key that this library writes");
    }

    @Property
    void entry_otherCacheOrKey_isAnotherKey(
            @ForAll("texts") String cache,
            @ForAll("texts") String key,
            @ForAll("texts") String otherCache,
            @ForAll("texts") String otherKey) {
        Assume.that(!cache.equals(otherCache) || !key.equals(otherKey));
        Keys keys = new Keys("");

        assertThat(keys.entry(cache, key)).isNotEqualTo(keys.entry(otherCache, otherKey));
        assertThat(keys.entry(cache, "x", key)).isNotEqualTo(keys.entry(otherCache, "x", otherKey));
        assertThat(keys.entry(cache, key, "x")).isNotEqualTo(keys.entry(otherCache, otherKey, "x"));
        assertThat(keys.entry(cache, cache, key)).isNotEqualTo(keys.entry(otherCache, otherKey));
        assertThat(keys.entry(cache)).isNotEqualTo(keys.entry(otherCache, otherKey));
    }

    @Property
    void head_otherSeries_isAnotherKeyAndReadBack(@ForAll("series") SeriesKey one, @ForAll("series") SeriesKey other) {
        Keys keys = new Keys("");
        Assume.that(!one.equals(other));

        Set<String> all = new HashSet<>(List.of(
                keys.head(one),
                keys.index(one),
                keys.pagePrefix(one) + "0",
                keys.head(other),
                keys.index(other),
                keys.pagePrefix(other) + "0"));

        assertThat(all).hasSize(6).allMatch(keys::isOfSeries);
        assertThat(keys.series(keys.head(one))).isEqualTo(one);
        assertThat(keys.series(keys.index(one))).isNull();
        assertThat(keys.head(one)).containsOnlyOnce("{").containsOnlyOnce("}");
    }

    @Property
    void entry_anyCacheAndKey_isNoKeyOfASeries(@ForAll("texts") String cache, @ForAll("texts") String key) {
        Keys keys = new Keys("");

        assertThat(keys.isOfSeries(keys.entry(cache, key))).isFalse();
        assertThat(keys.isOfSeries(keys.entry("ohlcv", key))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "}",
                "ohlcv:{}",
                "ohlcv:{BTC}",
                "ohlcv:{BTC:1x}",
                "ohlcv:{BTC USDT:1h}",
                "ohlcv:{:1h}",
                "ohlcv:{A:B:1h}",
                "xhlcv:{BTC:1h}",
                "ohlcv:{BTC:01h}",
                "ohlcv:{BTC%3a:1h}",
                "ohlcv:{BTC:1h",
                "ohlcv:{BTC:1h}x",
                "ohlcv:{BTC:1h}:note",
                "ohlcv:{BTC:1h}:1:2",
                "ohlcv:{BTC:1h}:-",
                "ohlcv:{BTC:1h}:"
            })
    void isOfSeries_keyOfSomebodyElse_isNot(String redisKey) {
        assertThat(new Keys("").isOfSeries(redisKey)).isFalse();
        assertThat(new Keys("").series(redisKey)).isNull();
    }

    @Property
    void namespace_another_sharesNoKey(
            @ForAll("texts") String namespace,
            @ForAll("texts") String other,
            @ForAll("texts") String cache,
            @ForAll("texts") String key,
            @ForAll("series") SeriesKey series) {
        Assume.that(!namespace.isEmpty() && !other.isEmpty() && !namespace.equals(other));
        Keys one = new Keys(namespace);
        Keys two = new Keys(other);

        assertThat(one.entry(cache, key)).doesNotStartWith(KeyText.escape(other) + ":");
        assertThat(one.head(series)).isNotEqualTo(two.head(series));
        assertThat(two.isOfSeries(one.head(series))).isFalse();
        assertThat(one.entry(cache)).isNotEqualTo(two.entry(cache));
        assertThat(one.plain(key)).isNotEqualTo(two.plain(key));
        assertThat(one.keyPart(cache, one.entry(cache, key))).isEqualTo(KeyText.escape(key));
    }

    @Property(tries = 40)
    void entries_patternOnTheServer_matchesThatCacheOnly(
            @ForAll @Size(min = 2, max = 6) Set<String> noise, @ForAll("texts") String namespace) throws IOException {
        Set<String> names = new TreeSet<>(noise);
        names.addAll(List.of("a", "a*", "a*b", "ab", "a?", "[ab]", "a:b", "\\a", "", "*", "a\\", "{a}", "🚀"));
        Keys keys = new Keys(namespace);
        Map<String, Set<String>> written = new HashMap<>();
        SeriesKey series = SeriesKey.of("a*{}[b]", "1m");
        TestServer.flush();
        try (RespConnection raw = TestServer.raw()) {
            for (String name : names) {
                for (String key : List.of("1", "*", "a:b", "[1]", "")) {
                    String redisKey = keys.entry(name, key);
                    raw.call("SET", redisKey, "1");
                    written.computeIfAbsent(name, of -> new HashSet<>()).add(redisKey);
                }
            }
            raw.call("SET", keys.head(series), "1");
            raw.call("SET", keys.index(series), "1");
            raw.call("SET", new Keys(namespace + "x").entry("a", "1"), "1");

            for (String name : names) {
                assertThat(scan(raw, keys.entries(name))).isEqualTo(written.get(name));
            }
            assertThat(scan(raw, keys.allSeries())).containsExactlyInAnyOrder(keys.head(series), keys.index(series));
        }
    }

    private static Set<String> scan(RespConnection raw, String pattern) throws IOException {
        Set<String> found = new HashSet<>();
        String cursor = "0";
        do {
            assertThat(raw.call("SCAN", cursor, "MATCH", pattern, "COUNT", "1000"))
                    .isEqualTo("*2");
            cursor = raw.next();
            for (int i = Integer.parseInt(raw.next().substring(1)); i > 0; i--) {
                found.add(raw.next());
            }
        } while (!cursor.equals("0"));
        return found;
    }

    @ParameterizedTest
    @CsvSource({
        "'', ticker:BTCUSDT, llm:sentiment:ab12, fear_greed, ohlcv:{BTC/USDT%3AUSDT:1h}",
        "bot, bot:ticker:BTCUSDT, bot:llm:sentiment:ab12, bot:fear_greed, bot:ohlcv:{BTC/USDT%3AUSDT:1h}",
        "a:b, a%3Ab:ticker:BTCUSDT, a%3Ab:llm:sentiment:ab12, a%3Ab:fear_greed, a%3Ab:ohlcv:{BTC/USDT%3AUSDT:1h}",
    })
    void keys_ofDomainCaches_areReadable(String namespace, String ticker, String llm, String fearGreed, String head) {
        Keys keys = new Keys(namespace);
        SeriesKey series = SeriesKey.of("BTC/USDT:USDT", "1h");

        assertThat(keys.entry("ticker", "BTCUSDT")).isEqualTo(ticker);
        assertThat(keys.entry("llm", "sentiment", "ab12")).isEqualTo(llm);
        assertThat(keys.entry("fear_greed")).isEqualTo(fearGreed);
        assertThat(keys.head(series)).isEqualTo(head);
        assertThat(keys.index(series)).isEqualTo(head + ":index");
        assertThat(keys.pagePrefix(series)).isEqualTo(head + ":");
    }

    @ParameterizedTest
    @CsvSource({
        "'', orders:1, orders",
        "'', my%20fills:a%3Ab, my fills",
        "'', orders:, orders",
        "bot, bot:orders:1, orders",
        "'', orders, ",
        "'', orders:1:2, ",
        "'', ':1', ",
        "'', ohlcv:{BTC:1h}, ",
        "'', orders:%zz, ",
        "'', or%2Gders:1, ",
        "bot, orders:1, ",
        "bot, bots:orders:1, "
    })
    void cacheName_key_isTheFirstOfTwoParts(String namespace, String redisKey, @Nullable String name) {
        assertThat(new Keys(namespace).cacheName(redisKey)).isEqualTo(name);
    }

    @Test
    void escape_unpairedSurrogates_areKeptApart() {
        assertThat(KeyText.escape("\uD83D")).isEqualTo("%uD83D");
        assertThat(KeyText.escape("🚀")).isEqualTo("%F0%9F%9A%80");
        assertThat(KeyText.escape("%uD83D")).isEqualTo("%25uD83D");
        assertThat(KeyText.escape("\uDE80\uD83D")).isEqualTo("%uDE80%uD83D");
    }

    @Property
    void budget_ofAnySource_isInOneSlotAndOfNoCache(@ForAll("texts") String source, @ForAll("texts") String cache) {
        Keys keys = new Keys("ns");
        String bucket = keys.budget(source);

        assertThat(bucket).startsWith("ns:{budget:").endsWith("}").doesNotContain(" ", "*");
        assertThat(keys.budgetJvms(source)).isEqualTo(bucket + ":jvms");
        assertThat(bucket.indexOf('}')).isEqualTo(bucket.length() - 1);
        assertThat(keys.keyPart(cache, bucket)).isNull();
        assertThat(keys.cacheName(bucket)).isNull();
        assertThat(keys.isOfSeries(bucket)).isFalse();
    }

    @Test
    void owner_ofEachKindOfKey_isTold() {
        Keys bot = new Keys("bot1");
        SeriesKey series = SeriesKey.of("BTC", "1h");
        for (String key : List.of(bot.head(series), bot.index(series), bot.coverage(series), bot.page(series, 7))) {
            assertThat(bot.owner(key)).isEqualTo(KeyOwner.cache("ohlcv"));
        }
        assertThat(bot.owner(bot.entry("ticker", "BTC"))).isEqualTo(KeyOwner.cache("ticker"));
        assertThat(bot.owner(bot.entry("llm", "sentiment", "abc"))).isEqualTo(KeyOwner.cache("llm"));
        assertThat(bot.owner(bot.entry("fear_greed"))).isEqualTo(KeyOwner.cache("fear_greed"));
        assertThat(bot.owner(bot.entry("my orders", "a:b"))).isEqualTo(KeyOwner.cache("my orders"));
        assertThat(bot.owner(Keys.lease(bot.entry("llm", "a", "b")))).isEqualTo(KeyOwner.LEASES);
        assertThat(bot.owner(bot.budget("binance"))).isEqualTo(KeyOwner.BUDGETS);
        assertThat(bot.owner(bot.budgetJvms("binance"))).isEqualTo(KeyOwner.BUDGETS);
        assertThat(new Keys("").owner("iftb-cache:fence:4711")).isEqualTo(KeyOwner.FENCES);
        for (String other : List.of("bot1:x:y:z", "bot1:config", "ticker:BTC", "bot2:ticker:BTC", "bot1:a:%", "")) {
            assertThat(bot.owner(other)).as(other).isEqualTo(KeyOwner.OTHERS);
        }
    }
}
