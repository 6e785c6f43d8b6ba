package io.iftb.cache.benchmarks.contender;

/**
 * The addresses of a Redis server.
 *
 * @param tcp the URI {@code redis://127.0.0.1:PORT}
 * @param port the TCP port on 127.0.0.1
 * @param socket the URI {@code redis+uds:///path}
 */
public record Endpoint(String tcp, int port, String socket) {}
