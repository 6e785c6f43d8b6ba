package com.acme.market;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.acme.fixtures.Await;
import com.acme.fixtures.RestartableServer;
import org.junit.jupiter.api.Test;

/** A server that goes away, which the log tells; so this is apart from the tests that allow no warning. */
class OutageTest {

    @Test
    void server_thatIsKilledAndStarted_servesTheSameFactoryAgain() throws Exception {
        MarketApplication.createDatabase();
        try (RestartableServer server = new RestartableServer()) {
            System.setProperty("iftb.cache.redis.uri", server.uri());
            try (Market market = new Market()) {
                String all = MarketApplication.readAll(market);
                server.kill();
                assertThrows(RuntimeException.class, () -> MarketApplication.readAll(market));

                server.startAgain();
                Await.until(() -> {
                    assertEquals(all, MarketApplication.readAll(market));
                    market.statistics().clear();
                    assertEquals(all, MarketApplication.readAll(market));
                    return market.statistics().getPrepareStatementCount() == 0;
                });
            }
        }
    }
}
