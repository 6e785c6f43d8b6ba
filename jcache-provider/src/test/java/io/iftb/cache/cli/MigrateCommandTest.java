package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.RedisClient;
import io.iftb.cache.TestCluster;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.PlainValue;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MigrateCommandTest {

    private static final SeriesKey BTC = SeriesKey.of("BTC/USDT:USDT", "1h");
    private static final long START = 1_700_002_800; // a full hour, in seconds
    private static final String TICKER =
            "{\"symbol\": \"BTC\", \"bid\": 1, \"ask\": \"2\", \"last\": 1.5, \"baseVolume\": 100,"
                    + " \"high\": 3, \"low\": 1, \"percentage\": -0.5, \"timestamp\": 1700000000.123456}";

    private final CliRunner cli = new CliRunner();
    private final CliRunner java = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private static String bar(long second, double price) {
        return "{\"timestamp\": " + second + ", \"open\": " + price + ", \"high\": " + (price + 1) + ", \"low\": "
                + price + ", \"close\": " + price + ", \"volume\": 12.5}";
    }

    private static String barKey(long second) {
        return "ohlcv:BTC/USDT:USDT:1h:" + second;
    }

    private static void fillBars(RedisClient old, int bars) {
        for (int i = 0; i < bars; i++) {
            old.set(barKey(START + i * 3_600L), bar(START + i * 3_600L, 100 + i));
        }
    }

    private List<String> command(String... more) {
        List<String> command = new ArrayList<>(
                List.of("migrate", "python", "--prefix", cli.namespace() + ":", "--namespace", java.namespace()));
        command.addAll(List.of(more));
        return command;
    }

    private static JsonNode kind(JsonNode document, String name) {
        for (JsonNode each : document.path("kinds")) {
            if (each.path("kind").asText().equals(name)) {
                return each;
            }
        }
        throw new AssertionError(name + " is not in " + document);
    }

    private static long count(JsonNode document, String kind, String fate) {
        return kind(document, kind).path(fate).asLong();
    }

    private static String reason(JsonNode document, String key) {
        for (JsonNode each : document.path("complaints")) {
            if (each.path("key").asText().endsWith(key)) {
                return each.path("reason").asText();
            }
        }
        throw new AssertionError(key + " is not in " + document);
    }

    @Test
    void migrate_allKinds_arriveWithTheirLifetimes() {
        try (RedisClient old = cli.client();
                MarketCaches caches = java.caches()) {
            fillBars(old, 10);
            old.set(barKey(START + 36_000), bar(START + 36_000, 7), Duration.ofHours(2));
            old.set("ticker:BTC", TICKER, Duration.ofMinutes(1));
            old.set("funding:BTC", "{\"funding_rate\": \"0.0001\", \"time\": \"2023-11-14T22:13:20+00:00\"}");
            old.set(
                    "fear_greed",
                    "{\"data\": [{\"value\": \"40\", \"value_classification\": \"Fear\","
                            + " \"timestamp\": \"1700000000\"}]}");
            old.set("llm:sentiment:abc", "{\"mood\": \"good\"}", Duration.ofHours(1));
            old.set("session:7", "theirs");

            Run run = cli.run(command("--json"));

            assertThat(run.err()).isEmpty();
            assertThat(run.status()).isZero();
            JsonNode found = Json.read(run.out());
            assertThat(count(found, "ohlcv", "found")).isEqualTo(11);
            assertThat(count(found, "ohlcv", "equal")).isEqualTo(11);
            assertThat(count(found, "ticker", "equal")).isEqualTo(1);
            assertThat(found.path("others").asLong()).isEqualTo(1);
            BarSeries bars = caches.ohlcv().latest(BTC, 100);
            assertThat(bars.size()).isEqualTo(11);
            assertThat(bars.bar(3)).isEqualTo(new OhlcvBar((START + 10_800) * 1_000, 103, 104, 103, 103, 12.5));
            assertThat(caches.market().ticker("BTC"))
                    .contains(new Ticker(1, 2, 1.5, 100, 3, 1, -0.5, 1_700_000_000_123L));
            assertThat(caches.market().fundingRate("BTC")).contains(new FundingRate(0.0001, 1_700_000_000_000L));
            assertThat(caches.market().fearGreed()).contains(new FearGreed(40, "Fear", 1_700_000_000_000L));
            assertThat(caches.llm().get(new AnalysisKey("sentiment", "abc")))
                    .contains(new Analysis("{\"mood\": \"good\"}"));
            assertThat(ttl("ticker BTC")).isBetween(50_000L, 60_000L);
            assertThat(ttl("llm sentiment abc")).isBetween(3_590_000L, 3_600_000L);
            assertThat(ttl("funding BTC")).isEqualTo(-1);
            assertThat(ttl("ohlcv BTC/USDT:USDT 1h")).isBetween(7_190_000L, 7_200_000L);
            assertThat(old.get("ticker:BTC")).contains(TICKER);
        }
    }

    /** What is left of the lifetime of an entry in the new layout; -1 for ever. */
    private long ttl(String name) {
        JsonNode ttl = Json.read(
                java.run(ExamplesTest.words("ttl " + name + " --json")).out());
        JsonNode left = Objects.requireNonNull(ttl.get("lifetimeLeftMillis"), ttl::toString);
        return left.isNull() ? -1 : left.asLong();
    }

    @Test
    void migrate_again_changesNothingAndFindsTheSame() {
        try (RedisClient old = cli.client()) {
            fillBars(old, 2_100);
            old.set("ticker:BTC", TICKER, Duration.ofMinutes(1));
        }
        String first = cli.run(command("--json")).out();
        Run again = cli.run(command("--json"));
        assertThat(again.status()).isZero();
        assertThat(again.out().replaceAll("\"millis\":[0-9]+", ""))
                .isEqualTo(first.replaceAll("\"millis\":[0-9]+", ""))
                .contains("\"equal\":2100");
    }

    @Test
    void migrate_whatCannotBeRead_isNamedAndTheRestArrives() {
        try (RedisClient old = cli.client()) {
            fillBars(old, 3);
            old.set(barKey(START + 90_000), "{\"timestamp\": 17");
            old.set(barKey(START + 93_600), bar(START, 5));
            old.set(barKey(START + 97_200), bar(START + 97_200, 5).replace("12.5", "NaN"));
            old.set(barKey(START + 100_800), bar(START + 100_800, 5).replace("\"low\"", "\"lowest\""));
            old.set("ohlcv:BTC:1hour:1700000000", bar(START, 5));
            old.set("ohlcv:BTC", "?");
            old.set("llm:abc", "{}");
            CliRunner.raw("HSET " + cli.namespace() + ":ticker:BTC f v");
            CliRunner.raw("RPUSH " + cli.namespace() + ":" + barKey(START + 7_200_000) + " v");
        }
        Run run = cli.run(command("--json"));
        assertThat(run.status()).isEqualTo(3);
        JsonNode found = Json.read(run.out());
        assertThat(count(found, "ohlcv", "equal")).isEqualTo(3);
        assertThat(count(found, "ohlcv", "unreadable")).isEqualTo(7);
        assertThat(found.path("refused").asLong()).isEqualTo(9);
        assertThat(reason(found, ":" + (START + 90_000))).startsWith("this is not JSON in line 1");
        assertThat(reason(found, ":" + (START + 93_600))).startsWith("its name says that it opens at 2023-11-16 01:00");
        assertThat(reason(found, ":" + (START + 97_200))).contains("NaN");
        assertThat(reason(found, ":" + (START + 100_800))).isEqualTo("it has no field 'low', nor another name of that");
        assertThat(reason(found, "ohlcv:BTC:1hour:1700000000")).startsWith("timeframe '1hour' is not known");
        assertThat(reason(found, "ohlcv:BTC")).isEqualTo("its name is not ohlcv:SYMBOL:TF:TIME");
        assertThat(reason(found, "llm:abc")).isEqualTo("its name is not llm:TYPE:HASH");
        assertThat(reason(found, "ticker:BTC")).isEqualTo("it holds another type than a string");
        assertThat(run.err())
                .contains("9 entries have not arrived; they stay in the old layout")
                .hasLineCount(10);
    }

    /** Half of a bar would stay as it is, whatever its writer makes of it. */
    @Test
    void migrate_openBar_isLeftForALaterRun() {
        long open = System.currentTimeMillis() / 86_400_000 * 86_400;
        String old = "ohlcv:BTC:1d:" + open;
        try (RedisClient python = cli.client();
                MarketCaches caches = java.caches()) {
            python.set(old, bar(open, 7));
            python.set("ohlcv:BTC:1d:" + (open - 86_400), bar(open - 86_400, 6));

            Run run = cli.run(command("--json", "--delete-old", "--yes"));

            assertThat(run.status()).as(run.err()).isZero();
            JsonNode found = Json.read(run.out());
            assertThat(count(found, "ohlcv", "found")).isEqualTo(2);
            assertThat(count(found, "ohlcv", "open")).isEqualTo(1);
            assertThat(count(found, "ohlcv", "equal")).isEqualTo(1);
            assertThat(count(found, "ohlcv", "removed")).isEqualTo(1);
            assertThat(python.exists(old)).isTrue();
            SeriesKey days = SeriesKey.of("BTC", "1d");
            assertThat(caches.ohlcv().latest(days, 9).size()).isEqualTo(1);

            long end = (open + 86_400) * 1_000;
            assertThat(arrived(days, python.get(old), open, end - 1, caches)).isZero();
            assertThat(arrived(days, Optional.of(bar(open, 8)), open, end, caches))
                    .as("once it has ended")
                    .isEqualTo(1);
            assertThat(caches.ohlcv().latestBar(days).orElseThrow().open()).isEqualTo(8);
        }
    }

    /** How many of one bar arrive if it is read at a time. */
    private static int arrived(SeriesKey series, Optional<String> bar, long second, long asked, MarketCaches caches) {
        OldBatch batch = new OldBatch(series, new MigrationReport(null), asked);
        byte[] bytes = bar.orElseThrow().getBytes(StandardCharsets.UTF_8);
        batch.add(new PlainValue("old", bytes, Long.MAX_VALUE), Long.toString(second));
        batch.store(caches.maintenance());
        return batch.compare(caches.ohlcv(), asked).size();
    }

    /** Bots that have moved write already. */
    @Test
    void migrate_newLayoutHasOtherValues_theyStay() {
        long open = System.currentTimeMillis() / 3_600_000 * 3_600;
        OhlcvBar newer = new OhlcvBar(open * 1_000, 9, 9, 9, 9, 9);
        Ticker ticker = new Ticker(5, 5, 5, 5, 5, 5, 5, 5);
        try (RedisClient old = cli.client();
                MarketCaches caches = java.caches()) {
            old.set(barKey(open), bar(open, 7));
            old.set("ticker:BTC", TICKER);
            caches.ohlcv().put(BTC, List.of(newer), OhlcvCache.NEVER);
            caches.market().putTicker("BTC", ticker);

            Run run = cli.run(command("--json", "--delete-old", "--yes"));

            assertThat(run.status()).as(run.err()).isZero();
            assertThat(count(Json.read(run.out()), "ohlcv", "open")).isEqualTo(1);
            assertThat(count(Json.read(run.out()), "ticker", "different")).isEqualTo(1);
            assertThat(caches.ohlcv().latestBar(BTC)).contains(newer);
            assertThat(caches.market().ticker("BTC")).contains(ticker);
            assertThat(old.exists(barKey(open))).isTrue();
            assertThat(old.exists("ticker:BTC")).isTrue();

            fillBars(old, 1);
            caches.ohlcv().put(BTC, List.of(new OhlcvBar(START * 1_000, 9, 9, 9, 9, 9)), OhlcvCache.NEVER);
            Run closed = cli.run(command("--json"));
            assertThat(closed.status()).isEqualTo(3);
            assertThat(reason(Json.read(closed.out()), ":" + START))
                    .isEqualTo("the new layout has another bar at 2023-11-14 23:00 UTC, which stayed");
        }
    }

    /** A later run takes no updates. Who does not hear of that goes on with what was there at the first one. */
    @Test
    void migrate_oldEntriesAreUpdated_areNamed() {
        try (RedisClient old = cli.client();
                MarketCaches caches = java.caches()) {
            old.set("ticker:BTC", TICKER);
            old.set("funding:BTC", "{\"funding_rate\": \"0.0001\", \"time\": 1700000000}");
            old.set("fear_greed", "{\"value\": 40, \"classification\": \"Fear\", \"timestamp\": 1700000000}");
            old.set("llm:mood:a", "{\"mood\": \"good\"}");
            assertThat(cli.run(command()).status()).isZero();
            old.set("ticker:BTC", TICKER.replace("1.5", "1.6"));
            old.set("funding:BTC", "{\"funding_rate\": \"0.0002\", \"time\": 1700003600}");
            old.set("fear_greed", "{\"value\": 60, \"classification\": \"Greed\", \"timestamp\": 1700086400}");
            old.set("llm:mood:a", "{\"mood\": \"bad\"}");

            Run run = cli.run(command("--json", "--delete-old", "--yes"));

            assertThat(run.status()).isEqualTo(3);
            JsonNode found = Json.read(run.out());
            assertThat(found.path("refused").asLong()).isEqualTo(3);
            for (String kind : List.of("ticker", "funding", "fear_greed", "llm")) {
                assertThat(count(found, kind, "different")).as(kind).isEqualTo(1);
                assertThat(count(found, kind, "removed")).as(kind).isZero();
            }
            for (String key : List.of("funding:BTC", "fear_greed", "llm:mood:a")) {
                assertThat(reason(found, key)).isEqualTo("the new layout has another value, which stayed");
            }
            assertThat(caches.market().fundingRate("BTC")).contains(new FundingRate(0.0001, 1_700_000_000_000L));
        }
    }

    @Test
    void migrate_sameNamespace_leavesOutWhatHasTheSameName() {
        try (RedisClient old = cli.client()) {
            fillBars(old, 3);
            old.set("ticker:BTC", TICKER);
            Run run = cli.run("migrate", "python", "--prefix", cli.namespace() + ":");
            assertThat(run.status()).isZero();
            assertThat(run.out())
                    .contains("1 key has the same name in both layouts, left out; give another --namespace")
                    .containsPattern("ohlcv +3 +0 +3 ");
            assertThat(old.get("ticker:BTC")).contains(TICKER);
        }
        try (MarketCaches caches = cli.caches()) {
            assertThat(caches.ohlcv().latest(BTC, 9).size()).isEqualTo(3);
        }
    }

    @Test
    void migrate_deleteOld_removesOnlyWhatHasArrivedAndOnlyWithYes() {
        try (RedisClient old = cli.client()) {
            fillBars(old, 700);
            old.set("ticker:BTC", TICKER);
            old.set("ticker:ETH", "?");
            Run counted = cli.run(command("--delete-old"));
            assertThat(counted.out()).contains("701 old entries would be removed; add --yes to do it");
            assertThat(old.exists(barKey(START))).isTrue();
            Run run = cli.run(command("--delete-old", "--yes", "--json"));
            assertThat(run.status()).isEqualTo(3);
            assertThat(count(Json.read(run.out()), "ohlcv", "removed")).isEqualTo(700);
            assertThat(old.exists("ticker:BTC")).isFalse();
            assertThat(old.get("ticker:ETH")).contains("?");
        }
        assertThat(CliRunner.raw("KEYS " + cli.namespace() + ":ohlcv*")).isEqualTo("*0\r\n");
        assertThat(cli.run(command("--yes")).err()).contains("--yes is for --delete-old");
    }

    @Test
    void migrate_dryRun_storesNothing() {
        try (RedisClient old = cli.client()) {
            fillBars(old, 3);
            old.set(barKey(5), "?");
            old.set("ticker:BTC", TICKER);
        }
        Run run = cli.run(command("--dry-run", "--delete-old", "--yes"));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).contains("5 entries read in ").contains("nothing was stored; leave --dry-run out");
        assertThat(CliRunner.raw("KEYS " + java.namespace() + ":*")).isEqualTo("*0\r\n");
        assertThat(CliRunner.raw("EXISTS " + cli.namespace() + ":ticker:BTC")).isEqualTo(":1\r\n");
    }

    /** The server goes away in the middle; the next run goes on behind what was done. */
    @Test
    void migrate_serverGoesAway_isResumed() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RedisClient old = RedisClient.connect(server.uri())) {
            for (int i = 0; i < 300; i++) {
                old.set("ohlcv:S" + i + ":1h:" + START, bar(START, i + 1));
            }
            Path file = folder.resolve("migration.json");
            String[] command = {"migrate", "python", "--namespace", "java", "--json", "--resume", file.toString()};
            SlowProxy proxy = new SlowProxy(server.port(), 5);
            cli.with("IFTB_CACHE_REDIS_URI", proxy.uri());
            CompletableFuture<Run> first = CompletableFuture.supplyAsync(() -> cli.run(command));
            await().atMost(Duration.ofSeconds(60)).until(() -> Files.exists(file) || first.isDone());
            proxy.close();
            assertThat(first.join().status()).as(first.join().out()).isEqualTo(1);
            assertThat(first.join().err()).hasLineCount(1);
            long done = Json.read(Files.readString(file))
                    .path("kinds")
                    .get(0)
                    .path("found")
                    .asLong();
            assertThat(done).isBetween(1L, 299L);

            old.delete("ohlcv:S0:1h:" + START); // it was done: sorted, it is the first
            SlowProxy again = new SlowProxy(server.port(), 0, proxy.port());
            Run second = cli.run(command);
            again.close();

            assertThat(second.status()).as(second.err()).isZero();
            assertThat(count(Json.read(second.out()), "ohlcv", "equal")).isEqualTo(300);
            assertThat(file).doesNotExist();
            try (MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                    .redisUri(server.uri())
                    .namespace("java")
                    .build())) {
                assertThat(caches.ohlcv().series()).hasSize(300);
            }
        }
    }

    @Test
    void migrate_fileOfAnotherMigration_isRefused() throws IOException {
        Path file =
                Files.writeString(folder.resolve("m.json"), "{\"format\":\"iftb-cache migrate 1\",\"of\":\"Mars\"}");
        Run run = cli.run(command("--resume", file.toString()));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("is of Mars, and this is keys 'cli").hasLineCount(1);
    }

    @Test
    void migrate_fileOfAnotherDatabase_isRefused() throws IOException {
        Path file =
                Files.writeString(folder.resolve("m.json"), "{\"format\":\"iftb-cache migrate 1\",\"of\":\"Mars\"}");
        String[] command = {"migrate", "python", "--namespace", "java", "--resume", file.toString()};
        String first = cli.run(command).err().replaceFirst("(?s).*, and this is (.*); delete it .*", "$1");
        assertThat(first).contains(" in database 0 on ");
        Files.writeString(file, Json.line(Map.of("format", "iftb-cache migrate 1", "of", first)));

        Run run = cli.with("IFTB_CACHE_REDIS_URI", cli.uri() + "/1").run(command);

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("is of " + first + ", and this is " + first.replace("database 0", "database 1"))
                .hasLineCount(1);
    }

    @Test
    void migrate_withoutTheRight_saysWhich() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("SET", "ohlcv:BTC:1h:" + START, bar(START, 5));
            raw.call("ACL", "SETUSER", "bot", "on", ">x", "~java:*", "&*", "+@all");
            cli.with("IFTB_CACHE_REDIS_URI", server.uri().replace("redis://", "redis://bot:x@"));
            Run run = cli.run("migrate", "python", "--namespace", "java", "--delete-old", "--yes");
            assertThat(run.status()).isEqualTo(1);
            assertThat(run.err()).contains("NOPERM").doesNotContain(">x").hasLineCount(1);
            assertThat(raw.call("EXISTS", "ohlcv:BTC:1h:" + START)).isEqualTo(":1");
        }
    }

    @Test
    void migrate_onACluster_movesAllPrimaries() {
        try (TestCluster cluster = TestCluster.ofPrimaries();
                RedisClient old = RedisClient.connect(cluster.uri())) {
            cli.with("IFTB_CACHE_REDIS_URI", cluster.uri());
            fillBars(old, 300);
            old.set("ticker:BTC", TICKER);
            Run run = cli.run("migrate", "python", "--namespace", "java", "--delete-old", "--yes", "--json");
            assertThat(run.err()).isEmpty();
            assertThat(count(Json.read(run.out()), "ohlcv", "removed")).isEqualTo(300);
            assertThat(count(Json.read(run.out()), "ticker", "removed")).isEqualTo(1);
        }
    }

    /** The figure of the guide. */
    @Test
    @Tag("thorough")
    void migrate_aMillionKeys_takesLessThanAMinute() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            for (int i = 0; i < 100; i++) {
                raw.call("EVAL", FILL, "0", "S" + i, "10000");
            }
            cli.with("IFTB_CACHE_REDIS_URI", server.uri());
            Run run = cli.run("migrate", "python", "--namespace", "java", "--json");
            assertThat(count(Json.read(run.out()), "ohlcv", "equal")).isEqualTo(1_000_000);
            assertThat(Json.read(run.out()).path("millis").asLong()).isLessThan(60_000);
        }
    }

    /** Stores bars of a symbol, as Python does. */
    private static final String FILL =
            "for i = 0, ARGV[2] - 1 do local time, price = 1600000000 + i * 3600, 100 + i % 977"
                    + " redis.call('SET', 'ohlcv:' .. ARGV[1] .. ':1h:' .. time, string.format('{\"timestamp\": %d,"
                    + " \"open\": %.2f, \"high\": %.2f, \"low\": %.2f, \"close\": %.2f, \"volume\": %.3f}',"
                    + " time, price, price + 1.25, price - 2.5, price + 0.75, i % 31 * 0.5)) end";
}
