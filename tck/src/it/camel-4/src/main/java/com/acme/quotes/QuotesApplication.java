package com.acme.quotes;

import javax.cache.CacheManager;
import javax.cache.Caching;
import org.apache.camel.CamelContext;
import org.apache.camel.ProducerTemplate;
import org.apache.camel.component.jcache.JCacheConstants;
import org.apache.camel.impl.DefaultCamelContext;

/** Uses each route and the component once, and prints what came of it. */
public final class QuotesApplication {

    private QuotesApplication() {}

    public static void main(String[] arguments) throws Exception {
        try (CamelContext camel = new DefaultCamelContext();
                CacheManager caches = Caching.getCachingProvider().getCacheManager()) {
            System.out.println(run(camel));
        }
    }

    private static String run(CamelContext camel) throws Exception {
        QuoteRoutes routes = new QuoteRoutes();
        camel.addRoutes(routes);
        camel.start();
        ProducerTemplate template = camel.createProducerTemplate();
        Object quote = template.requestBody("direct:quote", "BTC");
        Object position =
                template.requestBodyAndHeader("jcache:positions?action=GET", null, JCacheConstants.KEY, "BTC");
        template.sendBody("direct:order", "order 1");
        template.sendBodyAndHeader("direct:fill", "the rest", "order", "order 1");
        return quote + ", asked " + routes.asked() + ", position " + position + ", placed " + routes.placed()
                + ", filled " + routes.nextFilled();
    }
}
