package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.Maintenance;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.RedisClient;
import io.iftb.cache.TestCluster;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.redis.ScanPosition;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.FoundKey;
import io.iftb.cache.store.KeyOwner;
import io.iftb.cache.store.KeyWalk;
import io.iftb.cache.store.Lifetimes;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeystatsCommandTest {

    private static final Ticker TICKER = new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0);

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static void fill(MarketCaches caches, int own) {
        caches.ohlcv()
                .put(
                        SeriesKey.of("BTC", "1h"),
                        LongStream.range(0, 3_000)
                                .mapToObj(i -> new OhlcvBar(i * 3_600_000, 1, 2, 0.5, 1 + i % 7 / 10.0, i))
                                .toList(),
                        OhlcvCache.NEVER);
        caches.market().putTicker("BTC", TICKER);
        caches.market().putTicker("ETH", TICKER);
        caches.market().putFearGreed(new FearGreed(5, "Fear", 0));
        caches.llm().put(new AnalysisKey("sentiment", "abc"), new Analysis("{}"));
        CacheBackend<String, String> orders = caches.backend("orders", String.class, String.class);
        Map<String, byte[]> entries = new HashMap<>();
        for (int i = 0; i < own; i++) {
            entries.put("k" + i, orders.codec().encode(i == 7 ? "x".repeat(5_000) + Math.random() : "value"));
        }
        orders.store().putAll(entries, Lifetimes.of(Duration.ofHours(2))).join();
    }

    /** The caches of a result by their names. */
    private record Caches(Map<String, JsonNode> byName) {

        JsonNode get(String name) {
            return Objects.requireNonNull(byName.get(name), name);
        }
    }

    private static Caches byName(String json) {
        Map<String, JsonNode> caches = new HashMap<>();
        Json.read(json)
                .path("caches")
                .forEach(each -> caches.put(each.path("name").asText(), each));
        return new Caches(caches);
    }

    private void fillAll() {
        try (MarketCaches caches = cli.caches();
                RedisClient client = cli.client()) {
            fill(caches, 50);
            client.set("session:7", "theirs");
            client.set("config", "theirs");
        }
    }

    @Test
    void keystats_ofEverything_countsEachCache() {
        fillAll();
        Run run = cli.run("keystats", "--json");
        assertThat(run.err()).isEmpty();
        Caches caches = byName(run.out());
        assertThat(caches.byName().keySet())
                .containsExactlyInAnyOrder("ohlcv", "ticker", "fear_greed", "llm", "orders", "other programs");
        assertThat(caches.get("ticker").path("keys").asLong()).isEqualTo(2);
        assertThat(caches.get("ticker").path("longestMillis").asLong()).isBetween(1L, 10_000L);
        assertThat(caches.get("other programs").path("keys").asLong()).isEqualTo(2);
        assertThat(caches.get("other programs").path("kind").asText()).isEqualTo("others");
        assertThat(caches.get("other programs").path("neverEnds").asLong()).isEqualTo(2);
        JsonNode orders = caches.get("orders");
        assertThat(orders.path("keys").asLong()).isEqualTo(50);
        assertThat(orders.path("bytes").asLong()).isBetween(50L * 50, 50L * 300 + 10_000);
        assertThat(orders.path("medianMillis").asLong()).isBetween(7_000_000L, 7_200_000L);
        JsonNode candles = caches.get("ohlcv");
        assertThat(candles.path("bars").asLong()).isEqualTo(3_000);
        assertThat(candles.path("series").asLong()).isEqualTo(1);
        assertThat(candles.path("keys").asLong()).as("head, index and pages").isGreaterThan(2);
        assertThat(candles.path("bytesPerBar").asDouble())
                .isBetween(
                        candles.path("bytes").asDouble() / 3_100,
                        candles.path("bytes").asDouble() / 2_900);
    }

    @Test
    void keystats_asText_hasTheBiggestKeysAndTheBars() {
        fillAll();
        Run run = cli.run("keystats", "--biggest", "1");
        assertThat(run.status()).isZero();
        assertThat(run.out())
                .startsWith("cache           keys  ")
                .containsPattern("\norders +50 +[0-9,]+ +[0-9]+ +0 +1h 59m +")
                .contains("\n3,000 bars in 1 series, ")
                .contains("of ")
                .endsWith("\n");
        assertThat(run.out().lines().toList().get(run.out().lines().toList().size() - 1))
                .contains("ohlcv")
                .contains(":ohlcv:{BTC:1h}");
    }

    @Test
    void keystats_withSamples_takesTheOthersForLikeThem() {
        try (MarketCaches caches = cli.caches()) {
            fill(caches, 3_000);
        }
        JsonNode orders =
                byName(cli.run("keystats", "--samples", "100", "--json").out()).get("orders");
        assertThat(orders.path("keys").asLong()).isEqualTo(3_000);
        assertThat(orders.path("measured").asLong()).isBetween(100L, 2_500L);
        assertThat(orders.path("bytes").asLong()).isBetween(3_000L * 50, 3_000L * 300);
        assertThat(cli.run("keystats", "--samples", "100").out())
                .contains("~ measured are about 100 keys of each cache");
    }

    @Test
    void keystats_resumed_findsTheSameAsAWhole() throws IOException {
        fillAll();
        Path file = folder.resolve("walk.json");
        try (MarketCaches caches = cli.caches()) {
            fill(caches, 3_000);
            Maintenance maintenance = caches.maintenance();
            KeyWalk walk = maintenance.keys(ScanPosition.START);
            KeyStatistics part = new KeyStatistics(10);
            part.add(walk.next(owner -> true).join(), walk.position());
            assertThat(part.keys()).isBetween(1L, 2_900L);
            new ResumeFile(file, "keystats", KeystatsCommand.of(cli.namespace(), caches, ServerInfo.all(maintenance)))
                    .write(part.state());
        }
        Caches resumed = byName(
                cli.run("keystats", "--json", "--resume", file.toString()).out());
        assertThat(file).doesNotExist();
        assertThat(resumed.get("orders").path("keys").asLong()).isEqualTo(3_000);
        assertThat(resumed.get("ohlcv").path("bars").asLong()).isEqualTo(3_000);
        assertThat(resumed.get("other programs").path("keys").asLong()).isEqualTo(2);
    }

    @Test
    void keystats_fileOfSomethingElse_isRefused() throws IOException {
        Path file = Files.writeString(
                folder.resolve("walk.json"), "{\"format\":\"iftb-cache keystats 1\",\"of\":\"Mars\"}");
        Run other = cli.run("keystats", "--resume", file.toString());
        assertThat(other.status()).isEqualTo(2);
        assertThat(other.err())
                .contains("is of Mars, and this is namespace 'cli")
                .hasLineCount(1);
        Files.writeString(file, "hello");
        assertThat(cli.run("keystats", "--resume", file.toString()).err()).contains("name another file");
        Files.writeString(file, "{}");
        assertThat(cli.run("keystats", "--resume", file.toString()).err())
                .contains("no file that --resume has written");
        assertThat(cli.run("keystats", "--resume", folder.resolve("none/x").toString())
                        .status())
                .as("a walk of one step writes no file")
                .isZero();
    }

    private Path kept(KeyStatistics part) {
        Path file = folder.resolve("walk.json");
        try (MarketCaches caches = cli.caches()) {
            String of = KeystatsCommand.of(cli.namespace(), caches, ServerInfo.all(caches.maintenance()));
            new ResumeFile(file, "keystats", of).write(part.state());
        }
        return file;
    }

    @Test
    void keystats_fileOfAnotherDatabase_isRefused() {
        Path file = kept(new KeyStatistics(10));
        String other = cli.uri() + "/1";

        Run run = cli.run("keystats", "--redis", other, "--resume", file.toString());

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("in database 0 on ", "and this is namespace '" + cli.namespace() + "' in database 1 on ")
                .hasLineCount(1);
        assertThat(file).exists();
    }

    @Test
    void keystats_resumedWithMoreOfTheBiggest_isRefused() {
        fillAll();
        Path file = kept(new KeyStatistics(10));

        Run more = cli.run("keystats", "--biggest", "11", "--resume", file.toString());

        assertThat(more.status()).isEqualTo(2);
        assertThat(more.err())
                .contains("keeps the 10 biggest keys only; give --biggest 10 or less")
                .hasLineCount(1);
        Run fewer = cli.run("keystats", "--biggest", "3", "--json", "--resume", file.toString());
        assertThat(Json.read(fewer.out()).path("biggest")).hasSize(3);
    }

    @Test
    void add_keyFoundTwiceWithOtherSizes_isOneOfTheBiggest() {
        KeyStatistics statistics = new KeyStatistics(10);
        KeyOwner owner = new KeyOwner(KeyOwner.Kind.CACHE, "orders");
        for (long bytes : new long[] {100, 120}) {
            statistics.add(
                    List.of(new FoundKey("k", owner, new FoundKey.Measured(bytes, 1_000), null)), ScanPosition.START);
        }

        assertThat(statistics.biggest()).containsExactly(new KeyStatistics.Big("k", "orders", 120));
    }

    private static FoundKey order(String key) {
        KeyOwner owner = new KeyOwner(KeyOwner.Kind.CACHE, "orders");
        return new FoundKey(key, owner, new FoundKey.Measured(100, 1_000), null);
    }

    @Test
    void beginPrimaryAnew_afterAnotherPrimary_forgetsTheKeysOfThisOne() {
        KeyStatistics kept = new KeyStatistics(10);
        kept.add(List.of(order("a"), order("b")), new ScanPosition(List.of("redis://h:1"), "redis://h:2", "0"));
        kept.add(List.of(order("c")), new ScanPosition(List.of("redis://h:1"), "redis://h:2", "7"));
        KeyStatistics resumed = KeyStatistics.of(Json.read(Json.line(kept.state())), 10);
        assertThat(resumed.keys()).isEqualTo(3);

        resumed.beginPrimaryAnew();
        resumed.add(List.of(order("c")), resumed.position());

        assertThat(resumed.keys()).isEqualTo(3);
        assertThat(resumed.biggest()).hasSize(3);
        assertThat(resumed.measured(order("c").owner())).isEqualTo(3);
    }

    /** Of a server that has only just started, the walk cannot tell that it was not restarted, so it begins anew. */
    @Test
    void keystats_serverJustStarted_countsEachKeyOnce() throws IOException {
        assertThat(cli.run("keystats").status())
                .as("this JVM warms up, so that the next is quick")
                .isZero();
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call(
                    "EVAL", "for i = 1, 2500 do redis.call('SET', ARGV[1] .. i, 'v') end", "0", cli.namespace() + ":k");

            Run run = cli.run("keystats", "--json", "--redis", server.uri());

            assertThat(Json.read(run.out()).path("keys").asLong()).isEqualTo(2_500);
        }
    }

    @Test
    void keystats_ofNothing_saysSo() {
        Run run = cli.run("keystats");
        assertThat(run.status()).isZero();
        assertThat(run.err()).startsWith("iftb-cache: no keys are stored on redis://");
        assertThat(cli.run("keystats", "--samples", "0").status()).isEqualTo(2);
        assertThat(cli.run("keystats", "--biggest", "-1").status()).isEqualTo(2);
    }

    @Test
    void keystats_ofACluster_isOfAllPrimaries() {
        try (TestCluster cluster = TestCluster.ofPrimaries()) {
            cli.with("IFTB_CACHE_REDIS_URI", cluster.uri());
            try (MarketCaches caches = cli.caches(cluster.uri())) {
                fill(caches, 300);
            }
            Run run = cli.run("keystats", "--json");
            assertThat(run.err()).isEmpty();
            assertThat(byName(run.out()).get("orders").path("keys").asLong()).isEqualTo(300);
            assertThat(byName(run.out()).get("ohlcv").path("bars").asLong()).isEqualTo(3_000);
        }
    }

    @Test
    void position_asText_isThePosition() {
        ScanPosition position = new ScanPosition(List.of("redis://h:1", "redis://h:2"), "redis://h:3", "4711");
        assertThat(position).hasToString("redis://h:1=done,redis://h:2=done,redis://h:3=4711");
        assertThat(ScanPosition.parse(position.toString())).isEqualTo(position);
        assertThat(ScanPosition.parse("")).isEqualTo(ScanPosition.START);
        for (String wrong : List.of("x", "a=b", "a=1,b=2", "=1")) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> ScanPosition.parse(wrong))
                    .withMessageContaining("start it anew");
        }
    }
}
