package io.iftb.cache.benchmarks.contender;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A blocking RESP2 connection. Not thread-safe. */
public final class RespSocket implements AutoCloseable {

    private static final int BUFFER = 1 << 16;

    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** Connects to 127.0.0.1. */
    public RespSocket(int port) {
        try {
            socket = new Socket(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
            socket.setTcpNoDelay(true);
            in = new BufferedInputStream(socket.getInputStream(), BUFFER);
            out = new BufferedOutputStream(socket.getOutputStream(), BUFFER);
        } catch (IOException e) {
            throw new UncheckedIOException("Cannot connect to port " + port, e);
        }
    }

    /** Sends a command and waits for its answer: {@code byte[]}, {@code Long}, {@code String}, {@code List} or null. */
    public @Nullable Object call(Object... command) {
        send(command);
        return receive();
    }

    /** Buffers a command until the next {@link #receive}; arguments are {@code byte[]} or are converted to text. */
    public void send(Object... command) {
        try {
            head('*', command.length);
            for (Object argument : command) {
                byte[] bytes = argument instanceof byte[] raw
                        ? raw
                        : String.valueOf(argument).getBytes(StandardCharsets.UTF_8);
                head('$', bytes.length);
                out.write(bytes);
                end();
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Waits for an answer. */
    public @Nullable Object receive() {
        try {
            out.flush();
            return answer();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Object answer() throws IOException {
        int type = in.read();
        String line = line();
        switch (type) {
            case '$' -> {
                int length = Integer.parseInt(line);
                return length < 0 ? null : bytes(length);
            }
            case '*' -> {
                int length = Integer.parseInt(line);
                List<@Nullable Object> parts = new ArrayList<>();
                for (int i = 0; i < length; i++) {
                    parts.add(answer());
                }
                return parts;
            }
            case ':' -> {
                return Long.parseLong(line);
            }
            case '+' -> {
                return line;
            }
            case '-' -> throw new IllegalStateException("The server answered: " + line);
            default -> throw new EOFException("The server closed the connection.");
        }
    }

    private byte[] bytes(int length) throws IOException {
        byte[] bytes = in.readNBytes(length);
        if (bytes.length < length || in.read() != '\r' || in.read() != '\n') {
            throw new EOFException("The server closed the connection.");
        }
        return bytes;
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c != '\r' && c >= 0; c = in.read()) {
            line.append((char) c);
        }
        int unused = in.read();
        return line.toString();
    }

    private void head(char type, int number) throws IOException {
        out.write(type);
        out.write(Integer.toString(number).getBytes(StandardCharsets.US_ASCII));
        end();
    }

    private void end() throws IOException {
        out.write('\r');
        out.write('\n');
    }

    @Override
    public void close() {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
