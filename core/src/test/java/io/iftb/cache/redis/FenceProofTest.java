package io.iftb.cache.redis;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.redisson.connection.CRC16;

/** Which key a connection is tested with. */
class FenceProofTest {

    /** A server that has just joined a cluster may have one slot. */
    @Test
    void run_serverWithOneSlot_writesAKeyOfThatSlot() {
        for (int slot = 0; slot < Slots.COUNT; slot += 641) {
            int only = slot;
            List<String> written = new ArrayList<>();
            FenceProof proof = new FenceProof(
                    "server",
                    new TrackingChannel("server", new Deaf()),
                    key -> {
                        written.add(key);
                        return new CompletableFuture<>();
                    },
                    key -> slot(key) == only);

            proof.run(() -> {});
            proof.run(() -> {});

            assertThat(written).hasSize(2).doesNotHaveDuplicates().allSatisfy(key -> {
                assertThat(key).startsWith(FenceProof.PREFIX);
                assertThat(slot(key)).isEqualTo(only);
            });
        }
    }

    @Test
    void run_serverWithoutSlots_writesNothingAndEndsTheConnection() {
        Deaf owner = new Deaf();
        FenceProof proof = new FenceProof(
                "server",
                new TrackingChannel("server", owner),
                key -> {
                    throw new AssertionError(key);
                },
                key -> false);

        proof.run(() -> {});

        assertThat(owner.ended).singleElement().satisfies(why -> {
            assertThat(why.kind()).isEqualTo(TrackingTrouble.Kind.PASSING);
            assertThat(why.sentence()).contains("has no slot now");
        });
    }

    @Test
    void tag_eachSlot_isOfThatSlot() {
        assertThat(IntStream.range(0, Slots.COUNT))
                .allSatisfy(
                        slot -> assertThat(slot("{" + Slots.tag(slot) + "}key")).isEqualTo(slot));
    }

    private static int slot(String key) {
        int open = key.indexOf('{');
        String counts = open < 0 ? key : key.substring(open + 1, key.indexOf('}', open));
        return CRC16.crc16(counts.getBytes(UTF_8)) % Slots.COUNT;
    }

    private static final class Deaf implements TrackingChannel.Owner {

        private final List<TrackingTrouble> ended = new ArrayList<>();

        @Override
        public void opened() {}

        @Override
        public void changed(String key) {}

        @Override
        public void flushed() {}

        @Override
        public void ended(TrackingTrouble why) {
            ended.add(why);
        }
    }
}
