package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.RedisClient;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.Lifetimes;
import java.util.List;
import org.junit.jupiter.api.Test;

class ClearCommandTest {

    private final CliRunner cli = new CliRunner();

    @Test
    void clear_withoutYes_saysWhatAndRemovesNothing() {
        store("BTC");
        storeTicker();
        for (String what : List.of("--series=BTC:1h", "--cache=ohlcv", "--cache=ticker", "--all")) {
            Run run = cli.run("clear", what);
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.out()).isEmpty();
            assertThat(run.err()).startsWith("iftb-cache: this would remove ").endsWith("; add --yes to do it\n");
        }
        assertThat(cli.run("clear", "--series", "BTC:1h").err()).contains("1 bar of BTC 1h");
        assertThat(cli.run("clear", "--cache", "ohlcv").err()).contains("1 bar in 1 series");
        assertThat(cli.run("clear", "--cache", "ticker").err()).contains("1 entry");
        assertThat(cli.run("series").out()).contains("BTC");
    }

    @Test
    void clear_withYes_removesThatAndNothingElse() {
        store("BTC");
        store("ETH");
        storeTicker();
        assertThat(cli.run("clear", "--series", "BTC:1h", "--yes"))
                .isEqualTo(new Run(0, "removed 1 bar of BTC 1h\n", ""));
        assertThat(cli.run("series").out()).contains("ETH").doesNotContain("BTC");
        assertThat(cli.run("clear", "--cache", "ticker", "--yes").out())
                .isEqualTo("removed cache ticker with 1 entry\n");
        try (MarketCaches caches = cli.caches()) {
            assertThat(caches.market().ticker("BTC")).isEmpty();
        }
        assertThat(cli.run("series").out()).contains("ETH");
    }

    @Test
    void clear_all_isEveryCacheOfTheNamespaceAndNoForeignKey() {
        CliRunner neighbour = new CliRunner();
        store("BTC");
        storeTicker();
        storeOwn(cli, "orders", "a:b", "c");
        storeOwn(cli, "my fills", "x");
        storeOwn(neighbour, "orders", "theirs");
        try (RedisClient client = cli.client()) {
            client.set("mine", "stays");
            client.set("session:7", "stays");
        }

        Run dry = cli.run("clear", "--all");
        String list =
                "cache my fills with 1 entry, cache ohlcv with 1 bar in 1 series, cache orders with 2 entries, cache"
                        + " ticker with 1 entry";
        assertThat(dry.status()).isEqualTo(2);
        assertThat(dry.err()).startsWith("iftb-cache: this would remove " + list + " from redis://");

        assertThat(cli.run("clear", "--all", "--yes")).isEqualTo(new Run(0, "removed " + list + "\n", ""));
        assertThat(cli.run("series").err()).contains("no series are stored");
        assertThat(cli.run("clear", "--cache", "orders").status()).isEqualTo(1);
        try (RedisClient client = cli.client()) {
            assertThat(client.get("mine")).contains("stays");
            assertThat(client.get("session:7")).contains("stays");
        }
        assertThat(neighbour.run("clear", "--cache", "orders").err()).contains("cache orders with 1 entry");
        Run again = cli.run("clear", "--all", "--yes");
        assertThat(again.status()).isEqualTo(0);
        assertThat(again.out()).startsWith("there is nothing to remove, the caches on redis://");
    }

    @Test
    void clear_cacheThatIsNotThere_endsWith1() {
        storeOwn(cli, "orders", "a");
        Run run = cli.run("clear", "--cache", "oders", "--yes");
        assertThat(run.status()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("iftb-cache: there is no entry of a cache 'oders' on redis://")
                .endsWith("; its caches are fear_greed, funding, llm, ohlcv, orders, ticker\n");
        assertThat(cli.run("clear", "--cache", "funding", "--yes"))
                .isEqualTo(new Run(0, "removed cache funding with 0 entries\n", ""));
    }

    @Test
    void clear_seriesThatIsNotThere_endsWith1() {
        Run run = cli.run("clear", "--series", "BTC:1h", "--yes");
        assertThat(run)
                .isEqualTo(new Run(
                        1, "", "iftb-cache: no bars are stored for BTC 1h; 'iftb-cache series' lists what is\n"));
    }

    private void store(String symbol) {
        try (MarketCaches caches = cli.caches()) {
            caches.ohlcv()
                    .put(
                            SeriesKey.of(symbol, "1h"),
                            List.of(new OhlcvBar(1678730400000L, 1, 4, 0.5, 2, 10)),
                            OhlcvCache.NEVER);
        }
    }

    private void storeTicker() {
        try (MarketCaches caches = cli.caches()) {
            caches.market().putTicker("BTC", new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 1678730400000L));
        }
    }

    private static void storeOwn(CliRunner cli, String cache, String... keys) {
        try (MarketCaches caches = cli.caches()) {
            CacheBackend<String, String> own = caches.backend(cache, String.class, String.class);
            for (String key : keys) {
                own.store()
                        .put(
                                key,
                                own.codec().encode("value"),
                                new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL),
                                EntryStore.Condition.ANY)
                        .join();
            }
        }
    }
}
