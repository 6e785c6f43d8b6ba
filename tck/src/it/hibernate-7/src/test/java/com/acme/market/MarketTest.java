package com.acme.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.fixtures.Await;
import com.acme.fixtures.OtherJvm;
import com.acme.fixtures.RestartableServer;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.h2.tools.Server;
import org.hibernate.stat.Statistics;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class MarketTest {

    private static final LocalDate DAY = LocalDate.of(2019, 9, 1);
    private static final List<String> SYMBOLS = List.of("BTCUSDT", "ETHUSDT", "SOLUSDT");

    private static final Path WARNINGS = Path.of("target/warnings.log");

    private RestartableServer server;
    private int warnings;

    @BeforeEach
    void start() throws SQLException, IOException {
        warnings = Files.exists(WARNINGS) ? Files.readString(WARNINGS).length() : 0;
        server = new RestartableServer();
        System.setProperty("iftb.cache.redis.uri", server.uri());
        MarketApplication.createDatabase();
    }

    @AfterEach
    void stop() throws IOException {
        server.close();
        assertEquals("", Files.readString(WARNINGS).substring(warnings));
    }

    @Test
    void openAgain_everythingWasRead_comesFromTheCacheWithoutSql() {
        String first;
        try (Market market = new Market()) {
            first = MarketApplication.readAll(market);
            assertTrue(market.statistics().getPrepareStatementCount() > 0);
        }
        try (Market market = new Market()) {
            assertEquals(first, MarketApplication.readAll(market));

            Statistics statistics = market.statistics();
            assertEquals(0, statistics.getPrepareStatementCount());
            assertEquals(0, statistics.getSecondLevelCacheMissCount());
            assertEquals(1, statistics.getNaturalIdCacheHitCount());
            assertEquals(1, statistics.getQueryCacheHitCount());
        }
    }

    @Test
    void secondJvm_everythingWasRead_asksOnlyForWhatHoldsAnEnumOfOurs() throws Exception {
        String first;
        try (Market market = new Market()) {
            first = MarketApplication.readAll(market);
        }
        // Hibernate's entry of an instrument holds a Kind, which the other JVM has not stored yet
        assertEquals(
                List.of(first + " with 1 SQL statements", first + " with 0 SQL statements"),
                OtherJvm.output(
                                MarketApplication.class,
                                server.uri(),
                                "-Dorg.slf4j.simpleLogger.logFile=target/other-jvm.log")
                        .lines()
                        .toList());
    }

    @Test
    void update_otherJvmHasCachedEntityAndQuery_isReadThere() throws Exception {
        Server database = Server.createTcpServer("-tcpPort", "0").start();
        try (Market market = new Market();
                OtherJvm reader = OtherJvm.start(
                        Reader.class,
                        server.uri(),
                        "-Dhibernate.connection.url=jdbc:h2:tcp://127.0.0.1:" + database.getPort() + "/mem:market",
                        "-Dorg.slf4j.simpleLogger.logFile=target/other-jvm.log")) {
            reader.ask("read");
            assertEquals("2019-09-08 [BTCUSDT, ETHUSDT] with 0 SQL statements", reader.ask("read again"));

            market.list("BTCUSDT", LocalDate.of(2017, 8, 17));
            String updated = "2017-08-17 [ETHUSDT] with ";
            String first = reader.ask("read");
            assertTrue(first.startsWith(updated), first);
            Await.until(() -> reader.ask("read again").equals(updated + "0 SQL statements"));
        } finally {
            database.stop();
        }
    }

    @Test
    void update_cachedQuery_isAskedAgainInTheNextFactoryToo() {
        try (Market market = new Market()) {
            assertEquals(List.of("BTCUSDT", "ETHUSDT"), market.listedSince(Kind.SPOT, DAY, SYMBOLS));
            market.list("BTCUSDT", LocalDate.of(2017, 8, 17));
            assertEquals(List.of("ETHUSDT"), market.listedSince(Kind.SPOT, DAY, SYMBOLS));
            market.list("ETHUSDT", LocalDate.of(2017, 8, 17));
        }
        try (Market market = new Market()) {
            assertEquals(List.of(), market.listedSince(Kind.SPOT, DAY, SYMBOLS));
            assertEquals(1, market.statistics().getQueryCacheMissCount());
            assertEquals(List.of(), market.listedSince(Kind.SPOT, DAY, SYMBOLS));
            assertEquals(1, market.statistics().getQueryCacheHitCount());
        }
    }

    @Test
    void remove_cachedEntity_isGoneInTheNextFactoryToo() {
        try (Market market = new Market()) {
            assertEquals(new BigDecimal("113912.05000000"), market.close(Market.BITCOIN));
            market.remove(Market.BITCOIN);
            assertNull(market.close(Market.BITCOIN));
        }
        try (Market market = new Market()) {
            assertNull(market.close(Market.BITCOIN));
        }
    }

    @Test
    void keys_ofEachRegion_areThoseOfHibernate() {
        try (Market market = new Market()) {
            MarketApplication.readAll(market);
            market.list("BTCUSDT", DAY);

            CacheManager caches = Caching.getCachingProvider().getCacheManager();
            Map<String, Set<String>> regions = new TreeMap<>();
            caches.getCacheNames().forEach(region -> regions.put(region, keys(caches, region)));
            assertEquals(
                    Map.of(
                            "com.acme.market.DailyClose", Set.of("CacheKeyImplementation"),
                            "com.acme.market.Exchange", Set.of("BasicCacheKeyImplementation Exchange#XB"),
                            "com.acme.market.Exchange.instruments",
                                    Set.of("BasicCacheKeyImplementation Exchange.instruments#XB"),
                            "com.acme.market.Instrument",
                                    Set.of(
                                            "BasicCacheKeyImplementation Instrument#1",
                                            "BasicCacheKeyImplementation Instrument#2",
                                            "BasicCacheKeyImplementation Instrument#3"),
                            "com.acme.market.Instrument##NaturalId",
                                    Set.of(
                                            "NaturalIdCacheKey Instrument##NaturalId[BTCUSDT",
                                            "NaturalIdCacheKey Instrument##NaturalId[ETHUSDT",
                                            "NaturalIdCacheKey Instrument##NaturalId[SOLUSDT"),
                            "default-query-results-region", Set.of("QueryKey"),
                            "default-update-timestamps-region", Set.of("String Instrument")),
                    regions);
        }
    }

    /** The classes and texts of the keys of a region, without texts that hold a hash. */
    private static Set<String> keys(CacheManager caches, String region) {
        Set<String> keys = new TreeSet<>();
        for (Cache.Entry<Object, Object> entry : caches.getCache(region)) {
            String text = entry.getKey().toString().replace("com.acme.market.", "");
            keys.add(entry.getKey().getClass().getSimpleName() + (text.contains("@") ? "" : " " + text));
        }
        return keys;
    }

    @Test
    void entity_evictedByTheServer_isReadFromTheDatabaseAgain() throws IOException {
        try (Market market = new Market()) {
            assertEquals(new BigDecimal("113912.05000000"), market.close(Market.BITCOIN));
            assertEquals(1, server.evict("com.acme.market.DailyClose"));
            assertEquals(new BigDecimal("113912.05000000"), market.close(Market.BITCOIN));
            assertEquals(2, market.statistics().getPrepareStatementCount());
        }
    }

    /** If this changes, the warning in the recipe can go. */
    @Test
    void query_timestampsEvictedByTheServer_givesTheOldResult() throws IOException {
        try (Market market = new Market()) {
            assertEquals(List.of("BTCUSDT", "ETHUSDT"), market.listedSince(Kind.SPOT, DAY, SYMBOLS));
            market.list("BTCUSDT", LocalDate.of(2017, 8, 17));
            assertEquals(1, server.evict("default-update-timestamps-region"));
            assertEquals(List.of("BTCUSDT", "ETHUSDT"), market.listedSince(Kind.SPOT, DAY, SYMBOLS));
        }
    }
}
