package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.Endpoint;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.StandardProtocolFamily;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Consumer;

/** A proxy between clients and a server, on a TCP port and a Unix socket, that counts the traffic. */
final class TrafficProxy implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final TrafficCounter traffic = new TrafficCounter();
    private final InetSocketAddress server;
    private final Path folder;
    private final ServerSocketChannel tcp;
    private final ServerSocketChannel unix;
    private final Queue<SocketChannel> open = new ConcurrentLinkedQueue<>();
    private final Set<Long> threads = ConcurrentHashMap.newKeySet();
    private volatile boolean closed;

    /** @param target the address of the server */
    TrafficProxy(Endpoint target) {
        try {
            InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            server = new InetSocketAddress(here, target.port());
            folder = Files.createTempDirectory("iftb-proxy");
            tcp = ServerSocketChannel.open().bind(new InetSocketAddress(here, 0));
            unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot open a proxy for " + target, e);
        }
        start("tcp", () -> accept(tcp));
        start("unix", () -> accept(unix));
    }

    /** The address for clients. */
    Endpoint address() {
        try {
            int port = ((InetSocketAddress) requireNonNull(tcp.getLocalAddress())).getPort();
            return new Endpoint("redis://127.0.0.1:" + port, port, "redis+uds://" + folder.resolve("socket"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The traffic. */
    TrafficCounter traffic() {
        return traffic;
    }

    /** The ids of the threads of the proxy. */
    Set<Long> threads() {
        return threads;
    }

    private void start(String name, Runnable work) {
        Thread thread = new Thread(work, "proxy-" + name);
        thread.setDaemon(true);
        threads.add(thread.getId());
        thread.start();
    }

    private void accept(ServerSocketChannel listening) {
        try {
            while (true) {
                connect(listening.accept(), listening == tcp);
            }
        } catch (IOException end) {
            // the proxy was closed
        }
    }

    private void connect(SocketChannel client, boolean isTcp) throws IOException {
        try {
            SocketChannel upstream = SocketChannel.open(server);
            open.add(client);
            open.add(upstream);
            if (closed) { // accept may return one more
                closeConnections();
            }
            upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
            if (isTcp) {
                client.setOption(StandardSocketOptions.TCP_NODELAY, true);
            }
            start("requests", () -> requests(client, upstream));
            start("answers", () -> answers(upstream, client));
        } catch (IOException gone) { // the server or this client; others are served
            client.close();
        }
    }

    private void closeConnections() throws IOException {
        for (SocketChannel each : open) {
            each.close();
        }
    }

    private void requests(SocketChannel client, SocketChannel upstream) {
        RespCommandReader reader = new RespCommandReader(traffic::command);
        forward(client, upstream, piece -> {
            traffic.sent(piece.remaining());
            reader.read(piece);
        });
    }

    private void answers(SocketChannel upstream, SocketChannel client) {
        forward(upstream, client, piece -> traffic.answer(piece.remaining()));
    }

    private static void forward(SocketChannel from, SocketChannel to, Consumer<ByteBuffer> listener) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                listener.accept(buffer);
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException end) {
            // one side closed the connection; the other is closed too
        }
    }

    @Override
    public void close() {
        closed = true;
        try {
            tcp.close();
            unix.close();
            closeConnections();
            Files.deleteIfExists(folder.resolve("socket"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
