package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertEquals;

import com.acme.fixtures.Await;
import com.acme.fixtures.RestartableServer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class QuotesTest {

    private static RestartableServer server;

    private Application application;

    @BeforeAll
    static void start() {
        server = new RestartableServer();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void open() throws Exception {
        application = new Application(server.uri(), "application");
    }

    @AfterEach
    void close() throws Exception {
        application.close();
    }

    @Test
    void cacheResult_askedAgainHereAndInAnotherJvm_isComputedOnce() throws Exception {
        assertEquals("100.0, computed 1", application.ask("BTC SPOT"));
        assertEquals("100.0, computed 1", application.ask("BTC SPOT"));
        assertEquals("101.0, computed 2", application.ask("BTC FUTURES"));
        try (Application other = new Application(server.uri(), "other")) {
            assertEquals("100.0, computed 0", other.ask("BTC SPOT"));
            assertEquals("101.0, computed 0", other.ask("BTC FUTURES"));
            other.ask("forget BTC SPOT");
        }
        assertEquals("100.0, computed 3", application.ask("BTC SPOT"));
        assertEquals("101.0, computed 3", application.ask("BTC FUTURES"));
    }

    @Test
    void cacheInvalidateAllAndExceptions_areNotInTheCache() throws Exception {
        assertEquals("IllegalArgumentException, computed 1", application.ask("? SPOT"));
        assertEquals("IllegalArgumentException, computed 2", application.ask("? SPOT"));
        application.ask("XRP SPOT");
        application.ask("forget-all");
        assertEquals("100.0, computed 4", application.ask("XRP SPOT"));
    }

    @Test
    void server_evictsAndRestarts_theSameApplicationGoesOn() throws Exception {
        assertEquals("100.0, computed 1", application.ask("ADA SPOT"));
        assertEquals(true, server.evict("quotes") > 0);
        assertEquals("100.0, computed 2", application.ask("ADA SPOT"));

        server.kill();
        assertEquals("CacheException, computed 2", application.ask("ADA SPOT"));

        server.startAgain();
        Await.until(() -> application.ask("ADA SPOT").equals("100.0, computed 3"));
        assertEquals("100.0, computed 3", application.ask("ADA SPOT"));
    }
}
