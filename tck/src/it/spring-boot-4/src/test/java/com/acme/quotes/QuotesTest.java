package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.fixtures.Await;
import com.acme.fixtures.OtherJvm;
import com.acme.fixtures.RestartableServer;
import com.acme.quotes.Quotes.Quote;
import com.acme.quotes.Quotes.UnknownSymbol;
import com.acme.quotes.Quotes.Venue;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.context.SpringBootTest;
import org.springframework.test.annotation.DirtiesContext;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;

/** No setting but the address of the server. */
@SpringBootTest
@DirtiesContext
class QuotesTest {

    private static RestartableServer server;

    @Autowired
    Quotes quotes;

    @BeforeAll
    static void start() {
        server = new RestartableServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @DynamicPropertySource
    static void address(DynamicPropertyRegistry registry) {
        registry.add("iftb.cache.redis.uri", () -> server.uri());
    }

    @Test
    void cacheResult_askedTwice_isComputedOnce() {
        int before = quotes.calls();
        assertEquals(new Quote("BTC", Venue.SPOT, 100), quotes.quote("BTC", Venue.SPOT));
        assertEquals(new Quote("BTC", Venue.SPOT, 100), quotes.quote("BTC", Venue.SPOT));
        assertEquals(1, quotes.calls() - before);
    }

    @Test
    void cacheResult_otherEnumParameter_isAnotherKey() {
        int before = quotes.calls();
        assertEquals(Venue.SPOT, quotes.quote("ETH", Venue.SPOT).venue());
        assertEquals(Venue.FUTURES, quotes.quote("ETH", Venue.FUTURES).venue());
        assertEquals(2, quotes.calls() - before);
    }

    @Test
    void cacheResult_exceptionCacheName_failsAgainWithoutACall() {
        int before = quotes.calls();
        assertThrows(UnknownSymbol.class, () -> quotes.quote("?", Venue.SPOT));
        UnknownSymbol cached = assertThrows(UnknownSymbol.class, () -> quotes.quote("?", Venue.SPOT));
        assertEquals("?", cached.getMessage());
        assertEquals(1, quotes.calls() - before);
    }

    @Test
    void cachePut_newQuote_isWhatIsRead() {
        int before = quotes.calls();
        quotes.update("SOL", Venue.SPOT, new Quote("SOL", Venue.SPOT, 7));
        assertEquals(7, quotes.quote("SOL", Venue.SPOT).price());
        assertEquals(0, quotes.calls() - before);
    }

    @Test
    void cacheRemove_oneQuote_isComputedAgain() {
        quotes.quote("ADA", Venue.SPOT);
        quotes.quote("ADA", Venue.FUTURES);
        int before = quotes.calls();
        quotes.forget("ADA", Venue.SPOT);
        quotes.quote("ADA", Venue.SPOT);
        quotes.quote("ADA", Venue.FUTURES);
        assertEquals(1, quotes.calls() - before);
    }

    @Test
    void cacheRemoveAll_allQuotes_areComputedAgain() {
        quotes.quote("XRP", Venue.SPOT);
        quotes.quote("XRP", Venue.FUTURES);
        int before = quotes.calls();
        quotes.forgetAll();
        quotes.quote("XRP", Venue.SPOT);
        quotes.quote("XRP", Venue.FUTURES);
        assertEquals(2, quotes.calls() - before);
    }

    @Test
    void cacheable_sync16Callers_isComputedOnce() throws Exception {
        CountDownLatch callers = new CountDownLatch(16);
        ExecutorService threads = Executors.newFixedThreadPool(16);
        try {
            List<Callable<Quote>> calls = Collections.nCopies(16, () -> {
                callers.countDown();
                return quotes.sharedQuote("DOT", callers);
            });
            for (Future<Quote> answer : threads.invokeAll(calls, 30, TimeUnit.SECONDS)) {
                assertEquals(new Quote("DOT", Venue.SPOT, 100), answer.get());
            }
        } finally {
            threads.shutdownNow();
        }
        assertEquals(1, quotes.sharedCalls());
    }

    @Test
    void otherJvm_sameParameters_hitsWhatThisOneStored() throws Exception {
        Quote quote = quotes.quote("DOGE", Venue.SPOT);
        String output = OtherJvm.output(OtherQuotes.class, server.uri());
        assertTrue(output.lines().toList().contains(quote + ", computed 0"), output);
    }

    @Test
    void quote_evictedByTheServer_isComputedAgain() throws Exception {
        quotes.forgetAll();
        quotes.quote("LINK", Venue.SPOT);
        int before = quotes.calls();
        assertEquals(1, server.evict("quotes"));
        assertEquals(new Quote("LINK", Venue.SPOT, 100), quotes.quote("LINK", Venue.SPOT));
        assertEquals(1, quotes.calls() - before);
    }

    @Test
    void server_thatIsKilledAndStarted_failsMeanwhileAndServesTheSameApplicationAgain() throws Exception {
        quotes.quote("LTC", Venue.SPOT);
        int before = quotes.calls();
        server.kill();
        CacheException failure = assertThrows(CacheException.class, () -> quotes.quote("LTC", Venue.SPOT));
        assertTrue(failure.getMessage().contains(server.uri()), failure.toString());
        assertEquals(0, quotes.calls() - before, "it fails, and is not computed");

        server.startAgain();
        Await.until(() -> {
            quotes.quote("LTC", Venue.SPOT);
            int computed = quotes.calls();
            quotes.quote("LTC", Venue.SPOT);
            return quotes.calls() == computed;
        });
    }
}
