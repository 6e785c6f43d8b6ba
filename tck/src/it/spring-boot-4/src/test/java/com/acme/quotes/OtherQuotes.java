package com.acme.quotes;

import com.acme.quotes.Quotes.Venue;
import org.springframework.boot.SpringApplication;
import org.springframework.context.ConfigurableApplicationContext;

/** Starts the application, asks for a quote, and prints it with the number of requests to its venue. */
final class OtherQuotes {

    private OtherQuotes() {}

    public static void main(String[] arguments) {
        try (ConfigurableApplicationContext application = SpringApplication.run(QuotesApplication.class)) {
            Quotes quotes = application.getBean(Quotes.class);
            System.out.println(quotes.quote("DOGE", Venue.SPOT) + ", computed " + quotes.calls());
        }
    }
}
