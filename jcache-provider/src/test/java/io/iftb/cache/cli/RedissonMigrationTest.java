package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.RedissonEntry;
import io.iftb.cache.store.RedissonMap;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.Codec;
import org.redisson.client.codec.StringCodec;
import org.redisson.codec.JsonJacksonCodec;
import org.redisson.codec.Kryo5Codec;
import org.redisson.config.Config;
import org.redisson.jcache.JCachingProvider;
import org.redisson.jcache.configuration.RedissonConfiguration;

/** Caches that Redisson's own provider has filled. */
class RedissonMigrationTest {

    private static EmbeddedServer server;

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** A value of a user. */
    record Order(String id, double price) {}

    @BeforeAll
    static void start() {
        server = EmbeddedServer.start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Puts entries as a program with Redisson does; those whose key is in {@code ending} end in an hour. */
    private void fill(String name, Codec codec, Map<?, ?> entries, Set<?> ending) {
        cli.with("IFTB_CACHE_REDIS_URI", server.uri());
        Config config = new Config();
        config.setCodec(codec);
        config.useSingleServer()
                .setAddress(server.uri())
                .setConnectionMinimumIdleSize(1)
                .setConnectionPoolSize(2);
        RedissonClient redisson = Redisson.create(config);
        try (CacheManager manager = new JCachingProvider().getCacheManager()) {
            MutableConfiguration<Object, Object> eternal = new MutableConfiguration<>();
            Cache<Object, Object> cache =
                    manager.createCache(name, RedissonConfiguration.fromInstance(redisson, eternal));
            entries.forEach((key, value) -> {
                if (!ending.contains(key)) {
                    cache.put(key, value);
                }
            });
            cache.close();
            MutableConfiguration<Object, Object> ends = new MutableConfiguration<>()
                    .setExpiryPolicyFactory(CreatedExpiryPolicy.factoryOf(new Duration(TimeUnit.HOURS, 1)));
            Cache<Object, Object> other = manager.createCache(name, RedissonConfiguration.fromInstance(redisson, ends));
            ending.forEach(key -> other.put(key, Objects.requireNonNull(entries.get(key))));
        } finally {
            redisson.shutdown();
        }
    }

    private <K, V> Map<K, V> stored(String name, Class<K> keyType, Class<V> valueType) {
        Map<K, V> found = new HashMap<>();
        try (MarketCaches caches = cli.caches(server.uri())) {
            CacheBackend<K, V> cache = caches.backend(name, keyType, valueType);
            EntryStore.Cursor<K> cursor = cache.store().cursor();
            for (var page = cursor.next().join();
                    page != null;
                    page = cursor.next().join()) {
                page.entries().forEach(each -> found.put(each.getKey(), cache.decode(each.getValue())));
            }
        }
        return found;
    }

    private Run migrate(String name, String... more) {
        return cli.run(List.of("migrate", "redisson", "--cache", name, "--json"), more);
    }

    private static JsonNode kind(Run run) {
        return Json.read(run.out()).path("kinds").get(0);
    }

    @Test
    void migrate_kryo5_copiesJdkValuesWithTheirLifetimes() {
        Map<String, Object> entries = new LinkedHashMap<>();
        entries.put("text", "x");
        entries.put("list", new ArrayList<>(List.of(1, 2L, 3.0)));
        entries.put("map", new HashMap<>(Map.of("price", new BigDecimal("1.50"))));
        entries.put("ends", 5);
        fill("things", new Kryo5Codec(), entries, Set.of("ends"));
        Run run = migrate("things");
        assertThat(run.err()).isEmpty();
        assertThat(kind(run).path("equal").asLong()).isEqualTo(4);
        assertThat(stored("things", String.class, Object.class)).isEqualTo(entries);
        assertThat(left("things text")).isEqualTo(-1);
        assertThat(left("things ends")).isBetween(3_500_000L, 3_600_000L);
        assertThat(kind(migrate("things")).path("equal").asLong()).as("again").isEqualTo(4);
    }

    private long left(String name) {
        JsonNode ttl =
                Json.read(cli.run(ExamplesTest.words("ttl " + name + " --json")).out());
        JsonNode left = Objects.requireNonNull(ttl.get("lifetimeLeftMillis"), ttl::toString);
        return left.isNull() ? -1 : left.asLong();
    }

    @Test
    void migrate_trustedClass_isCopiedAndAnotherNamed() throws IOException {
        Map<Long, Object> entries = new HashMap<>();
        for (long i = 0; i < 700; i++) {
            entries.put(i, new Order("o" + i, i));
        }
        fill("orders", new Kryo5Codec(), entries, Set.of());
        Path report = folder.resolve("complaints.jsonl");
        Run refused = migrate("orders", "--key-type", "Long", "--report", report.toString());
        assertThat(refused.status()).isEqualTo(3);
        assertThat(Files.readAllLines(report).stream()
                        .map(line -> Json.read(line).path("key").asText()))
                .containsExactlyInAnyOrderElementsOf(
                        entries.keySet().stream().map(key -> "orders " + key).toList());
        assertThat(kind(refused).path("unreadable").asLong()).isEqualTo(700);
        assertThat(refused.err())
                .containsPattern("orders [0-9]+: class ")
                .contains(": class " + Order.class.getName() + " may not be stored or read");
        Run keys = migrate("orders");
        assertThat(keys.err()).contains("its key is a java.lang.Long, not a java.lang.String");
        Run run = migrate("orders", "--key-type", "Long", "--type", Order.class.getName(), "--delete-old", "--yes");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(kind(run).path("removed").asLong()).isEqualTo(700);
        assertThat(stored("orders", Long.class, Order.class)).isEqualTo(entries);
        assertThat(migrate("orders", "--key-type", "Long").status())
                .as("nothing is left")
                .isEqualTo(1);
    }

    /** A later run takes no updates. Who does not hear of that goes on with what was there at the first one. */
    @Test
    void migrate_oldEntriesAreUpdated_areNamed() throws IOException {
        fill("updated", StringCodec.INSTANCE, Map.of("a", "1", "b", "1"), Set.of());
        assertThat(migrate("updated", "--codec", "string").status()).isZero();
        fill("updated", StringCodec.INSTANCE, Map.of("a", "2"), Set.of());
        Path report = folder.resolve("complaints.jsonl");
        Run run = migrate("updated", "--codec", "string", "--report", report.toString(), "--delete-old", "--yes");
        assertThat(run.status()).isEqualTo(3);
        assertThat(Files.readString(report))
                .isEqualTo("{\"key\":\"updated a\",\"reason\":\"the new layout has another value, which stayed\"}\n");
        assertThat(kind(run).path("different").asLong()).isEqualTo(1);
        assertThat(kind(run).path("removed").asLong()).isEqualTo(1);
        assertThat(stored("updated", String.class, String.class)).isEqualTo(Map.of("a", "1", "b", "1"));
    }

    @Test
    void migrate_otherCodecs_copyPlainData() {
        fill("texts", StringCodec.INSTANCE, Map.of("a", "1", "Straße", "€"), Set.of("a"));
        assertThat(migrate("texts", "--codec", "string").status()).isZero();
        assertThat(stored("texts", String.class, String.class)).isEqualTo(Map.of("a", "1", "Straße", "€"));
        Map<String, Object> plain = new HashMap<>();
        plain.put("text", "x");
        plain.put("long", 7L);
        plain.put("double", 1.5);
        plain.put("flag", true);
        plain.put("map", new LinkedHashMap<>(Map.of("list", new ArrayList<>(List.of("a", 5)), "n", 5_000_000_000L)));
        plain.put("set", new LinkedHashSet<>(List.of("b")));
        fill("plain", new JsonJacksonCodec(), plain, Set.of());
        Run run = migrate("plain", "--codec", "json");
        assertThat(run.err()).isEmpty();
        assertThat(stored("plain", String.class, Object.class))
                .usingRecursiveComparison()
                .isEqualTo(plain);
        fill("bytes", new JsonJacksonCodec(), Map.of("a", new byte[] {'x'}), Set.of());
        migrate("bytes", "--codec", "json");
        assertThat(stored("bytes", String.class, Object.class))
                .as("that JSON does not tell from text")
                .isEqualTo(Map.of("a", "eA=="));
        fill(
                "jsonOrders",
                new JsonJacksonCodec(),
                Map.of("a", new ArrayList<>(List.of(new StringBuilder("x")))),
                Set.of());
        assertThat(migrate("jsonOrders", "--codec", "json").status()).isEqualTo(3);
    }

    /** Interrupted behind the first batch, it goes on behind it. */
    @Test
    void migrate_interrupted_goesOn() {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            entries.put("k" + i, "v" + i);
        }
        fill("many", StringCodec.INSTANCE, entries, Set.of());
        try (MarketCaches caches = cli.caches(server.uri())) {
            PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
            Shell shell = cli.shell(nowhere, nowhere);
            Migration first = migration(caches, "many", null);
            assertThatIllegalStateException()
                    .isThrownBy(() -> first.run(shell, () -> {
                        throw new IllegalStateException("interrupted");
                    }));
            long done = first.report().sum(MigrationCount.Fate.FOUND);
            assertThat(done).isBetween(1L, 1_900L);
            Migration second = migration(caches, "many", null);
            second.resume(Json.read(Json.line(first.state())));
            second.run(shell, () -> {});
            assertThat(second.report().sum(MigrationCount.Fate.EQUAL)).isEqualTo(2_000);
            assertThat(stored("many", String.class, String.class)).isEqualTo(entries);

            RedissonMap map = caches.maintenance().redissonMap("many");
            List<RedissonEntry> read = map.read(RedissonMap.START).join().entries();
            fill(
                    "many",
                    StringCodec.INSTANCE,
                    Map.of(new String(read.get(0).key(), StandardCharsets.UTF_8), "new"),
                    Set.of());
            List<RedissonEntry> endedSooner = List.of(new RedissonEntry(
                    read.get(1).key(), read.get(1).value(), caches.maintenance().now() + 60_000));
            assertThat(map.removeUnchanged(endedSooner).join()).isZero();
            assertThat(map.removeUnchanged(read).join()).isEqualTo(read.size() - 1);
            assertThat(map.size().join()).isEqualTo(2_000 - read.size() + 1);
        }
    }

