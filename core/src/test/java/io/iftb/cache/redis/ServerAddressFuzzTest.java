package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** Addresses of servers, against a fuzzer. */
class ServerAddressFuzzTest {

    private static final int MOST_BYTES = 1 << 12;
    private static final int MEMORY_FOR_A_BYTE = 2 << 10;
    private static final String SECRET = "s3cr3t-Hb7";

    private static Stream<byte[]> seeds() {
        return Stream.of(
                        "redis://127.0.0.1:6379",
                        "rediss://bot:p%40ss@redis.example.com:6380/2",
                        "redis://:" + SECRET + "@[::1]:7000/0",
                        "valkey://bot@host",
                        "redis+uds:///run/redis.sock",
                        "redis+uds://bot:" + SECRET + "@/run/redis.sock",
                        "embedded",
                        "embedded:/var/lib/bot",
                        "redis://a:" + SECRET + "@host:99999/x?timeout=1#f",
                        "redis://a:%zz@host")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void parse_anyText_isRefusedWithoutSecretsOrAnAddress(byte[] bytes) {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> {
                String text = new String(bytes, UTF_8);
                requireRefusedOrAddress(text);
                if (!text.contains(SECRET)) { // else it may also be the name of a host
                    requireSilent("redis://bot:" + SECRET + "@" + text);
                    requireSilent("redis://bot:" + text + SECRET + "@host:0");
                }
            });
        }
    }

    private static void requireRefusedOrAddress(String text) {
        ServerAddress address;
        try {
            address = ServerAddress.parse(text);
        } catch (IllegalArgumentException e) {
            assertThat(e).hasMessageContaining("server address");
            return;
        }
        if (!address.isEmbedded()) {
            ServerAddress again = ServerAddress.parse(address.toString());
            assertThat(again.scheme()).isEqualTo(address.scheme());
            assertThat(again.host()).isEqualTo(address.host());
            assertThat(again.port()).isEqualTo(address.port());
        }
    }

    private static void requireSilent(String text) {
        try {
            assertThat(ServerAddress.parse(text).toString()).doesNotContain(SECRET);
        } catch (IllegalArgumentException e) {
            assertThat(e.getMessage()).doesNotContain(SECRET);
        }
    }
}
