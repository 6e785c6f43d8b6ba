package io.iftb.cache.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.RedisClient;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code get}, {@code put} and {@code ttl}. */
class EntryCommandsTest {

    private static final String TICKER =
            "{\"bid\":1.5,\"ask\":2,\"last\":0.00002242,\"volume\":1e3,\"high\":3,\"low\":1,\"change\":-0.5,"
                    + "\"time\":1678730400000}";
    private static final String BARS =
            "[{\"timestamp\":1678730400000,\"open\":1,\"high\":4,\"low\":0.5,\"close\":2,\"volume\":10},"
                    + "{\"timestamp\":\"2023-03-13T19:00Z\",\"open\":2,\"high\":5,\"low\":1,\"close\":3,\"volume\":20}]";

    private final CliRunner cli = new CliRunner();

    /** A value of a class that only the program that stored it knows. */
    record Order(String symbol, double amount, List<Integer> fills) {}

    /** Words with the JSON behind them. */
    private Run run(String words, String json) {
        List<String> all = new ArrayList<>(Arrays.asList(words.split(" ")));
        all.add(json);
        return cli.run(all);
    }

    private Run run(String words) {
        return cli.run(words.split(" "));
    }

    @Test
    void putThenGet_ticker_isWhatWasPut() {
        assertThat(run("put ticker BTCUSDT --ttl never", TICKER)).isEqualTo(new Run(0, "stored ticker BTCUSDT\n", ""));
        assertThat(run("get ticker BTCUSDT").out()).isEqualTo("""
                bid       1.5
                ask       2.0
                last      0.00002242
                volume    1000.0
                high      3.0
                low       1.0
                change    -0.5
                time      2023-03-13 18:00 UTC
                lifetime  never ends
                """);
        assertThat(run("get ticker BTCUSDT --json").out())
                .isEqualTo("{\"cache\":\"ticker\",\"key\":[\"BTCUSDT\"],\"value\":{\"bid\":1.5,\"ask\":2.0,"
                        + "\"last\":0.00002242,\"volume\":1000.0,\"high\":3.0,\"low\":1.0,\"change\":-0.5,"
                        + "\"time\":1678730400000},\"lifetimeLeftMillis\":null}\n");
    }

    @Test
    void put_withoutTtl_livesAsTheCacheSays() {
        run("put ticker BTCUSDT", TICKER);
        assertThat(run("ttl ticker BTCUSDT").out()).matches("([4-9]|10)s\n");
        run("put ticker BTCUSDT --ttl 90s", TICKER);
        assertThat(run("ttl ticker BTCUSDT").out()).matches("1m (30|2[0-9])s\n");
    }

    @Test
    void putThenGet_bars_areThoseOfTheSeries() {
        cli.reading(BARS.getBytes(UTF_8));
        assertThat(run("put ohlcv BTC/USDT 1h - --ttl never").out()).isEqualTo("stored 2 bars of ohlcv BTC/USDT 1h\n");
        assertThat(run("get ohlcv BTC/USDT 1h").out())
                .startsWith("timestamp  2023-03-13 19:00 UTC\nopen       2.0\n")
                .endsWith("lifetime   never ends\n");
        assertThat(run("get ohlcv BTC/USDT 1h 2023-03-13T18:00Z --json").out())
                .isEqualTo("{\"cache\":\"ohlcv\",\"key\":[\"BTC/USDT\",\"1h\",\"1678730400000\"],\"value\":{"
                        + "\"timestamp\":1678730400000,\"open\":1.0,\"high\":4.0,\"low\":0.5,\"close\":2.0,"
                        + "\"volume\":10.0},\"lifetimeLeftMillis\":null}\n");
        assertThat(run("ttl ohlcv BTC/USDT 1h 1678730400000 --set 1h").out()).matches("1h\n|59m [0-9]+s\n");
        assertThat(run("ttl ohlcv BTC/USDT 1h 1678730400000").out()).matches("1h\n|59m [0-9]+s\n");
        assertThat(run("ttl ohlcv BTC/USDT 1h").out()).as("of the newest").isEqualTo("never ends\n");
    }

