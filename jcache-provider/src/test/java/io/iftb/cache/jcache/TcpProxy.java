package io.iftb.cache.jcache;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** A TCP proxy before a real server, of which subclasses decide what passes on each connection. */
abstract class TcpProxy implements AutoCloseable {

    private static final int MOST_TRIES = 500;

    private final int target;
    private final int port;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile ServerSocket listening;
    private volatile boolean closed;
    private volatile boolean refusing;

    TcpProxy(int target) throws IOException {
        this.target = target;
        this.listening = listen(0);
        this.port = listening.getLocalPort();
        start(this::accept);
    }

    /** What passes on one connection. */
    interface Link {

        /** How many of the bytes pass to the server; the connection closes after a part, and not if none does. */
        int request(byte[] bytes, int length, OutputStream out) throws IOException;

        /** How many of the bytes pass to the client, likewise. */
        int reply(byte[] bytes, int length, OutputStream out) throws IOException;
    }

    /** What is to pass on a new connection. */
    abstract Link link(Socket client);

    private static ServerSocket listen(int port) throws IOException {
        ServerSocket socket = new ServerSocket();
        socket.setReuseAddress(true);
        socket.bind(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port), 200);
        return socket;
    }

    String uri() {
        return "redis://127.0.0.1:" + port;
    }

    /** How many connections of clients are open. */
    int connections() {
        return (int)
                open.stream().filter(socket -> socket.getLocalPort() == port).count();
    }

    /** Closes all connections that are open now. */
    void cutAll() {
        open.forEach(TcpProxy::close);
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
        for (int tries = 0; ; tries++) {
            try {
                listening = listen(port);
                return;
            } catch (BindException e) { // a client elsewhere on this machine has the port for a moment
                if (tries == MOST_TRIES) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(10));
            }
        }
    }

    private void accept() {
        while (!closed) {
            try {
                connect(listening.accept());
            } catch (IOException e) {
                Thread.onSpinWait(); // refused for a time
            }
        }
    }

    /** Closes the connection of a client if there is no server, as a server that is down does. */
    private void connect(Socket client) throws IOException {
        try {
            Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), target);
            client.setTcpNoDelay(true);
            server.setTcpNoDelay(true);
            open(client, server);
        } catch (IOException e) {
            client.close();
            throw e;
        }
    }

    private void open(Socket client, Socket server) {
        open.add(client);
        open.add(server);
        if (refusing || closed) { // accept may return one more
            close(client);
            close(server);
        }
        Link link = link(client);
        start(() -> pump(client, server, link::request));
        start(() -> pump(server, client, link::reply));
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

    private static void start(Runnable task) {
        Thread thread = new Thread(task, "tcp-proxy");
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
        refuse();
    }

    /** Decides how much of what was read passes. */
    private interface Passage {
        int passes(byte[] bytes, int length, OutputStream out) throws IOException;
    }
}
