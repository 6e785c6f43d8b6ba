package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.settings.CacheSetting;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Two JVMs on one cache. */
@Timeout(value = 120, unit = TimeUnit.SECONDS)
class TwoJvmTest {

    private final JCacheFixture fixture = JCacheFixture.builder()
            .with(CacheSetting.REMOTE_EVENTS, OtherJvm.EVENTS, "on")
            .build();
    private final Cache<Integer, Integer> cache = fixture.manager().createCache("shared", OtherJvm.configuration());
    private final OtherJvm other;

    TwoJvmTest() throws IOException {
        other = new OtherJvm(TestServer.address(), fixture.namespace());
    }

    @BeforeEach
    void ready() throws IOException {
        other.tell(OtherJvm.Task.READY);
        other.answer();
    }

    @AfterEach
    void close() {
        other.close();
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = OtherJvm.Task.class,
            names = {"PUT_IF_ABSENT", "REPLACE", "GET_AND_REMOVE"})
    void race_twoJvms_oneWinsEachRound(OtherJvm.Task task) throws IOException {
        if (task != OtherJvm.Task.PUT_IF_ABSENT) {
            IntStream.range(0, OtherJvm.ROUNDS).forEach(key -> cache.put(key, 0));
        }
        other.tell(task);
        List<String> ours = task.run(cache, 1);
        List<String> theirs = other.answer();

        for (int key = 0; key < OtherJvm.ROUNDS; key++) {
            assertThat(List.of(ours.get(key), theirs.get(key)))
                    .as("round %s", key)
                    .containsExactlyInAnyOrder("true", "false");
            Integer winner = ours.get(key).equals("true") ? 1 : 2;
            assertThat(cache.get(key)).isEqualTo(task == OtherJvm.Task.GET_AND_REMOVE ? null : winner);
        }
    }

    @Test
    void invoke_twoJvmsFourThreadsEach_loseNoIncrement() throws IOException {
        other.tell(OtherJvm.Task.INCREMENT);
        OtherJvm.Task.INCREMENT.run(cache, 1);

        assertThat(other.answer()).containsExactly("done");
        assertThat(cache.get(-1)).isEqualTo(2 * OtherJvm.THREADS * OtherJvm.INCREMENTS);
    }

    @Tag("thorough")
    @Test
    void remoteEvents_bothChangeOneEntry_bothHearAllInOneOrder() throws IOException {
        OtherJvm.Task.LISTEN.run(cache, 1);
        other.tell(OtherJvm.Task.LISTEN);
        other.answer();
        other.tell(OtherJvm.Task.CHANGE);
        OtherJvm.Task.CHANGE.run(cache, 1);
        other.answer();

        List<String> ours = new ArrayList<>();
        List<String> theirs = new ArrayList<>();
        await().untilAsserted(() -> {
            ours.addAll(OtherJvm.Task.HEARD.run(cache, 1));
            other.tell(OtherJvm.Task.HEARD);
            other.answer().stream().filter(event -> !event.isEmpty()).forEach(theirs::add);
            assertThat(ours).hasSizeGreaterThan(2 * OtherJvm.THREADS * OtherJvm.CHANGES);
            assertThat(theirs).isEqualTo(ours);
        });

        // each event begins where the one before has ended
        String value = "null";
        for (String event : ours) {
            String[] words = event.split(" ", -1);
            assertThat(words[1]).as(event).isEqualTo(value);
            value = words[0].equals("REMOVED") ? "null" : words[3];
        }
        assertThat(value).isEqualTo("null");
    }

    @Test
    void close_inOne_leavesTheDataToTheOther() throws IOException {
        cache.put(1, 1);
        other.tell(OtherJvm.Task.CLOSE);

        assertThat(other.answer()).containsExactly("closed");
        assertThat(cache.get(1)).isEqualTo(1);
    }
}
