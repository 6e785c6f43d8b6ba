package com.acme.bot;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;

/** A server on 127.0.0.1 that answers each request with a file: the status, headers, an empty line and the body. */
final class ReplayedAnswer implements AutoCloseable {

    private final HttpServer server;
    private final String answer;
    private final BlockingQueue<URI> requests = new LinkedBlockingQueue<>();

    ReplayedAnswer(String file) throws IOException {
        try (InputStream text = requireNonNull(ReplayedAnswer.class.getResourceAsStream(file), file)) {
            answer = new String(text.readAllBytes(), UTF_8);
        }
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", this::answer);
        server.start();
    }

    private void answer(HttpExchange http) throws IOException {
        requests.add(http.getRequestURI());
        int bodyStart = answer.indexOf("\n\n") + 2;
        String[] head = answer.substring(0, bodyStart - 2).split("\n", -1);
        for (int i = 1; i < head.length; i++) {
            int colon = head[i].indexOf(':');
            http.getResponseHeaders()
                    .add(
                            head[i].substring(0, colon),
                            head[i].substring(colon + 1).strip());
        }
        byte[] body = answer.substring(bodyStart).getBytes(UTF_8);
        http.sendResponseHeaders(Integer.parseInt(head[0]), body.length);
        http.getResponseBody().write(body);
        http.close();
    }

    URI uri() {
        return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
    }

    /** Path and query of the first request. */
    String request() {
        return String.valueOf(requests.peek());
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
