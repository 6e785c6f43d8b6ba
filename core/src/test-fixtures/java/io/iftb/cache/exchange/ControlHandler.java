package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeoutException;

/** What programs of a test ask an exchange beside bars: its time, its counters, and that it answers wrongly. */
final class ControlHandler {

    /** How long a party waits for the others. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final ExchangeClock clock;
    private final Turns turns;
    private final KlineHandler klines;
    private final ExchangeStats stats;

    ControlHandler(ExchangeClock clock, Turns turns, KlineHandler klines, ExchangeStats stats) {
        this.clock = clock;
        this.turns = turns;
        this.klines = klines;
        this.stats = stats;
    }

    /** What a request of a test is answered with. */
    private interface Answer {

        String to(String method, Map<String, String> parameters) throws InterruptedException, TimeoutException;
    }

    void register(HttpServer server) {
        server.createContext("/time", http -> answer(http, this::time));
        server.createContext("/time/join", http -> answer(http, this::join));
        server.createContext("/time/next", http -> answer(http, this::next));
        server.createContext("/malice", http -> answer(http, this::malice));
        server.createContext("/stats", http -> answer(http, (method, parameters) -> stats.json()));
        server.createContext("/stats/bars", http -> answer(http, this::bars));
    }

    private static void answer(HttpExchange http, Answer answer) throws IOException {
        int status = 200;
        String body;
        try {
            Map<String, String> parameters =
                    KlineRequest.parameters(http.getRequestURI().getRawQuery());
            body = answer.to(http.getRequestMethod(), parameters);
        } catch (IllegalArgumentException e) {
            status = 400;
            body = String.valueOf(e.getMessage());
        } catch (TimeoutException e) {
            status = 504;
            body = String.valueOf(e.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            status = 503;
            body = "the exchange closes";
        }
        Answers.send(http, status, body.getBytes(UTF_8));
    }

    private String time(String method, Map<String, String> parameters) {
        if (method.equals("POST") && parameters.containsKey("set")) {
            clock.set(number(parameters, "set"));
        }
        if (method.equals("POST") && parameters.containsKey("advance")) {
            clock.advance(Duration.ofMillis(number(parameters, "advance")));
        }
        return time(clock.now());
    }

    private String join(String method, Map<String, String> parameters) {
        return time(turns.join((int) number(parameters, "party")));
    }

    private String next(String method, Map<String, String> parameters) throws InterruptedException, TimeoutException {
        return time(turns.next((int) number(parameters, "party"), number(parameters, "after"), PATIENCE));
    }

    private static String time(long now) {
        return "{\"serverTime\":" + now + "}";
    }

    private String malice(String method, Map<String, String> parameters) {
        klines.malice(Malice.valueOf(text(parameters, "next")));
        return "{}";
    }

    private String bars(String method, Map<String, String> parameters) {
        SeriesKey series = SeriesKey.of(text(parameters, "symbol"), text(parameters, "interval"));
        return ExchangeStats.json(stats.closedBars(series));
    }

    private static long number(Map<String, String> parameters, String name) {
        return Long.parseLong(text(parameters, name));
    }

    private static String text(Map<String, String> parameters, String name) {
        return Objects.requireNonNullElse(parameters.get(name), "");
    }
}
