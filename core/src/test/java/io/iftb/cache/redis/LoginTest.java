package io.iftb.cache.redis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.CapturedLog;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As whom the connections log in, and that a password in a file can be changed while the program runs. */
class LoginTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(5);
    private static final String OLD = "s3cr3t-old";
    private static final String NEW = "s3cr3t-new";
    private static final String ADMIN = "s3cr3t-admin";

    /** Lets nobody in without a login. */
    private final EmbeddedServer server =
            EmbeddedServer.builder().arguments("--requirepass", ADMIN).start();

    private RespConnection raw;

    @TempDir
    Path folder;

    @BeforeEach
    void addUser() throws IOException {
        raw = RespConnection.tcp(server.port());
        raw.call("AUTH", ADMIN);
        assertThat(raw.call("ACL", "SETUSER", "bot", "on", ">" + OLD, "~*", "&*", "+@all"))
                .isEqualTo("+OK");
    }

    @AfterEach
    void stop() throws IOException {
        raw.close();
        server.close();
    }

    // ---- a user without a password

    @Test
    void open_userInTheAddressAndPasswordApart_logsInAsThatUser() throws IOException {
        ConnectionSettings settings = settings("bot@", null, OLD);
        try (RedisConnection redis = RedisConnection.open(settings);
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            redis.await(redis.write(Reply.DONE, Command.SET, "a:k", "v"));
            heard.awaitHeard("a:k");

            assertThat(raw.call("CLIENT", "LIST").lines().filter(line -> line.contains("name=iftb-cache")))
                    .hasSizeGreaterThanOrEqualTo(3)
                    .allMatch(line -> line.contains("user=bot"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"s3cr3t@", "s3cr3t:@", "%733cr3t@"})
    void open_userWithoutAPassword_saysWhatToSet(String login) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisConnection.open(settings(login, null, null)))
                .withMessage(
                        "the login at %s has a user and no password; set iftb.cache.redis.password-file or"
                                + " iftb.cache.redis.password, or write user:password@ in the address; a password without a"
                                + " user is :password@ there",
                        server.uri())
                .withNoCause();
    }

    @Test
    void open_userOfTheSettingsWithoutAPassword_saysWhatToSet() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> RedisConnection.open(settings("", "bot", null)))
                .withMessageContaining("has a user and no password; set iftb.cache.redis.password-file");
    }

    // ---- a password that changes

    @Test
    void call_passwordChangedOnTheServerAndInTheFile_worksAgainWithinASecond() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), OLD + "\n");
        try (RedisConnection redis = RedisConnection.open(withFile(file));
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            redis.await(redis.write(Reply.DONE, Command.SET, "a:1", "v"));

            raw.call("ACL", "SETUSER", "bot", "resetpass", ">" + NEW);
            redis.await(redis.write(Reply.DONE, Command.SET, "a:2", "v")); // connections that stand stay
            Files.writeString(file, NEW + "\n");
            killAll();

            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> redis.await(redis.write(Reply.DONE, Command.SET, "a:3", "v")));
            heard.awaitTracked();
            redis.await(redis.write(Reply.DONE, Command.SET, "a:4", "v"));
            heard.awaitHeard("a:4");
        }
    }

    @Test
    void call_passwordChangedBeforeTheFile_worksOnceTheFileHasIt() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), OLD);
        try (RedisConnection redis = RedisConnection.open(withFile(file));
                HeardChanges heard = new HeardChanges(redis.tracking(), "a:").awaitTracked()) {
            raw.call("ACL", "SETUSER", "bot", "resetpass", ">" + NEW);
            killAll();
            heard.awaitUntracked();
            await().until(() -> redis.tracking().status().reason().contains("refused the login"));
            await().untilAsserted(() -> assertThatThrownBy(() -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")))
                    .hasMessage("Redis at " + server.uri() + " refused the login; check the user and the password"));

            Files.writeString(file, NEW);

            await().ignoreExceptions()
                    .atMost(Duration.ofSeconds(1))
                    .until(() -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")) == null);
            await().atMost(Duration.ofSeconds(6)).until(heard.registration()::isTracked);
        }
    }

    @Test
    void call_fileIsGone_goesOnWithThePasswordThatWasRead() throws Exception {
        Path file = Files.writeString(folder.resolve("password"), OLD);
        try (CapturedLog log = new CapturedLog();
                RedisConnection redis = RedisConnection.open(withFile(file))) {
            Files.delete(file);
            for (int i = 0; i < 2; i++) {
                killAll();
                await().ignoreExceptions()
                        .atMost(Duration.ofSeconds(1))
                        .until(() -> redis.await(redis.read(Reply.TEXT, Command.GET, "k")) == null);
            }

            assertThat(log.lines("WARN"))
                    .singleElement()
                    .asString()
                    .contains("The file of iftb.cache.redis.password-file cannot be read again");
            assertThat(log.text()).doesNotContain("s3cr3t");
        }
    }

    private void killAll() throws IOException {
        raw.call("CLIENT", "KILL", "USER", "bot");
    }

    private ConnectionSettings settings(String login, @Nullable String user, @Nullable String password) {
        return new ConnectionSettings(
                "redis://" + login + "127.0.0.1:" + server.port(), user, password, null, TIMEOUT, TIMEOUT);
    }

    private ConnectionSettings withFile(Path file) {
        return new ConnectionSettings(server.uri(), "bot", OLD, null, TIMEOUT, TIMEOUT).withPasswordFile(file);
    }
}
