package io.iftb.cache.jcache;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** A proxy with a fault that concerns all connections, until another is set. */
final class RandomFaultProxy extends TcpProxy {

    /** What happens to the traffic. */
    enum Traffic {
        /** all passes */
        PASS,
        /** requests pass, replies are held back until it ends */
        HOLD_REPLIES,
        /** requests pass, replies are lost; nothing is closed */
        LOSE_REPLIES,
        /** nothing passes, and nothing is closed */
        BLACK_HOLE,
        /** all passes late */
        DELAY,
        /** replies come byte by byte */
        DRIP,
        /** each connection closes after some bytes of a reply */
        CUT_REPLIES,
        /** each connection closes after some bytes of a request */
        CUT_REQUESTS
    }

    private static final long DELAY_NANOS = 20_000_000;
    private static final long DRIP_NANOS = 50_000;

    private final AtomicInteger cutAfter = new AtomicInteger();
    private volatile Traffic traffic = Traffic.PASS;

    RandomFaultProxy(int target) throws IOException {
        super(target);
    }

    /** @param bytes after how many a connection is cut, where one is */
    void set(Traffic next, int bytes) {
        cutAfter.set(bytes);
        traffic = next;
    }

    @Override
    Link link(Socket client) {
        return new Link() {

            @Override
            public int request(byte[] bytes, int length, OutputStream out) {
                return switch (traffic) {
                    case PASS, HOLD_REPLIES, LOSE_REPLIES, DRIP, CUT_REPLIES -> length;
                    case DELAY -> late(length);
                    case BLACK_HOLE -> 0;
                    case CUT_REQUESTS -> part(length);
                };
            }

            @Override
            public int reply(byte[] bytes, int length, OutputStream out) throws IOException {
                while (traffic == Traffic.HOLD_REPLIES) {
                    LockSupport.parkNanos(1_000_000); // the fault itself
                }
                return switch (traffic) {
                    case PASS, HOLD_REPLIES, CUT_REQUESTS -> length;
                    case DELAY -> late(length);
                    case LOSE_REPLIES, BLACK_HOLE -> 0;
                    case DRIP -> drip(bytes, length, out);
                    case CUT_REPLIES -> part(length);
                };
            }
        };
    }

    private static int late(int length) {
        LockSupport.parkNanos(DELAY_NANOS); // the fault itself
        return length;
    }

    private static int drip(byte[] bytes, int length, OutputStream out) throws IOException {
        for (int i = 0; i < length; i++) {
            LockSupport.parkNanos(DRIP_NANOS); // the fault itself
            out.write(bytes, i, 1);
            out.flush();
        }
        return 0;
    }

    /** A part of what was read, after which the connection closes. */
    private int part(int length) {
        return Math.max(1, Math.min(length - 1, cutAfter.get()));
    }
}
