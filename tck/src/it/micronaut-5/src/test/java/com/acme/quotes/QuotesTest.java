package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.acme.fixtures.Await;
import com.acme.fixtures.OtherJvm;
import com.acme.fixtures.RestartableServer;
import com.acme.quotes.Quotes.Depth;
import com.acme.quotes.Quotes.Quote;
import com.acme.quotes.Quotes.UnknownSymbol;
import com.acme.quotes.Quotes.Venue;
import io.micronaut.context.ApplicationContext;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotesTest {

    private static final Depth DEPTH = new Depth(5);

    private static RestartableServer server;

    private ApplicationContext context;
    private Quotes quotes;

    @BeforeAll
    static void start() {
        server = new RestartableServer();
        System.setProperty("iftb.cache.redis.uri", server.uri());
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() {
        context = ApplicationContext.run();
        quotes = context.getBean(Quotes.class);
    }

    @AfterEach
    void close() {
        context.close();
    }

    @Test
    void cacheable_askedAgainInANewContext_isComputedOnce() {
        assertEquals(new Quote("BTC", Venue.SPOT, DEPTH, 100), quotes.quote("BTC", Venue.SPOT, DEPTH));
        assertEquals(new Quote("BTC", Venue.SPOT, DEPTH, 100), quotes.quote("BTC", Venue.SPOT, new Depth(5)));
        assertEquals(1, quotes.calls());

        close();
        open();

        assertEquals(new Quote("BTC", Venue.SPOT, DEPTH, 100), quotes.quote("BTC", Venue.SPOT, DEPTH));
        assertEquals(0, quotes.calls());
    }

    @Test
    void cacheable_otherEnumOrRecord_isAnotherKey() {
        assertEquals(Venue.SPOT, quotes.quote("ETH", Venue.SPOT, DEPTH).venue());
        assertEquals(Venue.FUTURES, quotes.quote("ETH", Venue.FUTURES, DEPTH).venue());
        assertEquals(10, quotes.quote("ETH", Venue.SPOT, new Depth(10)).depth().levels());
        assertEquals(3, quotes.calls());
    }

    @Test
    void cacheable_nullResult_isNotCached() {
        assertNull(quotes.lastQuote(Venue.SPOT, DEPTH));
        assertNull(quotes.lastQuote(Venue.SPOT, DEPTH));
        assertEquals(2, quotes.calls());
    }

    @Test
    void cacheable_exception_isThrownAndNotCached() {
        assertThrows(UnknownSymbol.class, () -> quotes.quote("?", Venue.SPOT, DEPTH));
        assertThrows(UnknownSymbol.class, () -> quotes.quote("?", Venue.SPOT, DEPTH));
        assertEquals(2, quotes.calls());
    }

    @Test
    void cachePut_newQuote_isWhatIsRead() {
        quotes.update("SOL", Venue.SPOT, DEPTH, 7);
        assertEquals(7, quotes.quote("SOL", Venue.SPOT, DEPTH).price());
        assertEquals(0, quotes.calls());
    }

    @Test
    void cacheInvalidate_oneQuote_isComputedAgain() {
        quotes.quote("ADA", Venue.SPOT, DEPTH);
        quotes.quote("ADA", Venue.FUTURES, DEPTH);
        quotes.forget("ADA", Venue.SPOT, DEPTH);
        quotes.quote("ADA", Venue.SPOT, DEPTH);
        quotes.quote("ADA", Venue.FUTURES, DEPTH);
        assertEquals(3, quotes.calls());
    }

    @Test
    void cacheInvalidate_all_areComputedAgain() {
        quotes.quote("XRP", Venue.SPOT, DEPTH);
        quotes.quote("XRP", Venue.FUTURES, DEPTH);
        quotes.forgetAll();
        quotes.quote("XRP", Venue.SPOT, DEPTH);
        quotes.quote("XRP", Venue.FUTURES, DEPTH);
        assertEquals(4, quotes.calls());
    }

    @Test
    void otherJvm_sameParameters_hitsWhatThisOneStored() throws Exception {
        quotes.price("BTC", Venue.SPOT);
        quotes.price("BTC", Venue.FUTURES);
        assertEquals("100.0 and 101.0, computed 0", OtherJvm.output(QuotesApplication.class, server.uri()));
    }

    @Test
    void price_evictedByTheServer_isComputedAgain() throws Exception {
        quotes.price("DOT", Venue.SPOT);
        assertTrue(server.evict("quotes") > 0);
        assertEquals(100.0, quotes.price("DOT", Venue.SPOT));
        assertEquals(2, quotes.calls());
    }

    @Test
    void server_thatIsKilledAndStarted_servesTheSameContextAgain() throws Exception {
        quotes.price("LTC", Venue.SPOT);
        server.kill();
        assertThrows(RuntimeException.class, () -> quotes.price("LTC", Venue.SPOT));

        server.startAgain();
        Await.until(() -> {
            quotes.price("LTC", Venue.SPOT);
            int before = quotes.calls();
            quotes.price("LTC", Venue.SPOT);
            return quotes.calls() == before;
        });
    }
}
