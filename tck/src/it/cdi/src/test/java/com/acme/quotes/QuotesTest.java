package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.acme.quotes.Quotes.Quote;
import com.acme.quotes.Quotes.UnknownSymbol;
import com.acme.quotes.Quotes.Venue;
import javax.enterprise.inject.se.SeContainer;
import javax.enterprise.inject.se.SeContainerInitializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

class QuotesTest {

    private static final SeContainer CONTAINER =
            SeContainerInitializer.newInstance().initialize();

    private final Quotes quotes = CONTAINER.select(Quotes.class).get();

    @AfterAll
    static void close() {
        CONTAINER.close();
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
}