    private static Migration migration(MarketCaches caches, String name, @Nullable ComplaintFile complaints) {
        return new RedissonMigration<>(
                caches.maintenance(),
                caches.backend(name, String.class, Object.class),
                RedissonCodec.STRING.reader(KryoCodec.builder().build()),
                new MigrationPlan("", false, MigrationPlan.OldKeys.KEPT, complaints));
    }

    @Test
    void migrate_nothingThereAndWrongUsage_sayWhat() {
        cli.with("IFTB_CACHE_REDIS_URI", server.uri());
        for (int run = 0; run < 2; run++) {
            Run none = migrate(
                    "none",
                    "--resume",
                    folder.resolve("resume").toString(),
                    "--report",
                    folder.resolve("report").toString());
            assertThat(none.status()).isEqualTo(1);
            assertThat(none.err())
                    .contains("there is no entry of a Redisson cache 'none'")
                    .hasLineCount(1);
            assertThat(folder).isEmptyDirectory();
        }
        assertThat(cli.run("migrate", "redisson").err()).contains("write migrate redisson --cache NAME");
        assertThat(cli.run("migrate", "python", "--codec", "json").err()).contains("are for migrate redisson");
        assertThat(migrate("x", "--codec", "marshalling").err())
                .contains("is not read here; write one of kryo5, string");
        assertThat(migrate("x", "--type", "com.acme.None").err()).contains("is not on the class path");
    }

