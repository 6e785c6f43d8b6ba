package com.acme.quotes;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.camel.Exchange;
import org.apache.camel.builder.RouteBuilder;
import org.apache.camel.component.jcache.policy.JCachePolicy;
import org.apache.camel.component.jcache.processor.aggregate.JCacheAggregationRepository;
import org.apache.camel.component.jcache.processor.idempotent.JCacheIdempotentRepository;

/** Routes that share their caches with all programs: quotes are asked for once, orders placed once, fills collected. */
final class QuoteRoutes extends RouteBuilder {

    private final AtomicInteger asked = new AtomicInteger();
    private final AtomicInteger placed = new AtomicInteger();
    private final BlockingQueue<String> filled = new LinkedBlockingQueue<>();

    @Override
    public void configure() {
        JCachePolicy cached = new JCachePolicy();
        cached.setCacheName("quotes");
        from("direct:quote").policy(cached).process(this::ask);

        JCacheIdempotentRepository orders = new JCacheIdempotentRepository();
        orders.setCacheName("orders");
        from("direct:order").idempotentConsumer(body(), orders).process(exchange -> placed.incrementAndGet());

        JCacheAggregationRepository fills = new JCacheAggregationRepository();
        fills.setCacheName("fills");
        from("direct:fill")
                .aggregate(header("order"), QuoteRoutes::join)
                .aggregationRepository(fills)
                .completionSize(2)
                .process(exchange -> filled.add(exchange.getMessage().getBody(String.class)));
    }

    private void ask(Exchange exchange) {
        asked.incrementAndGet();
        exchange.getMessage().setBody(exchange.getMessage().getBody() + " at 100");
    }

    private static Exchange join(Exchange before, Exchange now) {
        if (before == null) {
            return now;
        }
        before.getMessage()
                .setBody(before.getMessage().getBody() + " and " + now.getMessage().getBody());
        return before;
    }

    /** The number of quotes that were not in the cache. */
    int asked() {
        return asked.get();
    }

    /** The number of orders that were not placed before. */
    int placed() {
        return placed.get();
    }

    /** The next order of which both fills have come, which Camel tells in a thread of its own; null after 20 s. */
    String nextFilled() throws InterruptedException {
        return filled.poll(20, TimeUnit.SECONDS);
    }
}
