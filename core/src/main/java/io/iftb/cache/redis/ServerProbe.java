package io.iftb.cache.redis;

import java.io.EOFException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Checks the server at an address by {@code HELLO} before the client library connects, so that each state of a server gives
 * a clear message. Every user may call {@code HELLO}.
 */
final class ServerProbe {

    private static final long PAUSE_MILLIS = 50;

    /** The part of the time that is kept to find out whether a server that is silent to TLS speaks plain text. */
    private static final int PART_FOR_PLAIN = 4;

    private final ServerAddress address;
    private final Login login;
    private final @Nullable Tls tls;
    private final Deadline deadline;
    private final ServerMode mode;

    /**
     * @param tls how to encrypt; null for plain text
     * @param deadline the end of the connect timeout
     * @param mode how the servers work together that the program was told of
     */
    ServerProbe(ServerAddress address, Login login, @Nullable Tls tls, Deadline deadline, ServerMode mode) {
        this.address = address;
        this.mode = mode;
        this.login = login;
        this.tls = tls == null ? null : tls.unasked();
        this.deadline = deadline;
    }

    /** A conversation with the server. */
    interface Talk<T> {

        T with(RespProbe probe) throws IOException;
    }

    /**
     * Fails unless the server is a primary, or a node of a cluster if that is what the program was told of. Waits while it
     * loads its data.
     *
     * @throws RedisServerException if it is not, or refuses the login; the message describes what was found
     */
    void requirePrimary() {
        talk(probe -> {
            Object hello = hello(probe);
            if (!(hello instanceof List<?> properties)) {
                throw refused(String.valueOf(hello));
            }
            requireMode(properties, probe);
            if (mode != ServerMode.CLUSTER) {
                requirePrimary(properties);
            }
            requireReady(probe);
            return true;
        });
    }

    <T> T talk(Talk<T> talk) {
        try (RespProbe probe = connect()) {
            return talk.with(probe);
        } catch (RespProbe.OtherProtocolException e) {
            throw e.getMessage() != null && e.getMessage().equals("TLS")
                    ? fault(TlsFault.TLS_SERVER, null)
                    : unavailable(
                            "does not answer like Redis: another kind of server listens there; check its address", e);
        } catch (SocketTimeoutException e) {
            throw unavailable(
                    "did not answer within " + deadline.budgetMillis()
                            + " ms: it hangs, or another kind of server listens there; check it, or raise"
                            + " iftb.cache.redis.connect-timeout",
                    e);
        } catch (EOFException | SocketException | SSLException e) {
            throw closedBy(e);
        } catch (IOException e) {
            if (Thread.currentThread().isInterrupted()) {
                throw new RedisServerException("interrupted while connecting to Redis at " + address, e);
            }
            throw noServer(e);
        }
    }

    /** Connects; of a server that says nothing to a TLS handshake, finds out whether it speaks plain text. */
    private RespProbe connect() throws IOException {
        if (tls == null) {
            return RespProbe.connect(address, null, deadline);
        }
        long left = deadline.remainingNanos();
        Deadline ofHandshake = Deadline.after(Duration.ofNanos(left - left / PART_FOR_PLAIN));
        try {
            return RespProbe.connect(address, tls, ofHandshake);
        } catch (SocketTimeoutException e) {
            if (answersPlain()) {
                throw fault(TlsFault.PLAIN_SERVER, e);
            }
            throw e;
        }
    }

    /** Sends no password. Takes a tenth more than the time allowed, if the handshake has used it up. */
    private boolean answersPlain() {
        long least = TimeUnit.MILLISECONDS.toNanos(deadline.budgetMillis()) / 10;
        Deadline ofPlain = Deadline.after(Duration.ofNanos(Math.max(least, deadline.remainingNanos())));
        try (RespProbe plain = RespProbe.connect(address, null, ofPlain)) {
            return plain.call("PING") instanceof String said && (said.startsWith("+") || said.startsWith("-"));
        } catch (IOException e) {
            return false;
        }
    }

    private boolean speaksTls() {
        if (address.isUnixSocket()) {
            return false;
        }
        Tls asking = new Tls(TlsFiles.NONE);
        try {
            RespProbe.connect(address, asking, deadline).close();
            return true;
        } catch (IOException e) {
            return TlsFault.in(e, asking)
                    .filter(fault -> fault != TlsFault.PLAIN_SERVER && fault != TlsFault.OTHER)
                    .isPresent();
        }
    }