    @Test
    void json_ofAClass_isRefusedByName() {
        for (String json :
                List.of("{\"@class\":\"com.acme.Order\",\"id\":1}", "[\"com.acme.Order\",5]", "[1,2,3]", "null")) {
            assertThatIllegalArgumentException().as(json).isThrownBy(() -> RedissonJson.value(Json.read(json)));
        }
    }

    private static Object json(String text) {
        return RedissonJson.value(Json.readExactly(text.getBytes(StandardCharsets.UTF_8)));
    }

    /** What is read as something else would be stored, found equal, and removed from the old cache. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "[\"java.util.ArrayList\",5]",
                "[\"java.util.HashSet\",{\"a\":1}]",
                "[\"java.lang.Long\",\"7\"]",
                "[\"java.lang.Long\",1.5]",
                "[\"java.lang.Long\",9223372036854775808]",
                "[\"java.lang.Short\",70000]",
                "[\"java.lang.Byte\",-129]",
                "[\"java.lang.Float\",\"1,5\"]",
                "[\"java.lang.Float\",null]",
                "[\"java.lang.Character\",\"\"]",
                "[\"java.lang.Character\",\"ab\"]",
                "[\"java.math.BigInteger\",1.5]",
                "[\"java.math.BigDecimal\",\"x\"]",
                "[\"java.util.Date\",\"2024-01-01T00:00:00.000+00:00\"]"
            })
    void json_thatIsNotOfItsClass_isRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> json(text)).withMessageContaining("as Jackson writes it");
    }

    @Test
    void json_ofTooManyDigits_isRefusedAtOnce() {
        String digits = "7".repeat(1_000_000);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> json("[\"java.math.BigInteger\",\"" + digits + "\"]"))
                .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(300));
    }

    @Test
    void json_numbers_keepTheirDigits() {
        assertThat(json("[\"java.math.BigDecimal\",1.50]")).isEqualTo(new BigDecimal("1.50"));
        assertThat(json("[\"java.math.BigDecimal\",123456789.123456789123456789]"))
                .isEqualTo(new BigDecimal("123456789.123456789123456789"));
        assertThat(json("[\"java.math.BigInteger\",123456789012345678901234567890]"))
                .isEqualTo(new BigInteger("123456789012345678901234567890"));
        assertThat(json("[\"java.lang.Float\",\"NaN\"]")).isEqualTo(Float.NaN);
        assertThat(json("[\"java.lang.Float\",1.1]")).isEqualTo(1.1f);
        assertThat(json("1.1")).isEqualTo(1.1);
        assertThat(json("7")).isEqualTo(7);
    }

    @Test
    void migrate_decimalsOfJson_arriveAsTheyAre() {
        Map<String, Object> entries =
                Map.of("a", new BigDecimal("0.10"), "b", new BigDecimal("12345678901234567890.5"));
        fill("decimals", new JsonJacksonCodec(), entries, Set.of());
        assertThat(migrate("decimals", "--codec", "json").err()).isEmpty();
        assertThat(stored("decimals", String.class, Object.class)).isEqualTo(entries);
    }

    /** A key that cannot be stored, and one whose text cannot be made, do not keep the others from arriving. */
    @Test
    void migrate_oddKeys_areNamedAndTheRestArrives() {
        Map<Object, Object> entries = new HashMap<>();
        entries.put("a", 1);
        entries.put("b", 2);
        entries.put(new PriorityQueue<>(List.of(1)), 3);
        entries.put(new Mute("m"), 4);
        fill("odd", new Kryo5Codec(), entries, Set.of());
        Run run = migrate("odd", "--key-type", "java.lang.Object");
        assertThat(run.status()).as(run.err()).isEqualTo(3);
        assertThat(kind(run).path("equal").asLong()).isEqualTo(2);
        assertThat(kind(run).path("unreadable").asLong()).isEqualTo(2);
        Run mute = migrate("odd", "--key-type", Mute.class.getName());
        assertThat(kind(mute).path("equal").asLong()).as(mute.err()).isEqualTo(1);
    }

