package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.cli.CliRunner.Run;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command line reads its settings from the same places as the caches. */
class ServerOptionsTest {

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @Test
    void run_fileOfABot_isReadWithoutItsClasses() throws IOException {
        write("""
                iftb.cache:
                  redis.uri: redis://127.0.0.1:1
                  caches:
                    orders: {key-type: String, value-type: com.acme.Order, namespace: shared}
                """);
        CliRunner.raw("SET shared:orders:1 x");

        Run behindTheEnvironment = cli.run("clear", "--cache", "orders");
        assertThat(behindTheEnvironment.err()).contains("this would remove cache orders with 1 entry");

        Run alone = cli.with("IFTB_CACHE_REDIS_URI", "").run("health");
        assertThat(alone.status()).isEqualTo(1);
        assertThat(alone.err()).contains("127.0.0.1:1");
    }

    @Test
    void run_wrongSettingInAFile_isOneSentenceAndStatus2() throws IOException {
        write("iftb.cache.caches.ticker.expiry: soon\n");

        Run run = cli.run("health");

        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .startsWith("iftb-cache: Setting iftb.cache.caches.ticker.expiry in line 1 of file:")
                .hasLineCount(1);
    }

    @Test
    void run_systemProperty_goesBeforeTheEnvironmentAndBehindAnOption() {
        System.setProperty("iftb.cache.namespace", "of-the-system");
        try {
            CliRunner.raw("SET of-the-system:ticker:1 x");
            assertThat(cli.run("clear", "--cache", "ticker").err()).contains("1 entry");
            assertThat(cli.run("clear", "--cache", "ticker", "--namespace", "of-nobody")
                            .err())
                    .contains("0 entries");
        } finally {
            System.clearProperty("iftb.cache.namespace");
        }
    }

    private void write(String yaml) throws IOException {
        Path file = Files.writeString(folder.resolve("bot.yaml"), yaml);
        cli.with("IFTB_CACHE_CONFIG", file.toUri().toString());
    }
}
