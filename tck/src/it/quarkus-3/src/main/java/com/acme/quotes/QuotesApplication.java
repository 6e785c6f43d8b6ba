package com.acme.quotes;

import com.acme.quotes.Quotes.Venue;
import io.quarkus.runtime.QuarkusApplication;
import io.quarkus.runtime.annotations.QuarkusMain;
import jakarta.inject.Inject;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** Answers each line that it reads with a line: the price, or what failed, and the number of prices computed. */
@QuarkusMain
public class QuotesApplication implements QuarkusApplication {

    @Inject
    Quotes quotes;

    @Override
    public int run(String... arguments) throws Exception {
        BufferedReader lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        String line;
        while ((line = lines.readLine()) != null) {
            System.out.println("ANSWER " + answer(line.split(" ")) + ", computed " + quotes.calls());
        }
        return 0;
    }

    private Object answer(String[] words) {
        try {
            if (words[0].equals("forget")) {
                quotes.forget(words[1], Venue.valueOf(words[2]));
                return "forgotten";
            }
            if (words[0].equals("forget-all")) {
                quotes.forgetAll();
                return "forgotten";
            }
            return quotes.price(words[0], Venue.valueOf(words[1]));
        } catch (RuntimeException e) {
            return e.getClass().getSimpleName();
        }
    }
}
