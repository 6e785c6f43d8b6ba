package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;

/** The one embedded server of this JVM's tests; it ends with the JVM. */
final class TestServer {

    private static final MarketCaches OPEN = MarketCaches.open("embedded");

    private TestServer() {}

    /** Its address. */
    static String address() {
        return OPEN.server();
    }
}
