package io.iftb.cache.embedded;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A plain RESP connection to the server, without a client library. */
public final class RespConnection implements AutoCloseable {

    private SocketChannel channel;
    private InputStream replies;

    private RespConnection(SocketAddress address) throws IOException {
        channel = SocketChannel.open(address);
        replies = Channels.newInputStream(channel);
    }

    public static RespConnection tcp(int port) throws IOException {
        return new RespConnection(loopback(port));
    }

    private static SocketAddress loopback(int port) throws IOException {
        return new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), port);
    }

    public static RespConnection unix(Path socket) throws IOException {
        return new RespConnection(UnixDomainSocketAddress.of(socket));
    }

    /** The reply: the text of a bulk string, or the whole line of anything else ({@code +PONG}, {@code $-1}). */
    public String call(String... command) throws IOException {
        send(command);
        String reply = next();
        if (!reply.startsWith("-MOVED ")) {
            return reply;
        }
        close(); // of a cluster, another node has the key
        int port = Integer.parseInt(reply.substring(reply.lastIndexOf(':') + 1));
        channel = SocketChannel.open(loopback(port));
        replies = Channels.newInputStream(channel);
        send(command);
        return next();
    }

    /** The elements of an array of strings and numbers. */
    public List<String> list(String... command) throws IOException {
        String head = call(command);
        if (!head.startsWith("*")) {
            throw new IOException("not an array: " + head);
        }
        List<String> elements = new ArrayList<>();
        for (int i = Integer.parseInt(head.substring(1)); i > 0; i--) {
            elements.add(next());
        }
        return elements;
    }

    /** A reply that is a number. */
    public long number(String... command) throws IOException {
        String reply = call(command);
        return Long.parseLong(reply.startsWith(":") ? reply.substring(1) : reply);
    }

    /** The next reply, or the next element of an array whose header {@link #call} returned. */
    public String next() throws IOException {
        String line = line();
        if (!line.startsWith("$") || line.equals("$-1")) {
            return line;
        }
        String bulk = new String(replies.readNBytes(Integer.parseInt(line.substring(1))), UTF_8);
        line();
        return bulk;
    }

    public void send(String... command) throws IOException {
        StringBuilder request = new StringBuilder("*" + command.length + "\r\n");
        for (String part : command) {
            request.append("$").append(part.getBytes(UTF_8).length).append("\r\n");
            request.append(part).append("\r\n");
        }
        channel.write(ByteBuffer.wrap(request.toString().getBytes(UTF_8)));
    }

    private String line() throws IOException {
        StringBuilder line = new StringBuilder();
        int c;
        while ((c = replies.read()) != '\n') {
            if (c < 0) {
                throw new IOException("connection closed by the server");
            }
            line.append((char) c);
        }
        return line.toString().strip();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
