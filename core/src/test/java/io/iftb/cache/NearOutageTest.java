package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.near.NearMap;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.FaultProxy.Fault;
import io.iftb.cache.redis.RedisServerException;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A program that was stopped, cut off or moved to other data for longer than the bound never gives what was before. */
class NearOutageTest {

    private static final Duration LONGER_THAN_THE_BOUND =
            Duration.ofNanos(NearMap.BOUND_NANOS).plusMillis(300);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Test
    @Timeout(60)
    void read_afterThisJvmWasStopped_isNotWhatWasBefore() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                NearProgram writer = NearProgram.open(server.uri())) {
            writer.put("key", "0");
            try (NearReaderJvm reader = new NearReaderJvm(server.uri(), "key", "0")) {
                for (int pause = 1; pause <= 2; pause++) {
                    String written = Integer.toString(pause);
                    reader.stop();
                    writer.put("key", written);
                    await().pollDelay(LONGER_THAN_THE_BOUND).until(() -> true); // the pause itself

                    assertThat(reader.goOn()).containsOnly(written);
                }
            }
        }
    }

    @Test
    void read_cutOff_missesAfterTheBoundAndThenFailsAndThenReads() {
        try (EmbeddedServer server = EmbeddedServer.start();
                FaultProxy proxy = new FaultProxy(server.port());
                NearProgram here = NearProgram.open(
                                proxy.uri(), settings -> settings.operationTimeout(Duration.ofSeconds(1)))
                        .awaitHearing();
                NearProgram there = NearProgram.open(server.uri())) {
            there.put("key", "old");
            here.hold("key", "old");
            proxy.set(Fault.BLACK_HOLE);
            there.put("key", "new");
            long acknowledged = System.nanoTime();
            long end = acknowledged + LONGER_THAN_THE_BOUND.toNanos();

            assertThat(here.hit("key")).isEqualTo("old");
            long began = acknowledged;
            while (began - end < 0) {
                began = System.nanoTime();
                String hit = here.hit("key");
                if (began - acknowledged > NearMap.BOUND_NANOS) {
                    assertThat(hit).isNull();
                }
            }
            assertThat(outcome(here)).isEqualTo("failed");
            assertThat(here.status().isHearing()).isFalse();

            proxy.set(Fault.NONE);
            await().atMost(PATIENCE).until(() -> notOld(here).equals("new"));
            here.awaitHearing();
            here.hold("key", "new");
        }
    }

    @Test
    void read_serverKilledAndStartedWithOtherData_isNotWhatWasBefore() throws Exception {
        EmbeddedServer first = EmbeddedServer.start();
        int port = first.port();
        try (NearProgram here = NearProgram.open(first.uri())) {
            here.put("key", "old");
            here.hold("key", "old");

            assertThat(new ProcessBuilder("kill", "-KILL", Long.toString(first.pid()))
                            .start()
                            .waitFor())
                    .isZero();
            first.close();
            await().atMost(Duration.ofNanos(NearMap.BOUND_NANOS)).until(() -> here.hit("key") == null);
            assertThat(outcome(here)).isEqualTo("failed");

            try (EmbeddedServer second = EmbeddedServer.builder().port(port).start();
                    NearProgram there = NearProgram.open(second.uri())) {
                there.put("key", "new");
                await().atMost(PATIENCE).until(() -> notOld(here).equals("new"));
                here.awaitHearing();
                here.hold("key", "new");
            }
        } finally {
            first.close();
        }
    }

    private static String notOld(NearProgram program) {
        String outcome = outcome(program);
        assertThat(outcome).isNotEqualTo("old");
        return outcome;
    }

    private static String outcome(NearProgram program) {
        try {
            @Nullable String value = program.read("key");
            return value == null ? "absent" : value;
        } catch (CompletionException e) {
            assertThat(e).hasCauseInstanceOf(RedisServerException.class);
            return "failed";
        }
    }
}
