package io.iftb.cache.settings;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import io.iftb.cache.BoundedDecoding;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import java.util.stream.Stream;
import org.junit.jupiter.params.provider.MethodSource;

/** The YAML file of settings, and the texts of its values, against a fuzzer. */
class SettingFileFuzzTest {

    private static final int MOST_BYTES = 1 << 13;
    private static final int MEMORY_FOR_A_BYTE = 16 << 10;
    private static final String SECRET = "s3cr3t-Hb7";

    private static Stream<byte[]> seeds() {
        return Stream.of(
                        "iftb.cache.redis.uri: redis://host:7000\n",
                        "iftb:\n  cache:\n    redis: {user: bot, password: " + SECRET + "}\n    namespace: bot\n",
                        "iftb.cache.trusted: [com.acme.*, com.acme.Order]\niftb.cache.operation-timeout: 250ms\n",
                        "iftb.cache.caches:\n  orders:\n    expiry: created 1h\n    near: on\n    near-size: 10mb\n",
                        "iftb.cache.on-unavailable: miss\niftb.cache.caches.*.expiry: accessed 5m\n",
                        "iftb: &a {cache: {redis: *a}}\n",
                        "a: &a [x, x]\nb: &b [*a, *a]\nc: [*b, *b]\n",
                        "? [a]\n: b\n",
                        "!!javax.script.ScriptEngineManager [x]",
                        "iftb.cache.redis.password: " + SECRET + ": *x\n")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void resolve_anyFile_isRefusedWithoutSecretsOrSettings(byte[] bytes) throws IOException {
        // what names a file reads that one
        if (bytes != null && bytes.length <= MOST_BYTES && !new String(bytes, UTF_8).contains("-file")) {
            Path path = Files.createTempFile("settings", ".yaml");
            try {
                Files.write(path, bytes);
                BoundedDecoding.check(bytes.length, MEMORY_FOR_A_BYTE, () -> requireRefusedOrSettings(path.toUri()));
            } finally {
                Files.delete(path);
            }
        }
    }

    private static void requireRefusedOrSettings(URI file) {
        try {
            CacheSettings settings =
                    new SettingSources(Properties::new, name -> null).resolve(new Properties(), "a test", file, null);
            assertThat(settings.toString()).doesNotContain(SECRET);
        } catch (SettingException | UnsupportedOperationException e) {
            assertThat(e.getMessage()).isNotBlank().doesNotContain(SECRET);
        }
    }
}
