package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Changes by commands that not every server knows; what a server answers to them is played by a proxy. */
@Tag("servers")
class IfEqualTest {

    private static final Script SCRIPT = Script.of("by_script.lua", "redis.call('SET', KEYS[1], ARGV[1])\nreturn 1");

    /** Requests as they travel. */
    private static final String SET_IFEQ = "$4|IFEQ|$8|expected|";

    private static final String DELIFEQ = "$7|DELIFEQ|";
    private static final String DELEX = "$5|DELEX|";

    private AnsweringProxy proxy;
    private RedisConnection redis;

    @BeforeEach
    void connect() throws IOException {
        TestServer.flush();
        proxy = new AnsweringProxy(TestServer.port());
        redis = RedisConnection.open(
                new ConnectionSettings(proxy.uri(), null, null, null, Duration.ofSeconds(5), Duration.ofSeconds(1)));
    }

    @AfterEach
    void disconnect() {
        redis.close();
        proxy.close();
    }

    private static IfEqual change(@Nullable String update) {
        return new IfEqual(
                "k",
                "expected".getBytes(UTF_8),
                update == null ? null : update.getBytes(UTF_8),
                List.of("PX", 60_000L),
                SCRIPT,
                () -> new Object[] {"by script"});
    }

    private boolean set() {
        return redis.await(redis.change(change("new")));
    }

    private boolean remove() {
        return redis.await(redis.change(change(null)));
    }

    private @Nullable String stored() {
        return redis.await(redis.read(Reply.TEXT, Command.GET, "k"));
    }

    @ParameterizedTest
    @CsvSource({"+OK|, true", "$-1|, false"})
    void change_serverKnowsSetIfEq_sendsThatAlone(String answer, boolean made) {
        proxy.answer(SET_IFEQ, answer);

        assertThat(set()).isEqualTo(made);
        assertThat(set()).isEqualTo(made);

        assertThat(proxy.answered()).isEqualTo(2);
        assertThat(stored()).isNull();
    }

