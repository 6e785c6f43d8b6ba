package io.iftb.cache.fetch;

import static org.awaitility.Awaitility.await;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;

/**
 * A source in this JVM. A request is a {@link System#nanoTime()}, which is that of the machine, and a weight. It counts when it was
 * sent: so a test that is delayed itself counts right.
 */
final class CountingExchange implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Grants arrived = new Grants();

    CountingExchange() throws IOException {
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    Grants arrived() {
        return arrived;
    }

    /** Waits until so much weight has arrived from now on. */
    void awaitMore(int weight) {
        int before = arrived.weight();
        await().atMost(Duration.ofSeconds(90)).until(() -> arrived.weight() - before >= weight);
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket client = listening.accept();
                start(() -> count(client));
            } catch (IOException e) {
                return; // closed
            }
        }
    }

    private void count(Socket client) {
        try (client;
                DataInputStream in = new DataInputStream(new BufferedInputStream(client.getInputStream()))) {
            while (true) {
                arrived.add(in.readLong(), in.readInt());
            }
        } catch (IOException e) {
            return; // the client was killed
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "counting-exchange");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