    /** A key of a user without a text. */
    record Mute(String id) {

        @Override
        public String toString() {
            throw new IllegalStateException("no text");
        }
    }

    /** Another process has another order of entries: a cursor of the one before would leave some out. */
    @Test
    void migrate_resumedOnAServerThatHasStartedAnew_beginsAnew() {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < 2_000; i++) {
            entries.put("k" + i, "v" + i);
        }
        fill("restarted", StringCodec.INSTANCE, entries, Set.of());
        try (MarketCaches caches = cli.caches(server.uri());
                ComplaintFile complaints = ComplaintFile.open(folder.resolve("complaints.jsonl"), false, false)) {
            PrintStream nowhere = new PrintStream(new ByteArrayOutputStream(), false, StandardCharsets.UTF_8);
            Shell shell = cli.shell(nowhere, nowhere);
            complaints.add(new MigrationReport.Complaint("restarted k", "found on the server before"));
            Migration first = migration(caches, "restarted", complaints);
            assertThatIllegalStateException()
                    .isThrownBy(() -> first.run(shell, () -> {
                        throw new IllegalStateException("interrupted");
                    }));
            Map<String, Object> state = new HashMap<>(first.state());
            assertThat(state).extractingByKey("reported").isEqualTo(complaints.length());
            state.put("runs", "0123");
            Migration second = migration(caches, "restarted", complaints);
            second.resume(Json.read(Json.line(state)));
            assertThat(complaints.length()).as("begun anew too").isZero();
            second.run(shell, () -> {});
            assertThat(stored("restarted", String.class, String.class)).isEqualTo(entries);
            assertThat(second.report().sum(MigrationCount.Fate.FOUND))
                    .as("this time")
                    .isBetween(2_000L, 2_050L);
        }
    }

    @Test
    void migrate_longValues_arriveInParts() {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < 9; i++) {
            entries.put("k" + i, ("" + i).repeat(1 << 20));
        }
        fill("long", StringCodec.INSTANCE, entries, Set.of("k3"));
        try (MarketCaches caches = cli.caches(server.uri())) {
            RedissonMap.Step step = caches.maintenance()
                    .redissonMap("long")
                    .read(RedissonMap.START)
                    .join();
            assertThat(step.entries()).hasSizeBetween(1, 2);
            assertThat(step.later()).hasSize(9 - step.entries().size());
        }
        Run run = migrate("long", "--codec", "string", "--delete-old", "--yes");
        assertThat(kind(run).path("found").asLong()).as(run.err()).isEqualTo(9);
        assertThat(kind(run).path("removed").asLong()).isEqualTo(9);
        assertThat(stored("long", String.class, String.class)).isEqualTo(entries);
    }
}
