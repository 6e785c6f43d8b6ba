package io.iftb.cache.exchange;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;

/** Writes answers of JSON. */
final class Answers {

    private Answers() {}

    static void send(HttpExchange http, int status, byte[] body) throws IOException {
        begin(http, status, body.length);
        http.getResponseBody().write(body);
        http.close();
    }

    static void begin(HttpExchange http, int status, int length) throws IOException {
        // what is left of a request would be taken for the next one
        http.getRequestBody().readAllBytes();
        http.getResponseHeaders().set("Content-Type", "application/json");
        http.sendResponseHeaders(status, length);
    }
}
