package io.iftb.cache.jcache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A TCP proxy before a real server that strikes one connection: that of a request of a namespace, counted from when it was
 * armed. Other connections pass all.
 */
final class RequestFaultProxy implements AutoCloseable {

    /** What happens to the connection of the struck request. */
    enum Strike {
        /** the reply, and all after it, never comes */
        LOSE_REPLY,
        /** the reply is held until the proxy is healed */
        HOLD_REPLY,
        /** half of the reply comes, then the connection closes */
        CUT_REPLY,
        /** the request, and all after it, is lost; nothing is closed */
        LOSE_REQUEST,
        /** the request is held until the proxy is healed */
        HOLD_REQUEST,
        /** half of the request passes, then the connection closes */
        CUT_REQUEST,
        /** the request does not pass, and has an answer that is not the server's */
        SAY
    }

    private final int target;
    private final int port;
    private final String mark;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listening;
    private volatile boolean closed;
    private volatile boolean refusing;
    private volatile @Nullable Armed armed;

    /** @param mark what requests that count contain */
    RequestFaultProxy(int target, String mark) throws IOException {
        this.target = target;
        this.mark = mark;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
        start(this::accept);
    }

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 200);
        return socket;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** Strikes the request of a number, from 0, from now on; null only counts. */
    Armed arm(int number, @Nullable Strike strike, String said) {
        Armed next = new Armed(number, strike, said);
        armed = next;
        return next;
    }

    /** Lets all pass that is held, and strikes no more. */
    void heal() {
        Armed last = armed;
        armed = null;
        if (last != null) {
            last.healed.countDown();
        }
    }

    /** Closes all connections that are open now. */
    void cutAll() {
        open.forEach(RequestFaultProxy::close);
    }

    /** Accepts no connection from now on. */
    void refuse() {
        refusing = true;
        close(listening);
        cutAll();
    }

    /** Accepts connections again. */
    void acceptAgain() throws IOException {
        refusing = false;
        listening = listen(port);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                new Connection(client, server).open();
            } catch (IOException e) {
                Thread.onSpinWait(); // refused for a time
            }
        }
    }

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "fault-proxy");
        thread.setDaemon(true);
        thread.start();
    }

    private static void close(Closeable socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        closed = true;
        heal();
        refuse();
    }

    /** A fault that waits for its request. */
    static final class Armed {

        private final int number;
        private final @Nullable Strike strike;
        private final String said;
        private final CountDownLatch caught = new CountDownLatch(1);
        private final CountDownLatch healed = new CountDownLatch(1);
        private final CountDownLatch passed = new CountDownLatch(1);
        private int seen;

        private Armed(int number, @Nullable Strike strike, String said) {
            this.number = number;
            this.strike = strike;
            this.said = said;
        }

        private synchronized boolean strikes() {
            return seen++ == number && strike != null;
        }

        /** How many requests there were since it was armed. */
        synchronized int seen() {
            return seen;
        }

        /** Waits until the fault has happened, or what is held is there. */
        boolean awaitCaught() throws InterruptedException {
            return caught.await(10, TimeUnit.SECONDS);
        }

        /** Waits until what was held has passed. */
        boolean awaitPassed() throws InterruptedException {
            return passed.await(10, TimeUnit.SECONDS);
        }

        private void awaitHealed() throws IOException {
            try {
                healed.await();
            } catch (InterruptedException e) {
                throw new IOException(e);
            }
        }
    }

    /** A client and the server. */
    private final class Connection {

        private final Socket client;
        private final Socket server;
        private volatile @Nullable Armed struck;

        Connection(Socket client, Socket server) {
            this.client = client;
            this.server = server;
        }

        void open() {
            open.add(client);
            open.add(server);
            if (refusing) { // it was accepted just before
                close(client);
                close(server);
            }
            start(() -> pump(client, server, this::request));
            start(() -> pump(server, client, this::reply));
        }

        private void pump(Socket from, Socket to, Passage passage) {
            byte[] buffer = new byte[64 * 1024];
            try (from;
                    to) {
                InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream();
                for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                    int passes = passage.passes(buffer, read, out);
                    out.write(buffer, 0, passes);
                    out.flush();
                    if (passes < read && passes > 0) {
                        return; // cut
                    }
                }
            } catch (IOException closedBySomebody) {
                // the other direction ends, too
            } finally {
                open.remove(from);
                open.remove(to);
            }
        }

        private int request(byte[] bytes, int length, OutputStream out) throws IOException {
            Armed now = armed;
            if (now != null
                    && struck == null
                    && new String(bytes, 0, length, ISO_8859_1).contains(mark)
                    && now.strikes()) {
                struck = now;
            }
            Armed mine = struck;
            if (mine == null || mine.strike == null) {
                return length;
            }
            return switch (mine.strike) {
                case LOSE_REQUEST -> {
                    mine.caught.countDown();
                    yield 0;
                }
                case HOLD_REQUEST -> {
                    mine.caught.countDown();
                    mine.awaitHealed();
                    struck = null;
                    out.write(bytes, 0, length);
                    out.flush();
                    mine.passed.countDown();
                    yield 0;
                }
                case CUT_REQUEST -> {
                    mine.caught.countDown();
                    yield length / 2;
                }
                case SAY -> {
                    struck = null;
                    client.getOutputStream().write((mine.said + "\r\n").getBytes(ISO_8859_1));
                    yield 0;
                }
                case LOSE_REPLY, HOLD_REPLY, CUT_REPLY -> length;
            };
        }

        private int reply(byte[] bytes, int length, OutputStream out) throws IOException {
            Armed mine = struck;
            if (mine == null) {
                return length;
            }
            mine.caught.countDown();
            Strike strike = mine.strike;
            return strike == null
                    ? length
                    : switch (strike) {
                        case LOSE_REPLY, LOSE_REQUEST -> 0;
                        case CUT_REPLY -> length / 2;
                        case HOLD_REPLY -> {
                            mine.awaitHealed();
                            struck = null;
                            yield length;
                        }
                        case HOLD_REQUEST, CUT_REQUEST, SAY -> length;
                    };
        }
    }

    /** Decides how much of what was read passes; none if it is lost, a part if the connection closes after it. */
    private interface Passage {
        int passes(byte[] bytes, int length, OutputStream out) throws IOException;
    }
}