    @Test
    void putThenGet_otherDomainCaches_areWhatWasPut() {
        assertThat(run("put funding BTCUSDT", "{\"rate\":0.0001,\"time\":0}").status())
                .isZero();
        assertThat(run("get funding BTCUSDT").out()).startsWith("rate      0.0001\ntime      1970-01-01 00:00 UTC\n");
        run("put fear_greed", "{\"value\":54,\"classification\":\"Neutral\",\"time\":1}");
        assertThat(run("get fear_greed --json").out())
                .startsWith("{\"cache\":\"fear_greed\",\"key\":[],\"value\":{\"value\":54,");
        run("put llm quantity abc", "{\"qty\":1.234567890123456789,\"much\":1e400,\"zero\":1.10}");
        assertThat(run("get llm quantity abc --json").out())
                .contains("\"qty\":1.234567890123456789", "\"zero\":1.10")
                .doesNotContain("Infinity");
        run("put llm sentiment abc", "{\"mood\":\"calm é\"}");
        assertThat(run("get llm sentiment abc").out()).startsWith("value     {\"mood\":\"calm é\"}\n");
        assertThat(run("get llm sentiment abc --json").out()).contains("\"value\":{\"mood\":\"calm \\u00E9\"}");
    }

    @Test
    void get_anotherCache_readsWhatThisJvmMay() {
        store("notes", "42", "x\u001b[31mred");
        assertThat(run("get notes 42").out()).isEqualTo("value     x?[31mred\nlifetime  never ends\n");
        store("orders", "42", new Order("BTC", 0.5, List.of(1, 2)));
        Run refused = run("get orders 42");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.out()).isEmpty();
        assertThat(refused.err())
                .startsWith("iftb-cache: entry orders 42 cannot be read here: class " + Order.class.getName())
                .contains("name the class with --type")
                .hasLineCount(1);
        assertThat(cli.run("get", "orders", "42", "--type", Order.class.getName(), "--json")
                        .out())
                .contains("\"value\":{\"symbol\":\"BTC\",\"amount\":0.5,\"fills\":[1,2]}");
    }

    @Test
    void ttl_ofAValueThatCannotBeReadHere_isSet() {
        store("orders", "42", new Order("BTC", 0.5, List.of()));
        assertThat(run("ttl orders 42").out()).isEqualTo("never ends\n");
        assertThat(run("ttl orders 42 --set 2h --json").out())
                .matches("\\{\"cache\":\"orders\",\"key\":\\[\"42\"],\"lifetimeLeftMillis\":7(200000|1[0-9]{5})}\n");
        assertThat(run("ttl orders 42").out()).matches("2h\n|1h 59m\n");
        assertThat(run("ttl orders 42 --set never").out()).isEqualTo("never ends\n");
        assertThat(cli.run("get", "orders", "42", "--type", Order.class.getName())
                        .out())
                .contains("symbol    BTC");
    }

    /** The server keeps what has ended for reads that load it anew. */
    @Test
    void getAndTtl_ofACacheThatKeepsWhatHasEnded_sayHowLongItIsFresh() {
        cli.with("IFTB_CACHE_CACHES_LLM_STALE_WHILE_REVALIDATE", "10m");
        run("put llm mood abc --ttl 1h", "{}");
        assertThat(run("ttl llm mood abc").out()).matches("1h\n|59m [0-9]+s\n");
        assertThat(run("get llm mood abc").out()).containsPattern("lifetime  (1h|59m [0-9]+s) left\n");
        assertThat(run("ttl llm mood abc --set 2h").out()).matches("2h\n|1h 59m\n");
        assertThat(run("ttl llm mood abc").out()).matches("2h\n|1h 59m\n");
        CliRunner.raw("PEXPIRE " + cli.key("llm:mood:abc") + " 60000");
        assertThat(run("ttl llm mood abc").out()).isEqualTo("ended\n");
        assertThat(run("get llm mood abc").out()).endsWith("lifetime  ended\n");
        assertThat(run("get llm mood abc --json").out()).endsWith("\"lifetimeLeftMillis\":0}\n");
    }

    @Test
    void ttlSet_lifetimeThatIsCutAtTheCloseOfABar_saysWhatItHasBecome() {
        cli.with("IFTB_CACHE_CACHES_NOTES_EXPIRY", "close 4h");
        store("notes", "42", "x");
        assertThat(Json.read(run("ttl notes 42 --set 30d --json").out())
                        .path("lifetimeLeftMillis")
                        .asLong(Long.MAX_VALUE))
                .isLessThanOrEqualTo(14_400_000L);
    }

    @ParameterizedTest
    @CsvSource({
        "get ticker BTCUSDT, ticker BTCUSDT",
        "ttl ticker BTCUSDT --set 5s, ticker BTCUSDT",
        "ttl llm a b, llm a b",
        "get ohlcv BTC 1h, ohlcv BTC 1h",
        "get ohlcv BTC 1h 2024-01-01, ohlcv BTC 1h 2024-01-01",
        "get own 42, own 42"
    })
    void run_nothingThere_isOneSentenceAndStatus1(String line, String name) {
        Run run = run(line);
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("iftb-cache: there is no entry " + name + " on redis://")
                .endsWith("; it was never stored, or its lifetime has ended\n");
    }

    @Test
    void get_keyOfAnotherProgram_saysSo() {
        try (RedisClient client = cli.client()) {
            client.set("ticker:BTCUSDT", "{\"last\":1}");
        }
        Run text = run("get ticker BTCUSDT");
        assertThat(text.status()).isEqualTo(1);
        assertThat(text.err())
                .startsWith("iftb-cache: entry ticker BTCUSDT on redis://")
                .contains(" cannot be read: ");
        CliRunner.raw("HSET " + cli.key("ticker:BTCUSDT").replace("BTCUSDT", "ETH") + " a b");
        assertThat(run("get ticker ETH").err()).contains("holds another type of value than a cache writes");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "get | Missing required parameter: 'NAME'; see 'iftb-cache get --help'",
                "get ticker | 'ticker' names no entry; write ticker SYMBOL",
                "get ticker A B | 'ticker A B' names no entry; write ticker SYMBOL",
                "get ohlcv BTC | 'ohlcv BTC' names no entry; write ohlcv SYMBOL TF [TIME]",
                "get ohlcv BTC 1x | timeframe '1x' is not known",
                "get ohlcv BTC 1h soon | time 'soon' is not known",
                "get own | 'own' names no entry; write own KEY",
                "get own 1 --type com.acme.None | class 'com.acme.None' is not on the class path; add its jar",
                "get ticker A --type String | the values of cache ticker have a class of their own; leave --type out",
                "put fear_greed | the value is missing; give JSON behind the name, or - for standard input",
                "put ticker A {} | field 'bid' of the ticker is missing; give it",
                "put funding A {\"rate\":\"x\",\"time\":0} | field 'rate' of the funding rate is \"x\"; accepted is a number",
                "put funding A {\"rat\":1} | a funding rate has no field 'rat'; its fields are rate, time",
                "put funding A [1] | a funding rate is a JSON object with rate, time, not [1]",
                "put funding A {\"rate\":1,\"time\":\"soon\"} | time 'soon' is not known",
                "put funding A {\"rate\": | this is not JSON in line 1, column",
                "put funding A {\"rate\":1,\"rate\":2,\"time\":1} | this is not JSON in line 1, column",
                "put fear_greed {\"value\":101,\"classification\":\"x\",\"time\":0} | it must be 0 to 100",
                "put fear_greed {\"value\":1.5,\"classification\":\"x\",\"time\":0} | accepted is a whole number",
                "put llm a b {\"x\" | this is not JSON",
                "put ohlcv A 1h [] | the list has no bars; give at least one",
                "put ohlcv A 1h 2024-01-01 {} | the open time of a bar is its field timestamp; write put ohlcv SYMBOL TF",
                "put own 42 {} | values of cache 'own' have a class of your program, so only it can store them; put takes"
                        + " ohlcv, ticker, funding, fear_greed, llm",
                "put funding A {\"rate\":1,\"time\":1} --ttl 5 | lifetime '5' is not known; write a positive count",
                "put funding A - | there is no JSON; give a document",
                "ttl ticker A --set soon | lifetime 'soon' is not known",
                "ttl ohlcv A 1h --set 5s | 'ohlcv A 1h' is a whole series; name one bar by its open time",
            })
    void run_wrongUsage_isOneSentenceAndStatus2(String line, String sentence) {
        Run run = run(line);
        assertThat(run.status()).as(run.err()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("iftb-cache: ").contains(sentence).hasLineCount(1);
    }

    private void store(String cache, String key, Object value) {
        try (MarketCaches caches = cli.caches()) {
            CacheBackend<String, Object> own = caches.backend(cache, String.class, Object.class);
            own.store()
                    .put(
                            key,
                            own.codec().encode(value),
                            new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL),
                            Condition.ANY)
                    .join();
        }
    }
}
