package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.api.BugDetectors;
import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.provider.MethodSource;

/** The answers of an unknown server to the probe that finds out what it is, against a fuzzer. */
class RespProbeFuzzTest {

    private static final int MOST_BYTES = 1 << 12;
    private static final int MEMORY_FOR_A_BYTE = 1 << 10;

    private @Nullable ServerSocket server;

    private static Stream<byte[]> seeds() {
        return Stream.of(
                        "+PONG|",
                        "-NOAUTH Authentication required.|",
                        ":12|",
                        "$4|role|",
                        "$-1|",
                        "*3|$6|master|:0|*0|",
                        "*2|*1|*1|*1|*1|*1|*1|*1|*1|*1|",
                        "$65536|",
                        "*2|$60000|" + "x".repeat(3_000),
                        "HTTP/1.1 400 Bad Request|",
                        "\u0015\u0003\u0001")
                .map(text -> text.replace("|", "\r\n").getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void call_anyAnswer_isAFailureOrAReply(byte[] bytes) throws IOException {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            BugDetectors.allowNetworkConnections();
            ServerSocket open = server();
            try (RespProbe probe = RespProbe.connect(
                    ServerAddress.parse("redis://127.0.0.1:" + open.getLocalPort()),
                    null,
                    Deadline.after(Duration.ofSeconds(5)))) {
                try (Socket client = open.accept()) {
                    client.getOutputStream().write(bytes);
                    client.shutdownOutput();
                    BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> requireFailureOrReply(probe));
                }
            }
        }
    }

    private ServerSocket server() throws IOException {
        ServerSocket open = server;
        if (open == null) {
            open = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
            server = open;
        }
        return open;
    }

    @AfterEach
    void close() throws IOException {
        if (server != null) {
            server.close();
            server = null;
        }
    }

    private static void requireFailureOrReply(RespProbe probe) {
        try {
            Object reply = probe.call("PING");
            assertThat(reply == null || !reply.toString().isEmpty() || reply.equals(""))
                    .isTrue();
        } catch (IOException e) {
            assertThat(e.getMessage()).isNotBlank();
        }
    }
}
