package com.acme.quotes;

import com.acme.quotes.Quotes.Venue;
import io.micronaut.context.ApplicationContext;

/** Asks for two prices, and prints them with the number that was not in the cache. */
public final class QuotesApplication {

    private QuotesApplication() {}

    public static void main(String[] arguments) {
        try (ApplicationContext context = ApplicationContext.run()) {
            Quotes quotes = context.getBean(Quotes.class);
            System.out.println(quotes.price("BTC", Venue.SPOT) + " and " + quotes.price("BTC", Venue.FUTURES)
                    + ", computed " + quotes.calls());
        }
    }
}
