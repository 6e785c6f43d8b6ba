package io.iftb.cache.jcache;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A proxy that strikes one connection: that of a request of a namespace, counted from when it was
 * armed. Other connections pass all.
 */
final class RequestFaultProxy extends TcpProxy {

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

    private final String mark;
    private volatile @Nullable Armed armed;

    /** @param mark what requests that count contain */
    RequestFaultProxy(int target, String mark) throws IOException {
        super(target);
        this.mark = mark;
    }

    @Override
    Link link(Socket client) {
        return new Connection(client);
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

    @Override
    public void close() {
        heal();
        super.close();
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

    /** A connection of a client. */
    private final class Connection implements Link {

        private final Socket client;
        private volatile @Nullable Armed struck;

        Connection(Socket client) {
            this.client = client;
        }

        @Override
        public int request(byte[] bytes, int length, OutputStream out) throws IOException {
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

        @Override
        public int reply(byte[] bytes, int length, OutputStream out) throws IOException {
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
}
