package io.iftb.cache.jcache;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another program on the same server: a socket and the Redis protocol, without our code. */
final class RawRedis implements AutoCloseable {

    private final SocketChannel channel;
    private final InputStream in;

    /** @param address {@code redis://[user:password@]host:port} or {@code redis+uds:///path} */
    RawRedis(String address) {
        URI uri = URI.create(address);
        try {
            channel = SocketChannel.open(socketAddress(uri));
            in = new BufferedInputStream(Channels.newInputStream(channel));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (uri.getUserInfo() != null) {
            String[] login = uri.getUserInfo().split(":", 2);
            send("AUTH", login[0], login[1]);
        }
    }

    private static SocketAddress socketAddress(URI uri) {
        return "redis+uds".equals(uri.getScheme())
                ? UnixDomainSocketAddress.of(uri.getPath())
                : new InetSocketAddress(uri.getHost(), uri.getPort());
    }

    /** The keys that match a pattern. */
    List<String> keys(String pattern) {
        List<String> keys = new ArrayList<>();
        if (send("KEYS", pattern) instanceof List<?> found) {
            found.forEach(key -> keys.add(new String((byte[]) key, StandardCharsets.UTF_8)));
        }
        return keys;
    }

    /** The only key that matches a pattern. */
    String key(String pattern) {
        List<String> keys = keys(pattern);
        if (keys.size() != 1) {
            throw new AssertionError("one key should match " + pattern + ", there are " + keys);
        }
        return keys.get(0);
    }

    /** The reply to a command of strings and byte arrays: bytes, a number, a list or null. */
    @Nullable
    Object send(Object... command) {
        try {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            out.writeBytes(("*" + command.length + "\r\n").getBytes(StandardCharsets.UTF_8));
            for (Object part : command) {
                byte[] bytes =
                        part instanceof byte[] raw ? raw : String.valueOf(part).getBytes(StandardCharsets.UTF_8);
                out.writeBytes(("$" + bytes.length + "\r\n").getBytes(StandardCharsets.UTF_8));
                out.writeBytes(bytes);
                out.writeBytes("\r\n".getBytes(StandardCharsets.UTF_8));
            }
            ByteBuffer buffer = ByteBuffer.wrap(out.toByteArray());
            while (buffer.hasRemaining()) {
                channel.write(buffer);
            }
            return reply();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private @Nullable Object reply() throws IOException {
        String line = line();
        String rest = line.substring(1);
        return switch (line.charAt(0)) {
            case '+' -> rest.getBytes(StandardCharsets.UTF_8);
            case ':' -> Long.valueOf(rest);
            case '$' -> bulk(Integer.parseInt(rest));
            case '*' -> list(Integer.parseInt(rest));
            default -> throw new IllegalStateException(line);
        };
    }

    private byte @Nullable [] bulk(int length) throws IOException {
        if (length < 0) {
            return null;
        }
        byte[] bytes = in.readNBytes(length);
        in.readNBytes(2);
        return bytes;
    }

    private List<@Nullable Object> list(int size) throws IOException {
        List<@Nullable Object> list = new ArrayList<>();
        for (int i = 0; i < size; i++) {
            list.add(reply());
        }
        return list;
    }

    private String line() throws IOException {
        ByteArrayOutputStream line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\r'; next = in.read()) {
            if (next < 0) {
                throw new IOException("the server closed the connection");
            }
            line.write(next);
        }
        in.readNBytes(1);
        return line.toString(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
