package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RespProbeTest {

    private static final int TEXT = 60_000;
    private static final int TEXTS = 1_000;

    private static ServerSocket server() throws IOException {
        return new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    }

    private static RespProbe probe(ServerSocket server) throws IOException {
        return RespProbe.connect(
                ServerAddress.parse("redis://127.0.0.1:" + server.getLocalPort()),
                null,
                Deadline.after(Duration.ofSeconds(20)));
    }

    @Test
    void call_manyLongTexts_endsAtTheLimitOfAll() throws Exception {
        try (ServerSocket server = server();
                RespProbe probe = probe(server);
                Socket client = server.accept()) {
            Thread sender = new Thread(() -> send(client));
            sender.setDaemon(true); // ends when its socket is closed
            sender.start();

            assertThatThrownBy(() -> probe.call("PING"))
                    .isInstanceOf(RespProbe.OtherProtocolException.class)
                    .hasMessage("too long");
        }
    }

    private static void send(Socket client) {
        try {
            client.getOutputStream().write(("*" + TEXTS + "\r\n").getBytes(UTF_8));
            for (int i = 0; i < TEXTS; i++) {
                client.getOutputStream().write(("$" + TEXT + "\r\n" + "x".repeat(TEXT) + "\r\n").getBytes(UTF_8));
            }
        } catch (SocketException e) {
            // the probe has gone, as it should
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** As the nodes of a large cluster. */
    @Test
    void callForAll_longReply_isRead() throws Exception {
        try (ServerSocket server = server();
                RespProbe probe = probe(server);
                Socket client = server.accept()) {
            String nodes = "x".repeat(2 * TEXT);
            for (int i = 0; i < 2; i++) {
                client.getOutputStream().write(("$" + nodes.length() + "\r\n" + nodes + "\r\n").getBytes(UTF_8));

                assertThat(probe.callForAll("CLUSTER", "NODES")).isEqualTo(nodes);
            }
            client.getOutputStream().write("+PONG\r\n".getBytes(UTF_8));
            assertThat(probe.call("PING")).isEqualTo("+PONG");
        }
    }
}
