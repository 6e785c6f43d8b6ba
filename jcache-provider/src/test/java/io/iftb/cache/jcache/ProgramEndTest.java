package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.jcache.LeftOpen.End;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Programs that end without closing what they opened. */
class ProgramEndTest {

    @ParameterizedTest
    @EnumSource(
            value = LeftOpen.class,
            names = {"MANAGER", "MANAGER_WITH_A_WRITER", "CLIENTS", "EXIT"})
    void main_returnsWithWritesUnderWay_theJvmEndsAndTheyArrive(LeftOpen program) throws Exception {
        String namespace = "end-" + program;
        try (RawRedis raw = new RawRedis(TestServer.address())) {
            End end = program.inJvm(TestServer.address(), namespace);

            assertThat(end).as("the JVM has ended").isNotNull();
            assertThat(Objects.requireNonNull(end).status()).isEqualTo(program == LeftOpen.EXIT ? 7 : 0);
            assertThat(raw.keys(namespace + ":*")).hasSize(LeftOpen.WRITES);
        }
    }

    @Test
    void main_returnsWithAnEmbeddedServer_theServerEndsToo() throws Exception {
        End end = LeftOpen.EMBEDDED.inJvm(TestServer.address(), "end-embedded");

        assertThat(end).as("the JVM has ended").isNotNull();
        Path socket = Path.of(Objects.requireNonNull(end).output().strip());
        assertThat(socket.getFileName()).hasToString("redis.sock");
        assertThat(Files.exists(Objects.requireNonNull(socket.getParent()))).isFalse();
    }
}
