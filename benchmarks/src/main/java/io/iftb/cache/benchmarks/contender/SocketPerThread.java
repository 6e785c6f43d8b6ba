package io.iftb.cache.benchmarks.contender;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** A bare socket for each thread. */
final class SocketPerThread implements AutoCloseable {

    private final Queue<RespSocket> opened = new ConcurrentLinkedQueue<>();
    private final ThreadLocal<RespSocket> sockets;

    SocketPerThread(int port) {
        sockets = ThreadLocal.withInitial(() -> {
            RespSocket socket = new RespSocket(port);
            opened.add(socket);
            return socket;
        });
    }

    RespSocket get() {
        return sockets.get();
    }

    @Override
    public void close() {
        opened.forEach(RespSocket::close);
    }
}
