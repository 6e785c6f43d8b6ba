package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A TCP proxy in front of a real server that drops or delays traffic, or closes connections, as a test requires. */
public final class FaultProxy implements AutoCloseable {

    /** What happens to the traffic. */
    public enum Fault {
        /** all passes */
        NONE,
        /** requests pass, replies are held until another fault is set */
        HOLD_REPLIES,
        /** on the connection that hears changes, replies and messages are held until another fault is set */
        HOLD_CHANGES,
        /** requests pass, replies are held until they contain two messages; the end of the second comes later */
        SPLIT_MESSAGES,
        /** requests pass, replies are dropped */
        LOSE_REPLIES,
        /** neither requests nor replies pass, and no connection is closed */
        BLACK_HOLE,
        /** neither requests nor replies pass on connections that are opened now, also later; those from before go on */
        SILENT_NEW,
        /** the connection closes when a reply arrives: the request was carried out */
        CUT_REPLIES,
        /** the connection closes when a request arrives: it was not carried out */
        CUT_REQUESTS
    }

    private static final int LATE_BYTES = 3;

    private final ServerSocket listening;
    private final int target;
    private final Set<Closeable> open = ConcurrentHashMap.newKeySet();
    private final Set<Socket> hearing = ConcurrentHashMap.newKeySet();
    private final AtomicInteger connections = new AtomicInteger();
    private final AtomicInteger passing = new AtomicInteger();
    private volatile Fault fault = Fault.NONE;
    private volatile Fault later = Fault.NONE;
    private volatile boolean once;
    private volatile boolean closed;

    public FaultProxy(int target) {
        this.target = target;
        try {
            this.listening = new ServerSocket(0, 200, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        start(this::accept);
    }

    public String uri() {
        return "redis://127.0.0.1:" + listening.getLocalPort();
    }

    public void set(Fault next) {
        fault = next;
    }

    /** Sets a fault once some more reads of requests, or of replies if it concerns replies, have passed. */
    public void after(int reads, Fault next) {
        once = false;
        passing.set(reads);
        later = next;
    }

    /** As {@link #after}, but what follows passes again. */
    public void onceAfter(int reads, Fault next) {
        once = true;
        passing.set(reads);
        later = next;
    }

    /** Whether what {@link #after} or {@link #onceAfter} announced is still to come. */
    public boolean isPending() {
        return later != Fault.NONE;
    }

    /** The fault for what was read now. */
    private Fault next(boolean replies) {
        Fault next = later;
        if (next != Fault.NONE && replies == (next == Fault.CUT_REPLIES) && passing.getAndDecrement() == 0) {
            later = Fault.NONE;
            if (once) {
                return next;
            }
            fault = next;
        }
        return fault;
    }

    /** How many connections have been opened so far. */
    public int connections() {
        return connections.get();
    }

    /** Closes all connections that are open now. */
    public void cutAll() {
        open.forEach(FaultProxy::close);
    }

    private void accept() {
        while (!closed) {
            try {
                Socket client = listening.accept();
                connections.incrementAndGet();
                Socket server = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), target);
                client.setTcpNoDelay(true);
                server.setTcpNoDelay(true);
                open.add(client);
                open.add(server);
                if (closed) { // accept may return one more
                    cutAll();
                }
                if (fault == Fault.SILENT_NEW) {
                    continue;
                }
                start(() -> pump(client, server, false));
                start(() -> pump(server, client, true));
            } catch (IOException e) {
                if (!closed) {
                    LockSupport.parkNanos(1_000_000);
                }
            }
        }
    }

    private void pump(Socket from, Socket to, boolean replies) {
        byte[] buffer = new byte[64 * 1024];
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (!replies && new String(buffer, 0, read, US_ASCII).contains("iftb-cache-tracking")) {
                    hearing.add(to);
                }
                Fault now = next(replies);
                if ((replies && now == Fault.CUT_REPLIES) || (!replies && now == Fault.CUT_REQUESTS)) {
                    return;
                }
                while (!closed && isHeld(from, replies)) {
                    LockSupport.parkNanos(1_000_000);
                }
                if (replies && fault == Fault.SPLIT_MESSAGES) {
                    split(buffer, read, in, out);
                    continue;
                }
                boolean lost = now == Fault.BLACK_HOLE || (replies && now == Fault.LOSE_REPLIES);
                if (!lost) {
                    out.write(buffer, 0, read);
                    out.flush();
                }
            }
        } catch (IOException closedBySomebody) {
            // the other direction ends too
        } finally {
            open.remove(from);
            open.remove(to);
            hearing.remove(to);
        }
    }

    private boolean isHeld(Socket from, boolean replies) {
        return fault == Fault.BLACK_HOLE
                || (replies && fault == Fault.HOLD_REPLIES)
                || (fault == Fault.HOLD_CHANGES && hearing.contains(from));
    }

    private static void split(byte[] buffer, int read, InputStream in, OutputStream out) throws IOException {
        ByteArrayOutputStream held = new ByteArrayOutputStream();
        held.write(buffer, 0, read);
        while (held.toString(US_ASCII).split("message", -1).length <= 2) {
            int more = in.read(buffer);
            if (more < 0) {
                return;
            }
            held.write(buffer, 0, more);
        }
        byte[] all = held.toByteArray();
        out.write(all, 0, all.length - LATE_BYTES);
        out.flush();
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(100)); // the lateness itself
        out.write(all, all.length - LATE_BYTES, LATE_BYTES);
        out.flush();
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
        close(listening);
        cutAll();
    }
}
