package io.iftb.cache.jcache;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A proxy between a client and its server that counts round trips. While it counts, it delays the server's replies until the
 * client has been silent for a while. So everything that the client sends without a reply is one round trip, for any number
 * of commands and packets; what it sends after a reply is another. Commands for its connections do not count.
 */
final class CountingProxy implements AutoCloseable {

    /** A client that is silent for longer has no more to send, ms. */
    private static final int SILENCE = 20;

    private static final Set<String> NOT_COUNTED = Set.of("PING", "HELLO", "AUTH", "CLIENT", "SELECT", "INFO", "TIME");

    private final URI server;
    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Collection<Socket> sockets = new ConcurrentLinkedQueue<>();
    private final AtomicInteger roundTrips = new AtomicInteger();
    private volatile boolean counting;
    private volatile boolean closed;

    /** @param server {@code redis://host:port} */
    CountingProxy(String server) throws IOException {
        this.server = URI.create(server);
        start(this::accept);
    }

    /** The address for clients. */
    String address() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    /** The number of round trips of a call. Nothing else may use the server meanwhile. */
    int during(Runnable call) {
        roundTrips.set(0);
        counting = true;
        try {
            call.run();
        } finally {
            counting = false;
        }
        return roundTrips.get();
    }

    private void accept() throws IOException {
        while (true) {
            Socket client = listening.accept();
            try {
                Connection connection = new Connection(client);
                start(connection::forwardCommands);
                start(connection::forwardReplies);
            } catch (IOException gone) { // the server or this client; others are served
                client.close();
            }
        }
    }

    private static void start(Forwarding forwarding) {
        Thread thread = new Thread(() -> {
            try {
                forwarding.run();
            } catch (IOException e) {
                // a side has closed
            }
        });
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            listening.close();
            for (Socket socket : sockets) {
                socket.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The work of a thread until one side closes. */
    @FunctionalInterface
    private interface Forwarding {
        void run() throws IOException;
    }

    /** A client's connection. */
    private final class Connection {

        private final Socket client;
        private final Socket upstream;

        /** Whether the client waits for replies; guarded by this. */
        private boolean waiting;

        /** When it sent its last command, or {@link Long#MAX_VALUE} while more of them is here; guarded by this. */
        private long lastCommand;

        Connection(Socket client) throws IOException {
            this.client = client;
            this.upstream = new Socket(server.getHost(), server.getPort());
            client.setTcpNoDelay(true);
            upstream.setTcpNoDelay(true);
            sockets.add(client);
            sockets.add(upstream);
            if (closed) { // accept may return one more
                CountingProxy.this.close();
            }
        }

        void forwardCommands() throws IOException {
            InputStream in = new BufferedInputStream(client.getInputStream());
            while (true) {
                ByteArrayOutputStream command = new ByteArrayOutputStream();
                int parts = Integer.parseInt(line(in, command).substring(1));
                synchronized (this) {
                    lastCommand = Long.MAX_VALUE;
                }
                String name = "";
                for (int part = 0; part < parts; part++) {
                    int length = Integer.parseInt(line(in, command).substring(1));
                    byte[] bytes = in.readNBytes(length + 2);
                    command.writeBytes(bytes);
                    if (part == 0) {
                        name = new String(bytes, 0, length, StandardCharsets.US_ASCII).toUpperCase(Locale.ROOT);
                    }
                }
                counted(name, in.available() > 0);
                upstream.getOutputStream().write(command.toByteArray());
            }
        }

        private synchronized void counted(String command, boolean more) {
            lastCommand = more ? Long.MAX_VALUE : System.nanoTime();
            if (counting && !waiting && !NOT_COUNTED.contains(command)) {
                waiting = true;
                roundTrips.incrementAndGet();
            }
        }

        void forwardReplies() throws IOException {
            OutputStream out = client.getOutputStream();
            byte[] buffer = new byte[1 << 16];
            for (int read = upstream.getInputStream().read(buffer); read >= 0; ) {
                awaitSilence();
                out.write(buffer, 0, read);
                read = upstream.getInputStream().read(buffer);
            }
        }

        private synchronized void awaitSilence() throws IOException {
            try {
                long silent = silentMillis();
                while (waiting && (silent < SILENCE || client.getInputStream().available() > 0)) {
                    wait(Math.max(1, SILENCE - silent));
                    silent = silentMillis();
                }
                waiting = false;
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }

        private long silentMillis() {
            return lastCommand == Long.MAX_VALUE ? 0 : (System.nanoTime() - lastCommand) / 1_000_000;
        }

        private static String line(InputStream in, ByteArrayOutputStream copy) throws IOException {
            StringBuilder line = new StringBuilder();
            for (int next = in.read(); next != '\n'; next = in.read()) {
                if (next < 0) {
                    throw new EOFException();
                }
                copy.write(next);
                line.append((char) next);
            }
            copy.write('\n');
            return line.toString().trim();
        }
    }
}