    /** Says why a server accepted a connection and closed it, or did not accept it. */
    private RuntimeException closedBy(IOException e) {
        boolean isAbsentSocket = address.isUnixSocket() && e instanceof SocketException;
        if (isAbsentSocket || e instanceof ConnectException || e instanceof NoRouteToHostException) {
            return noServer(e);
        }
        if (tls != null && tls.isAskedForCertificate() && !(e instanceof SSLException)) {
            // it says why only to those who listen longer than it takes to be closed
            return fault(tls.hasCertificate() ? TlsFault.CERTIFICATE_REFUSED : TlsFault.CERTIFICATE_WANTED, e);
        }
        if (tls == null && speaksTls()) {
            return fault(TlsFault.TLS_SERVER, e);
        }
        return TlsFault.in(e, tls)
                .map(fault -> fault(fault, e))
                .orElseGet(() -> unavailable(
                        "closes every connection; check its log, and whether it speaks TLS (rediss://)", e));
    }

    @Nullable
    Object hello(RespProbe probe) throws IOException {
        String password = login.password();
        if (password == null) {
            return probe.call("HELLO", "2");
        }
        return probe.call("HELLO", "2", "AUTH", login.user() == null ? "default" : login.user(), password);
    }

    private void requireMode(List<?> hello, RespProbe probe) throws IOException {
        String place = address.host() + ":" + address.port();
        String tlsMark = address.isTls() ? "s" : "";
        String found = property(hello, "mode");
        if (found.equals("sentinel")) {
            String names = SentinelProbe.watched(probe);
            throw refusal("is a sentinel" + (names.isEmpty() ? "" : " of " + names) + "; write redis" + tlsMark
                    + "-sentinel://" + place + "/name, with the name of the primary");
        }
        if (found.equals("cluster") && mode != ServerMode.CLUSTER) {
            throw refusal("is a node of a Redis Cluster; write redis" + tlsMark + "-cluster://" + place);
        }
        if (mode == ServerMode.CLUSTER && !found.equals("cluster")) {
            throw refusal("is no node of a Redis Cluster; write " + address);
        }
    }

    /** Fails unless the reply to HELLO is that of a primary. */
    void requirePrimary(List<?> hello) {
        if (!property(hello, "role").equals("master")) {
            throw refusal(ServerError.READONLY, "");
        }
    }

    /** A property in the reply to HELLO; empty if it has none. */
    static String property(List<?> hello, String name) {
        int at = hello.indexOf(name);
        return at >= 0 && at + 1 < hello.size() ? String.valueOf(hello.get(at + 1)) : "";
    }

    /** Waits while the server loads. Ignores NOPERM: the user may not be allowed to PING. */
    private void requireReady(RespProbe probe) throws IOException {
        String said = String.valueOf(probe.call("PING"));
        while (said.startsWith("-LOADING")) {
            if (deadline.remainingNanos() < 2 * PAUSE_MILLIS * 1_000_000) {
                throw refusal(ServerError.LOADING, said);
            }
            pause();
            said = String.valueOf(probe.call("PING"));
        }
        Optional<ServerError> error = said.startsWith("-") ? ServerError.in(said) : Optional.empty();
        if (error.isPresent() && error.get() != ServerError.NOPERM) {
            throw refusal(error.get(), said);
        }
    }

    private void pause() {
        try {
            Thread.sleep(PAUSE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new RedisServerException("interrupted while connecting to Redis at " + address, e);
        }
    }

    /** The error that HELLO got. Omits the server's message, since one that does not know HELLO repeats its arguments. */
    RuntimeException refused(String said) {
        String upper = said.toUpperCase(Locale.ROOT);
        if (upper.contains("WITHOUT ANY PASSWORD") || upper.contains("NO PASSWORD IS SET")) {
            return refusal(ServerError.WRONGPASS, said);
        }
        if (upper.startsWith("-ERR UNKNOWN COMMAND")) {
            return refusal("refused the connection: it does not know HELLO; use Redis 6.2 or later");
        }
        if (upper.contains("MAX NUMBER OF CLIENTS")) {
            return new RedisUnavailableException(
                    "Redis at " + address + " has reached its limit of connections; raise maxclients, or close some",
                    null);
        }
        return ServerError.in(said)
                .map(error -> refusal(error, said))
                .orElseGet(() -> refusal("refused the connection; check the server and its address"));
    }

    private RuntimeException refusal(ServerError error, String said) {
        String sentence = error.sentence(address.toString(), said);
        return error.isOutage() ? new RedisUnavailableException(sentence, null) : new RedisServerException(sentence);
    }

    RuntimeException refusal(String what) {
        return new RedisServerException("Redis at " + address + " " + what);
    }

    private RuntimeException unavailable(String what, @Nullable Throwable cause) {
        return new RedisUnavailableException("the server at " + address + " " + what, cause);
    }

    private RuntimeException fault(TlsFault fault, @Nullable Throwable cause) {
        return new RedisUnavailableException(fault.in(mode).sentence(address.toString()), cause);
    }

    private RuntimeException noServer(IOException cause) {
        return new RedisUnavailableException(
                "no Redis server answers at " + address
                        + "; start one there, or set its address (iftb.cache.redis.uri)",
                cause);
    }
}
