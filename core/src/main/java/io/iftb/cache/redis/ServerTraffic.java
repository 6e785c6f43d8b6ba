package io.iftb.cache.redis;

import java.net.SocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The traffic with each server. Of a standalone one, there is only one. Safe for use by several threads. */
final class ServerTraffic {

    private final boolean isOne;
    private final Traffic one = new Traffic();
    private final Map<SocketAddress, Traffic> byAddress = new ConcurrentHashMap<>();

    ServerTraffic(ServerMode mode) {
        this.isOne = mode == ServerMode.STANDALONE;
    }

    /** The traffic with the server at an address. */
    Traffic of(SocketAddress server) {
        return isOne ? one : byAddress.computeIfAbsent(server, address -> new Traffic());
    }

    private Iterable<Traffic> all() {
        return isOne ? List.of(one) : byAddress.values();
    }

    /** How many channels are open. */
    int openChannels() {
        int open = 0;
        for (Traffic each : all()) {
            open += each.openChannels();
        }
        return open;
    }

    /** Closes idle channels that have received nothing since then. */
    void dropSilentSince(long nanos) {
        all().forEach(each -> each.dropSilentSince(nanos));
    }

    /** Waits until all channels are closed, at most for that time. */
    void awaitClosed(long nanos) {
        long until = System.nanoTime() + nanos;
        all().forEach(each -> each.awaitClosed(until - System.nanoTime()));
    }
}
