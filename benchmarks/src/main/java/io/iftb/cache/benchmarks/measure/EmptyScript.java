package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.market.SeriesKey;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A script that only returns, with the keys and the arguments of the one that writes the open bar. */
final class EmptyScript implements AutoCloseable {

    private static final int CALLS = 100;
    private static final int VALUE_BYTES = 48;

    private final BenchmarkServer server;
    private final RespSocket socket;
    private final Object[] command;

    /** @param port the port of a proxy in front of the server, so that calls are as far from each other as those of ours */
    EmptyScript(BenchmarkServer server, int port, SeriesKey series) {
        this.server = server;
        byte[] sha = (byte[]) server.call("SCRIPT", "LOAD", "return 1");
        List<Object> all = new ArrayList<>(List.of("EVALSHA", new String(sha, StandardCharsets.US_ASCII), 3));
        all.addAll(List.of(new StoredSeries(server, series).keysOfScripts()));
        all.add(Long.MAX_VALUE);
        all.add(new byte[VALUE_BYTES]);
        this.command = all.toArray();
        this.socket = new RespSocket(port);
    }

    /** The server's time for a call, in microseconds. */
    double micros() {
        server.call("CONFIG", "RESETSTAT");
        for (int i = 0; i < CALLS; i++) {
            requireNonNull(socket.call(command));
        }
        return CommandStats.of(server.info("commandstats")).micros(Map.of("EVALSHA", CALLS)) / CALLS;
    }

    @Override
    public void close() {
        socket.close();
    }
}
