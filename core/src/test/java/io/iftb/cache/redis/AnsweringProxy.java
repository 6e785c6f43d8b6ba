package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A TCP proxy in front of a real server that answers some requests itself, and speaks to the connection that hears changes. */
final class AnsweringProxy implements AutoCloseable {

    private final int target;
    private final ServerSocket listening;
    private final Map<String, String> answers = new ConcurrentHashMap<>();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger answered = new AtomicInteger();
    private volatile @Nullable Socket hearing;
    private volatile boolean closed;

    AnsweringProxy(int target) throws IOException {
        this.target = target;
        this.listening = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        start(this::accept);
    }

    String uri() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    /** Requests that contain a mark do not pass, and get this answer; {@code |} is the end of a line. */
    void answer(String mark, String reply) {
        answers.put(wire(mark), wire(reply));
    }

    /** How many requests it has answered itself. */
    int answered() {
        return answered.get();
    }

    void pass(String mark) {
        answers.remove(wire(mark));
    }

    /** Sends bytes to the client on the connection that hears changes. */
    void inject(String text) throws IOException {
        Socket client = hearing;
        if (client != null) {
            client.getOutputStream().write(wire(text).getBytes(ISO_8859_1));
        }
    }

    private static String wire(String text) {
        return text.replace("|", "\r\n");
    }

    private void accept() {
        try {
            while (true) {
                connect(listening.accept());
            }
        } catch (IOException end) {
            // the end of the test
        }
    }

    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), target);
            open.add(client);
            open.add(server);
            if (closed) { // accept may return one more
                close();
            }
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            start(() -> pump(client, server, true));
            start(() -> pump(server, client, false));
        } catch (IOException gone) { // the server or this client; others are served
            client.close();
        }
    }

    private void pump(Socket from, Socket to, boolean requests) {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to) {
            for (int read = from.getInputStream().read(buffer);
                    read >= 0;
                    read = from.getInputStream().read(buffer)) {
                String text = new String(buffer, 0, read, ISO_8859_1);
                if (requests && text.contains("iftb-cache-tracking")) {
                    hearing = from;
                }
                String answer = requests ? answerOf(text) : null;
                if (answer == null) {
                    to.getOutputStream().write(buffer, 0, read);
                } else {
                    answered.incrementAndGet();
                    from.getOutputStream().write(answer.getBytes(ISO_8859_1));
                }
            }
        } catch (IOException closedBySomebody) {
            // the other direction ends too
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private @Nullable String answerOf(String request) {
        return answers.entrySet().stream()
                .filter(each -> request.contains(each.getKey()))
                .map(Map.Entry::getValue)
                .findFirst()
                .orElse(null);
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "answering-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        closed = true;
        try {
            listening.close();
            for (Socket each : open) {
                each.close();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
