package com.acme.limits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.fixtures.Await;
import com.acme.fixtures.OtherJvm;
import com.acme.fixtures.RestartableServer;
import io.github.bucket4j.Bucket;
import java.net.URI;
import java.util.concurrent.FutureTask;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class LimitsTest {

    private static final int CAPACITY = 500;

    private static RestartableServer server;
    private static CacheManager first;
    private static CacheManager second;
    private static Limits limits;
    private static Limits others;

    @BeforeAll
    static void start() {
        server = new RestartableServer();
        System.setProperty("iftb.cache.redis.uri", server.uri());
        first = Caching.getCachingProvider().getCacheManager(URI.create("first"), null);
        second = Caching.getCachingProvider().getCacheManager(URI.create("second"), null);
        assertNotSame(first, second);
        limits = new Limits(first);
        others = new Limits(second);
    }

    @AfterAll
    static void stop() {
        first.close();
        second.close();
        server.close();
    }

    @Test
    void tryConsume_fourThreadsOnTwoManagers_areGrantedTheCapacityAndNoMore() throws Exception {
        Bucket one = limits.of("binance", CAPACITY);
        Bucket other = others.of("binance", CAPACITY);
        assertEquals(CAPACITY, Takers.take(one, other, one, other));
        assertEquals(0, limits.of("binance", CAPACITY).getAvailableTokens());
    }

    @Test
    void tryConsume_fourThreadsInEachOfTwoJvmsAtOnce_areGrantedTheCapacityAndNoMore() throws Exception {
        Bucket bucket = limits.of("deribit", Takers.CAPACITY);
        FutureTask<String> otherJvm = new FutureTask<>(() -> OtherJvm.output(Takers.class, server.uri()));
        new Thread(otherJvm).start();
        Await.until(() -> bucket.getAvailableTokens() < Takers.CAPACITY);
        int here = Takers.takeWithFourThreads(bucket);
        int there = Integer.parseInt(otherJvm.get());
        assertEquals(Takers.CAPACITY, here + there);
        assertTrue(here > 0 && there > 0, "not at once: " + here + " and " + there);
        assertEquals(0, bucket.getAvailableTokens());
    }

    @Test
    void reset_emptyBucket_isFullForAllManagers() {
        assertTrue(limits.of("kraken", 10).tryConsume(10));
        assertFalse(others.of("kraken", 10).tryConsume(1));

        others.reset("kraken");

        assertTrue(limits.of("kraken", 10).tryConsume(10));
    }

    @Test
    void otherJvm_afterThisOne_takesOnlyTheRest() throws Exception {
        assertTrue(limits.of("bitget", 10).tryConsume(6));
        assertEquals("took 4", OtherJvm.output(LimitsApplication.class, server.uri()));
        assertFalse(limits.of("bitget", 10).tryConsume(1));
    }

    @Test
    void bucket_evictedByTheServer_isFullAgain() throws Exception {
        assertTrue(limits.of("okx", 10).tryConsume(10));
        assertTrue(server.evict("limits") > 0);
        assertTrue(limits.of("okx", 10).tryConsume(10));
    }

    @Test
    void server_thatIsKilledAndStarted_limitsAgain() throws Exception {
        Bucket bucket = limits.of("bybit", 10);
        assertTrue(bucket.tryConsume(10));
        server.kill();
        assertThrows(RuntimeException.class, () -> bucket.tryConsume(1));

        server.startAgain();
        Await.until(() -> bucket.tryConsume(10));
        Await.until(() -> others.of("bybit", 10).getAvailableTokens() == 0);
        assertFalse(bucket.tryConsume(1));
    }

    /** If this changes, test asynchronous buckets too. */
    @Test
    void asyncBuckets_onACache_areNotOfferedByBucket4j() {
        assertFalse(limits.areAsyncBucketsSupported());
    }
}
