package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.provider.MethodSource;

/** Files of certificates and keys, against a fuzzer. */
class KeyFileFuzzTest {

    private static final int MOST_BYTES = 1 << 13;
    private static final int MEMORY_FOR_A_BYTE = 64 << 10; // providers of the JDK keep little, and make much

    @TempDir
    static Path folder;

    private static @Nullable Path certificates;

    private static Stream<byte[]> seeds() throws Exception {
        TestAuthority authority = new TestAuthority(folder, "ca");
        TestAuthority.Issued issued = authority.issue("client", "dns:localhost", "-1d");
        certificates = issued.certificate();
        String key = Files.readString(issued.key());
        return Stream.of(
                Files.readAllBytes(authority.certificateFile()),
                Files.readAllBytes(authority.trustStore()),
                Files.readAllBytes(issued.keyStore()),
                (Files.readString(issued.certificate()) + key).getBytes(US_ASCII),
                key.getBytes(US_ASCII),
                key.replace(" PRIVATE", " RSA PRIVATE").getBytes(US_ASCII),
                "-----BEGIN PRIVATE KEY-----\nx\n-----END PRIVATE KEY-----".getBytes(US_ASCII));
    }

    /** The bytes as certificates, as a key store, and as the key of a certificate. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void read_anyFile_isRefusedByNameOrRead(byte @Nullable [] bytes) throws IOException {
        if (bytes != null && bytes.length <= MOST_BYTES) {
            Path path = Files.createTempFile(folder, "key", ".pem");
            try {
                Files.write(path, bytes);
                BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> readAll(path));
            } finally {
                Files.delete(path);
            }
        }
    }

    private static void readAll(Path path) {
        KeyFile file = new KeyFile("key-file", path);
        requireRefusedOrRead(path, () -> file.trusted(null));
        requireRefusedOrRead(path, () -> file.keys(TestAuthority.SECRET));
        requireRefusedOrRead(path, () -> file.withKey(file));
        Path others = certificates;
        if (others != null) {
            requireRefusedOrRead(path, () -> new KeyFile("certificate-file", others).withKey(file));
        }
    }

    private static void requireRefusedOrRead(Path path, Runnable read) {
        try {
            read.run();
        } catch (IllegalArgumentException e) {
            assertThat(e)
                    .hasMessageContaining("iftb.cache.redis.tls.")
                    .hasMessageContaining(path.getFileName().toString());
        }
    }
}
