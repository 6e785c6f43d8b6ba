package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import io.iftb.cache.benchmarks.contender.Target;
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

/** Stands between clients and a server, on a TCP port and a Unix socket, and counts what goes over. */
final class Proxy implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Traffic traffic = new Traffic();
    private final InetSocketAddress server;
    private final Path folder;
    private final ServerSocketChannel tcp;
    private final ServerSocketChannel unix;
    private final Queue<SocketChannel> open = new ConcurrentLinkedQueue<>();
    private final Set<Long> threads = ConcurrentHashMap.newKeySet();

    /** @param target the server */
    Proxy(Target target) {
        try {
            InetAddress here = InetAddress.getByAddress(new byte[] {127, 0, 0, 1});
            server = new InetSocketAddress(here, target.port());
            folder = Files.createTempDirectory("iftb-proxy");
            tcp = ServerSocketChannel.open().bind(new InetSocketAddress(here, 0));
            unix = ServerSocketChannel.open(StandardProtocolFamily.UNIX)
                    .bind(UnixDomainSocketAddress.of(folder.resolve("socket")));
        } catch (IOException e) {
            throw new UncheckedIOException("no proxy in front of " + target, e);
        }
        start("tcp", () -> accept(tcp));
        start("unix", () -> accept(unix));
    }

    /** Where clients connect to. */
    Target target() {
        try {
            int port = ((InetSocketAddress) requireNonNull(tcp.getLocalAddress())).getPort();
            return new Target("redis://127.0.0.1:" + port, port, "redis+uds://" + folder.resolve("socket"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What goes over. */
    Traffic traffic() {
        return traffic;
    }

    /** The threads of the proxy, which are none of the clients'. */
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
            while (listening.isOpen()) {
                SocketChannel client = listening.accept();
                SocketChannel upstream = SocketChannel.open(server);
                upstream.setOption(StandardSocketOptions.TCP_NODELAY, true);
                if (listening == tcp) {
                    client.setOption(StandardSocketOptions.TCP_NODELAY, true);
                }
                open.add(client);
                open.add(upstream);
                start("requests", () -> requests(client, upstream));
                start("answers", () -> answers(upstream, client));
            }
        } catch (IOException closed) {
            // nobody connects any more
        }
    }

    private void requests(SocketChannel client, SocketChannel upstream) {
        CommandReader reader = new CommandReader(traffic::command);
        forward(client, upstream, piece -> {
            traffic.sent(piece.remaining());
            reader.read(piece);
        });
    }

    private void answers(SocketChannel upstream, SocketChannel client) {
        forward(upstream, client, piece -> traffic.answer(piece.remaining()));
    }

    private interface Watcher {
        void piece(ByteBuffer piece);
    }

    private static void forward(SocketChannel from, SocketChannel to, Watcher watcher) {
        ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
        try (from;
                to) {
            while (from.read(buffer) >= 0) {
                buffer.flip();
                watcher.piece(buffer);
                while (buffer.hasRemaining()) {
                    to.write(buffer);
                }
                buffer.clear();
            }
        } catch (IOException closed) {
            // one side ended it; so does the other
        }
    }

    @Override
    public void close() {
        try {
            tcp.close();
            unix.close();
            for (SocketChannel each : open) {
                each.close();
            }
            Files.deleteIfExists(folder.resolve("socket"));
            Files.deleteIfExists(folder);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
