package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.acme.fixtures.Await;
import com.acme.fixtures.OtherJvm;
import com.acme.fixtures.RestartableServer;
import java.util.Map;
import javax.cache.Caching;
import org.apache.camel.CamelContext;
import org.apache.camel.CamelExecutionException;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jcache.JCacheConstants;
import org.apache.camel.component.jcache.policy.JCachePolicy;
import org.apache.camel.impl.DefaultCamelContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class QuotesTest {

    private RestartableServer server;
    private QuoteRoutes routes;
    private CamelContext camel;
    private ProducerTemplate template;

    @BeforeEach
    void start() throws Exception {
        server = new RestartableServer();
        System.setProperty("iftb.cache.redis.uri", server.uri());
        open();
    }

    @AfterEach
    void stop() throws Exception {
        camel.close();
        Caching.getCachingProvider().close();
        server.close();
    }

    private void open() throws Exception {
        routes = new QuoteRoutes();
        camel = new DefaultCamelContext();
        camel.addRoutes(routes);
        camel.start();
        template = camel.createProducerTemplate();
    }

    private Object quote(String symbol) {
        return template.requestBody("direct:quote", symbol);
    }

    private Object position(String action, Object amount, String symbol) {
        return template.requestBodyAndHeader("jcache:positions?action=" + action, amount, JCacheConstants.KEY, symbol);
    }

    private void fill(String fill, String order) {
        template.sendBodyAndHeader("direct:fill", fill, "order", order);
    }

    @Test
    void policy_sameBody_asksOnce() {
        assertEquals("BTC at 100", quote("BTC"));
        assertEquals("BTC at 100", quote("BTC"));
        assertEquals("ETH at 100", quote("ETH"));
        assertEquals(2, routes.asked());
    }

    @Test
    void producer_eachAction_actsOnTheCache() {
        assertNull(position("GET", null, "BTC"));
        position("PUT", 3, "BTC");
        assertEquals(3, position("GET", null, "BTC"));
        assertEquals(3, position("GETANDREPLACE", 4, "BTC"));
        assertEquals(
                false,
                template.request("jcache:positions?action=PUTIFABSENT", exchange -> {
                            exchange.getMessage().setHeader(JCacheConstants.KEY, "BTC");
                            exchange.getMessage().setBody(5);
                        })
                        .getMessage()
                        .getHeader(JCacheConstants.RESULT));
        template.sendBody("jcache:positions?action=PUTALL", Map.of("ETH", 1));
        assertEquals(4, position("GETANDREMOVE", null, "BTC"));
        template.sendBody("jcache:positions?action=REMOVEALL", null);
        assertNull(position("GET", null, "ETH"));
    }

    @Test
    void idempotentConsumer_sameOrder_placesItOnce() {
        template.sendBody("direct:order", "order 1");
        template.sendBody("direct:order", "order 1");
        template.sendBody("direct:order", "order 2");
        assertEquals(2, routes.placed());
    }

    @Test
    void aggregation_contextIsReplacedBetween_isCompleted() throws Exception {
        fill("half", "order 1");
        fill("some", "order 2");
        camel.close();
        open();
        fill("the rest", "order 1");
        assertEquals("half and the rest", routes.nextFilled());
    }

    @Test
    void otherJvm_afterThisOne_goesOnWithWhatThisOneStored() throws Exception {
        quote("BTC");
        position("PUT", 3, "BTC");
        template.sendBody("direct:order", "order 1");
        fill("half", "order 1");
        assertEquals(
                "BTC at 100, asked 0, position 3, placed 0, filled half and the rest",
                OtherJvm.output(QuotesApplication.class, server.uri()));
        quote("BTC");
        assertEquals(1, routes.asked(), "the other JVM left the quotes in the cache");
    }

    /** If this changes, the recipe need not close the cache manager first. */
    @Test
    void policy_routeStops_emptiesItsCache() throws Exception {
        askForRate(() -> {});
        assertEquals(0, server.evict("rates"));
    }

    @Test
    void policy_cacheManagerIsClosedFirst_leavesItsCache() throws Exception {
        askForRate(() -> Caching.getCachingProvider().getCacheManager().close());
        assertEquals(1, server.evict("rates"));
    }

    private static void askForRate(Runnable beforeTheEnd) throws Exception {
        JCachePolicy cached = new JCachePolicy();
        cached.setCacheName("rates");
        try (CamelContext other = new DefaultCamelContext()) {
            RouteBuilder.addRoutes(other, routes -> routes.from("direct:rate")
                    .policy(cached)
                    .setBody()
                    .constant(1));
            other.start();
            assertEquals(1, other.createProducerTemplate().requestBody("direct:rate", "BTC"));
            beforeTheEnd.run();
        }
    }

    @Test
    void entries_evictedByTheServer_areComputedAgain() throws Exception {
        quote("BTC");
        template.sendBody("direct:order", "order 1");
        assertEquals(1, server.evict("quotes"));
        assertEquals(1, server.evict("orders"));
        assertEquals("BTC at 100", quote("BTC"));
        assertEquals(2, routes.asked());
        template.sendBody("direct:order", "order 1");
        assertEquals(2, routes.placed());
    }

    @Test
    void server_thatIsKilledAndStarted_servesTheSameContextAgain() throws Exception {
        quote("BTC");
        server.kill();
        assertThrows(CamelExecutionException.class, () -> quote("BTC"));

        server.startAgain();
        Await.until(() -> {
            quote("BTC");
            int before = routes.asked();
            quote("BTC");
            return routes.asked() == before;
        });
        position("PUT", 3, "BTC");
        assertEquals(3, position("GET", null, "BTC"));
        template.sendBody("direct:order", "order 1");
        template.sendBody("direct:order", "order 1");
        assertEquals(1, routes.placed());
    }
}
