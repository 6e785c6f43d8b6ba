package io.iftb.cache.benchmarks.near;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * A proxy in front of a server that names 7.4 as its version, and changes nothing else. Jedis keeps values only of a server
 * that names it, although what it uses of the server is older.
 */
final class NewerVersion implements AutoCloseable {

    private static final InetAddress HERE = InetAddress.getLoopbackAddress();

    private final ServerSocket listening = new ServerSocket(0, 50, HERE);
    private final Queue<Socket> open = new ConcurrentLinkedQueue<>();
    private final int target;

    NewerVersion(int target) throws IOException {
        this.target = target;
        start(this::accept);
    }

    int port() {
        return listening.getLocalPort();
    }

    private void accept() throws IOException {
        while (!listening.isClosed()) {
            Socket client = listening.accept();
            Socket server = new Socket(HERE, target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open.add(client);
            open.add(server);
            start(() -> pump(client, server));
            start(() -> pump(server, client));
        }
    }

    private static void pump(Socket from, Socket to) throws IOException {
        byte[] buffer = new byte[1 << 16];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                byte[] named = new String(buffer, 0, read, StandardCharsets.ISO_8859_1)
                        .replaceFirst("(\r\nversion\r\n\\$\\d+\r\n)[67]\\.[0-3]\\.", "$17.4.")
                        .getBytes(StandardCharsets.ISO_8859_1);
                out.write(named);
                out.flush();
            }
        }
    }

    private interface Task {
        void run() throws IOException;
    }

    private static void start(Task task) {
        Thread thread = new Thread(
                () -> {
                    try {
                        task.run();
                    } catch (IOException closed) {
                        // by either side
                    }
                },
                "newer-version");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
