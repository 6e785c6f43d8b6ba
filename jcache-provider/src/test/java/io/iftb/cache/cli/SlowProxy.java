package io.iftb.cache.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** A long way to a server: each request takes some milliseconds, and something may happen before it arrives. */
final class SlowProxy implements AutoCloseable {

    private final int target;
    private final long delayMillis;
    private final Consumer<String> before;
    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    SlowProxy(int target, long delayMillis) throws IOException {
        this(target, delayMillis, 0);
    }

    /** @param before takes the text of each request, or of a part of it, before that is passed on */
    SlowProxy(int target, Consumer<String> before) throws IOException {
        this(target, 0, 0, before);
    }

    /** @param port where it listens; 0 for any */
    SlowProxy(int target, long delayMillis, int port) throws IOException {
        this(target, delayMillis, port, request -> {});
    }

    private SlowProxy(int target, long delayMillis, int port, Consumer<String> before) throws IOException {
        this.target = target;
        this.delayMillis = delayMillis;
        this.before = before;
        this.listening = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    String uri() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "slow-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private void accept() {
        try {
            while (true) {
                connect(listening.accept());
            }
        } catch (IOException end) {
            // this is how it ends
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getLoopbackAddress(), target);
            open.add(client);
            open.add(server);
            if (closed) { // accept may return one more
                close();
            }
            start(() -> pass(client, server, delayMillis, before));
            start(() -> pass(server, client, 0, reply -> {}));
        } catch (IOException down) { // the server or this client; others are served
            client.close();
        }
    }

    private static void pass(Socket from, Socket to, long delayMillis, Consumer<String> before) {
        byte[] buffer = new byte[8_192];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int length = in.read(buffer); length > 0; length = in.read(buffer)) {
                before.accept(new String(buffer, 0, length, StandardCharsets.ISO_8859_1));
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(delayMillis));
                out.write(buffer, 0, length);
            }
        } catch (IOException closed) {
            // the other side too
        }
    }

    @Override
    public void close() throws IOException {
        closed = true;
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