    @ParameterizedTest
    @CsvSource({":1|, true", ":0|, false"})
    void change_removes_triesTheCommandsOfValkeyAndOfRedis(String answer, boolean made) {
        proxy.answer(DELIFEQ, "-ERR unknown command 'DELIFEQ', with args beginning with: 'k' 'expected' |");
        proxy.answer(DELEX, answer);
        assertThat(remove()).isEqualTo(made);
        assertThat(proxy.answered()).isEqualTo(2);

        assertThat(remove()).isEqualTo(made);

        assertThat(proxy.answered()).isEqualTo(3);
        assertThat(stored()).isNull();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-ERR syntax error|",
                "-ERR unknown command 'SET', with args beginning with: 'k' |",
                "-NOPERM this user has no permissions to run the 'set' command|"
            })
    void change_serverDoesNotKnowTheCommand_isMadeByTheScriptFromThenOn(String answer) {
        proxy.answer(SET_IFEQ, answer);
        proxy.answer(DELIFEQ, answer);
        proxy.answer(DELEX, answer);

        assertThat(set()).isTrue();
        assertThat(stored()).isEqualTo("by script");
        assertThat(remove()).isTrue();
        assertThat(proxy.answered()).isEqualTo(3);
        assertThat(set()).isTrue();
        assertThat(remove()).isTrue();

        assertThat(proxy.answered()).isEqualTo(3);
    }

    /** Longer than a try without an answer counts. */
    @Tag("thorough")
    @Test
    void change_serverDoesNotKnowTheCommand_isNotTriedAgainOnThatConnection() {
        proxy.answer(SET_IFEQ, "-ERR syntax error|");

        await().during(Duration.ofSeconds(6))
                .atMost(Duration.ofSeconds(20))
                .until(() -> set() && proxy.answered() == 1);
    }

    @Test
    void change_afterAReconnection_isTriedByTheCommandAgain() throws IOException {
        proxy.answer(SET_IFEQ, "-ERR syntax error|");
        assertThat(set()).isTrue();
        proxy.answer(SET_IFEQ, "$-1|");
        assertThat(set()).isTrue();

        try (var raw = TestServer.raw()) {
            raw.call("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
        }

        await().ignoreExceptions().until(() -> !set());
    }

    @Test
    void change_serverForgetsTheCommand_isMadeByTheScript() {
        proxy.answer(SET_IFEQ, "+OK|");
        assertThat(set()).isTrue();

        proxy.answer(SET_IFEQ, "-ERR syntax error|");

        assertThat(set()).isTrue();
        assertThat(stored()).isEqualTo("by script");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "-WRONGTYPE Operation against a key holding the wrong kind of value|",
                "-ERR Key should be of string type if conditions are specified|"
            })
    void change_keyOfAnotherType_isLeftToTheScriptOnce(String answer) {
        proxy.answer(SET_IFEQ, answer);
        assertThat(set()).isTrue();
        assertThat(stored()).isEqualTo("by script");

        proxy.answer(SET_IFEQ, "$-1|");

        assertThat(set()).isFalse();
    }

    @Test
    void change_anotherFailure_isThatOfTheChange() {
        proxy.answer(SET_IFEQ, "-OOM command not allowed when used memory > 'maxmemory'.|");

        assertThatThrownBy(this::set).isInstanceOf(RedisServerException.class).hasMessageContaining("is out of memory");

        assertThat(stored()).isNull();
    }

    @Test
    void change_noAnswer_isUnknownAndSentOnce() {
        proxy.answer(SET_IFEQ, "");

        assertThatThrownBy(this::set)
                .isInstanceOf(RedisOutcomeUnknownException.class)
                .hasMessageContaining("did not answer SET");

        assertThat(proxy.answered()).isEqualTo(1);
        assertThat(stored()).isNull();
    }

    @Test
    void change_serverDoesNotKnowTheCommandAndThenIsSilent_isUnknownByTheNameOfTheScript() {
        proxy.answer(SET_IFEQ, "-ERR syntax error|");
        proxy.answer("by script", "");

        assertThatThrownBy(this::set)
                .isInstanceOf(RedisOutcomeUnknownException.class)
                .hasMessageContaining("did not answer by_script.lua");
    }

    @Test
    void change_whileAnotherTriesTheCommand_isMadeByTheScript() {
        proxy.answer(SET_IFEQ, "");
        CompletableFuture<Boolean> trying = redis.change(change("new"));

        assertThat(set()).isTrue();

        assertThat(stored()).isEqualTo("by script");
        assertThatThrownBy(() -> redis.await(trying)).isInstanceOf(RedisOutcomeUnknownException.class);
    }

    /** On a real server, whether it knows the command or not. */
    @Test
    void change_batchOfAFreshConnection_onlyOneTriesTheCommand() throws IOException {
        List<String> keys = IntStream.range(0, 200).mapToObj(i -> "k" + i).toList();
        keys.forEach(key -> redis.await(redis.write(Reply.DONE, Command.SET, key, "expected")));
        try (var raw = TestServer.raw()) {
            raw.call("SCRIPT", "LOAD", SCRIPT.text());
        }
        Batch batch = redis.batch();

        Map<String, Long> commands = TestServer.commandsDuring(() -> {
            List<CompletableFuture<Boolean>> all = keys.stream()
                    .map(key -> batch.change(
                            new IfEqual(key, "expected".getBytes(UTF_8), "new".getBytes(UTF_8), List.of(), SCRIPT, () ->
                                    new Object[] {"new"})))
                    .toList();
            batch.send();
            assertThat(redis.await(ReplyFuture.all(all))).hasSize(200).containsOnly(true);
        });

        assertThat(commands.get("evalsha")).isBetween(199L, 200L);
        assertThat(commands.get("set")).isBetween(200L, 201L); // those of the scripts too
        keys.forEach(key -> assertThat(redis.await(redis.read(Reply.TEXT, Command.GET, key)))
                .isEqualTo("new"));
    }
}
