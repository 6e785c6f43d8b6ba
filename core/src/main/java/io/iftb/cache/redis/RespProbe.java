package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/** A minimal RESP client for one short conversation with an unknown server, within one deadline. */
final class RespProbe implements AutoCloseable {

    /** Maximum size of a reply; a longer one is not from a Redis server. */
    private static final int MOST_BYTES = 64 * 1024;

    /** Maximum size of a reply about many servers. */
    private static final int MOST_BYTES_OF_ALL = 16 * 1024 * 1024;

    private static final int MOST_DEPTH = 8;

    /** The first byte of a TLS server's answer to plain text. */
    private static final int TLS_ALERT = 0x15;

    private final Deadline deadline;
    private final AutoCloseable connection;
    private final InputStream in;
    private final OutputStream out;
    private final @Nullable Socket socket;
    private int most;
    private int read;

    private RespProbe(
            Deadline deadline, AutoCloseable connection, InputStream in, OutputStream out, @Nullable Socket socket) {
        this.deadline = deadline;
        this.connection = connection;
        this.in = new BufferedInputStream(in);
        this.out = out;
        this.socket = socket;
    }

    /** Thrown if the answer is not RESP, so another kind of server is listening. */
    static final class OtherProtocolException extends IOException {

        private static final long serialVersionUID = 1L;

        OtherProtocolException(String message) {
            super(message);
        }
    }

    /**
     * Connects.
     *
     * @param tls how to encrypt; null for plain text
     * @throws IOException if the connection is not accepted in time
     */
    static RespProbe connect(ServerAddress address, @Nullable Tls tls, Deadline deadline) throws IOException {
        if (address.isUnixSocket()) {
            SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
            try {
                connect(channel, address.host());
                channel.configureBlocking(false);
                return new RespProbe(deadline, channel, new ChannelInput(channel, deadline), output(channel), null);
            } catch (IOException | RuntimeException e) {
                channel.close();
                throw e;
            }
        }
        Socket socket = new Socket();
        try {
            String host = address.host().replaceAll("^\\[|]$", "");
            socket.connect(new InetSocketAddress(host, address.port()), millisLeft(deadline));
            Socket spoken = tls == null ? socket : encrypted(tls, socket, host, address.port(), deadline);
            return new RespProbe(deadline, spoken, spoken.getInputStream(), spoken.getOutputStream(), spoken);
        } catch (IOException | RuntimeException e) {
            socket.close();
            throw e;
        }
    }

    /** A socket that is not there is reported as a network error of any kind. */
    private static void connect(SocketChannel channel, String path) throws IOException {
        try {
            channel.connect(UnixDomainSocketAddress.of(Path.of(path)));
        } catch (SocketException e) {
            ConnectException refused = new ConnectException(e.getMessage());
            refused.initCause(e);
            throw refused;
        }
    }

    private static Socket encrypted(Tls tls, Socket socket, String host, int port, Deadline deadline)
            throws IOException {
        SSLSocket encrypted = tls.over(socket, host, port);
        encrypted.setSoTimeout(millisLeft(deadline)); // what the JVM loads for its first TLS connection took a part
        encrypted.startHandshake();
        return encrypted;
    }

    private static int millisLeft(Deadline deadline) throws SocketTimeoutException {
        long millis = TimeUnit.NANOSECONDS.toMillis(deadline.remainingNanos());
        if (millis < 1) {
            throw new SocketTimeoutException("no time left");
        }
        return (int) Math.min(Integer.MAX_VALUE, millis);
    }

    /**
     * Sends a command and reads its reply.
     *
     * @return a {@code String} that begins with {@code -} for an error, {@code +} for a status; text, a {@code Long} or a
     *     list of these; null for nil
     * @throws OtherProtocolException if the answer is not RESP
     * @throws IOException if there is none in time
     */
    @Nullable
    Object call(String... command) throws IOException {
        return call(MOST_BYTES, command);
    }

    /** The same for a command that a server answers with all servers that it knows. */
    @Nullable
    Object callForAll(String... command) throws IOException {
        return call(MOST_BYTES_OF_ALL, command);
    }

    private @Nullable Object call(int limit, String... command) throws IOException {
        most = limit;
        read = 0;
        if (socket != null) {
            socket.setSoTimeout(millisLeft(deadline));
        }
        StringBuilder text = new StringBuilder("*" + command.length + "\r\n");
        for (String part : command) {
            text.append('$')
                    .append(part.getBytes(UTF_8).length)
                    .append("\r\n")
                    .append(part)
                    .append("\r\n");
        }
        out.write(text.toString().getBytes(UTF_8));
        out.flush();
        return reply(0);
    }

    private @Nullable Object reply(int depth) throws IOException {
        int type = next();
        if (type == '+' || type == '-') {
            return (char) type + line();
        } else if (type == ':') {
            return number();
        } else if (type == '$') {
            return bulk(number());
        } else if (type == '*') {
            return array(number(), depth);
        }
        throw new OtherProtocolException(type == TLS_ALERT ? "TLS" : "byte " + type);
    }

    private List<@Nullable Object> array(long size, int depth) throws IOException {
        if (size > most || depth > MOST_DEPTH) {
            throw new OtherProtocolException("an array of " + size);
        }
        List<@Nullable Object> parts = new ArrayList<>();
        for (long i = 0; i < size; i++) {
            parts.add(reply(depth + 1));
        }
        return parts;
    }

    private int next() throws IOException {
        int octet = in.read();
        if (octet < 0) {
            throw new EOFException("closed");
        }
        if (++read > most) {
            throw new OtherProtocolException("too long");
        }
        return octet;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int octet = next(); octet != '\r'; octet = next()) {
            line.append((char) octet);
        }
        next();
        return line.toString();
    }

    private long number() throws IOException {
        String digits = line();
        try {
            return Long.parseLong(digits);
        } catch (NumberFormatException e) {
            throw new OtherProtocolException("not a number");
        }
    }

    private @Nullable String bulk(long length) throws IOException {
        if (length < 0) {
            return null;
        }
        read += (int) Math.min(length, most);
        if (read > most) {
            throw new OtherProtocolException("too long");
        }
        byte[] bytes = in.readNBytes((int) length);
        next();
        next();
        return new String(bytes, UTF_8);
    }

    @Override
    public void close() {
        try {
            connection.close();
        } catch (Exception closedAnyway) {
            // the conversation is over
        }
    }

    private static OutputStream output(SocketChannel channel) {
        return new OutputStream() {
            @Override
            public void write(int octet) throws IOException {
                write(new byte[] {(byte) octet}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
                ByteBuffer buffer = ByteBuffer.wrap(bytes, from, length);
                while (buffer.hasRemaining()) {
                    channel.write(buffer);
                }
            }
        };
    }

    /** The input of a Unix socket with a timeout, which its channel does not support. */
    private static final class ChannelInput extends InputStream {

        private final SocketChannel channel;
        private final Deadline deadline;

        ChannelInput(SocketChannel channel, Deadline deadline) {
            this.channel = channel;
            this.deadline = deadline;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try (Selector selector = Selector.open()) {
                channel.register(selector, SelectionKey.OP_READ);
                int ready = selector.select(millisLeft(deadline));
                if (Thread.currentThread().isInterrupted()) {
                    throw new InterruptedIOException("interrupted");
                }
                if (ready == 0) {
                    throw new SocketTimeoutException("silent");
                }
            }
            return channel.read(ByteBuffer.wrap(bytes, from, length));
        }
    }
}
