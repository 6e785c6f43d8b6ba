package io.iftb.cache.benchmarks.near;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.embedded.EmbeddedServer;
import java.time.Duration;
import java.util.Random;
import org.junit.jupiter.api.Test;
import redis.clients.jedis.DefaultJedisClientConfig;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.RedisProtocol;
import redis.clients.jedis.csc.CacheConfig;

/**
 * Races near caches against every kind of writer. {@code -Dnear.rounds} says how often, {@code -Dnear.seed} repeats what a
 * failure has printed.
 */
class NearRaceTest {

    private static final long ROUNDS =
            Long.getLong("near.rounds", Boolean.getBoolean("iftb.test.thorough") ? 100_000 : 40_000);
    private static final long SEED = Long.getLong("near.seed", new Random().nextLong());

    private static final int FIRST_READS = 1_500;
    private static final int MOST_BATCHES = 20;
    private static final Duration QUIET = Duration.ofSeconds(1);

    @Test
    void reads_anyWriter_neverGoBackAndAreWithinTheBound() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                NearRace race = new NearRace(server.uri(), server.port(), SEED, ROUNDS)) {
            await().until(race::isHearing);
            long began = System.nanoTime();

            race.run();

            String counts = ROUNDS + " rounds in " + (System.nanoTime() - began) / 1_000_000 + " ms with -Dnear.seed="
                    + SEED + ": "
                    + race.reads() + " reads, " + race.absent() + " of something absent, entries "
                    + race.here().numbers() + ", series " + race.here().candles();
            System.out.println(counts);
            assertThat(race.wrong()).as(counts).isEmpty();
            assertThat(race.here().numbers().hits()).as(counts).isGreaterThan(ROUNDS / 50);
            assertThat(race.here().candles().hits()).as(counts).isGreaterThan(ROUNDS / 200);
            assertThat(race.here().numbers().changes()).as(counts).isGreaterThan(ROUNDS / 100);
            assertThat(race.stale()).as(counts).isEmpty();
        }
    }

    /** The same race as that of {@link #firstReads_ofJedis_someStayOldForEver}. */
    @Test
    void firstReads_racedByWrites_noneStaysOld() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespSocket raw = new RespSocket(server.port());
                NearClient client = new NearClient(server.uri())) {
            await().until(client::isHearing);
            FirstReadRace race = new FirstReadRace(
                    raw, NearClient.CACHE + ":", value -> client.encode(Long.parseLong(value)), client::read);

            race.run(FIRST_READS, SEED);

            await().atMost(QUIET).until(() -> race.old(FIRST_READS, 2L) == 0);
            assertThat(client.numbers().hits()).isGreaterThan(FIRST_READS);
        }
    }

    @Test
    void firstReads_ofJedis_someStayOldForEver() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespSocket raw = new RespSocket(server.port());
                NewerVersion newer = new NewerVersion(server.port());
                RedisClient jedis = RedisClient.builder()
                        .hostAndPort("127.0.0.1", newer.port())
                        .clientConfig(DefaultJedisClientConfig.builder()
                                .protocol(RedisProtocol.RESP3)
                                .build())
                        .cacheConfig(CacheConfig.builder()
                                .maxSize(MOST_BATCHES * 2 * FIRST_READS)
                                .build())
                        .build()) {
            int old = 0;
            int keys = 0;
            while (old == 0 && keys < MOST_BATCHES * FIRST_READS) {
                String prefix = "race:" + keys + ":";
                FirstReadRace race =
                        new FirstReadRace(raw, prefix, value -> value.getBytes(UTF_8), key -> jedis.get(prefix + key));
                race.run(FIRST_READS, SEED + keys);
                await().pollDelay(QUIET).until(() -> true); // all messages have come
                old = race.old(FIRST_READS, "2");
                keys += FIRST_READS;
            }
            System.out.println(old + " of " + keys + " keys stay old in Jedis: " + 100.0 * old / keys
                    + "% with -Dnear.seed=" + SEED);
            assertThat(old).isPositive();
        }
    }
}
