package io.iftb.cache.benchmarks.contender;

/**
 * The server that contenders talk to.
 *
 * @param tcp its address {@code redis://127.0.0.1:PORT}
 * @param port its TCP port on 127.0.0.1
 * @param socket its address {@code redis+uds:///path}
 */
public record ServerAddress(String tcp, int port, String socket) {}
