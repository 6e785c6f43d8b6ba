package io.iftb.cache.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.GivenToCaches;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage.Range;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.CoverageStore.LeaseAnswer;
import io.iftb.cache.store.CoverageStore.OpenBar;
import io.iftb.cache.store.CoverageStore.Taking;
import io.iftb.cache.store.EntryFlights.Landing;
import io.iftb.cache.store.EntryFlights.Load;
import io.iftb.cache.store.EntryLeases.Answer;
import io.iftb.cache.store.EntryLeases.Lease;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The server grants a lease, and the connection closes before it has said so. Two connections stand for two JVMs. */
@Timeout(60)
class LostLeaseReplyTest {

    private static final String KEY = "key";
    private static final String LEASE = Keys.lease(KEY);
    private static final byte[] VALUE = "computed".getBytes(UTF_8);
    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final Range ALL = new Range(0, 36_000_000);

    private EmbeddedServer server;
    private RespConnection raw;
    private FaultProxy proxy;
    private RedisConnection cut;
    private RedisConnection other;

    @BeforeEach
    void start() throws IOException {
        server = EmbeddedServer.start();
        raw = RespConnection.tcp(server.port());
        proxy = new FaultProxy(server.port());
        cut = RedisConnection.open(TestServer.settings(proxy.uri()));
        other = RedisConnection.open(TestServer.settings(server.uri()));
    }

    @AfterEach
    void stop() throws IOException {
        cut.close();
        other.close();
        proxy.close();
        raw.close();
        server.close();
    }

    private static EntryLeases leases(RedisConnection redis) {
        return new EntryLeases(redis, "lost-computed", key -> null);
    }

    private static EntryFlights<String> flights(RedisConnection redis) {
        return new EntryFlights<>(
                "lost",
                new EntryGuards(leases(redis)),
                key -> key,
                key -> {},
                StoredLifetimes.AS_THEY_ARE,
                Duration.ofSeconds(50),
                EntryFlights.Outage.COMPUTE);
    }

    private static Load<String> load(String key, Supplier<CompletableFuture<byte[]>> code) {
        return new Load<>(key, 60_000, Lifetimes.KEEP, 0, code, Runnable::run);
    }

    private static CoverageStore coverage(RedisConnection redis) {
        CacheSettings settings = CacheSettings.builder().build();
        return new CacheStores(redis, settings, new GivenToCaches())
                .coverage(settings.options("ohlcv", BarKey.class, OhlcvBar.class));
    }

    private static CompletableFuture<LeaseAnswer> lease(CoverageStore coverage) {
        return coverage.lease(BTC, ALL, new OpenBar(Long.MAX_VALUE, 0), 10_000, Taking.TAKE);
    }

    /** As if the clock of the server had been set back since: the lease ends long after any that it grants. */
    @Test
    void extend_afterTheClockWasSetBack_keepsTheLease() {
        CoverageStore coverage = coverage(other);
        CoverageStore.Lease lease =
                Objects.requireNonNull(other.await(lease(coverage)).lease());
        send(
                "EVAL",
                "return redis.call('SETRANGE', KEYS[1], 24, struct.pack('>i8', 2^53))",
                "1",
                "ohlcv:{BTCUSDT:1h}:leases");

        assertThat(other.await(coverage.extend(lease, 10_000))).isTrue();
        assertThat(other.await(coverage.extend(lease, 10_000)))
                .as("it is still there")
                .isTrue();
    }

    /** Asks, and loses the connection with the reply once the lease is there. */
    private <T> T loseReply(String lease, Supplier<CompletableFuture<T>> asking, Runnable meanwhile) throws Exception {
        proxy.set(FaultProxy.Fault.HOLD_REPLIES);
        CompletableFuture<T> asked = asking.get();
        await().until(() -> raw.number("EXISTS", lease) == 1);
        meanwhile.run();
        proxy.cutAll();
        proxy.set(FaultProxy.Fault.NONE);
        return asked.get(20, TimeUnit.SECONDS);
    }

    private void send(String... command) {
        try {
            raw.call(command);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** So that the server knows the script, and would grant the next lease at once. */
    private void warm(EntryLeases leases) throws Exception {
        Lease lease =
                leases.take("warm", Lifetimes.KEEP, 0).get(20, TimeUnit.SECONDS).lease();
        assertThat(leases.giveBack(Objects.requireNonNull(lease)).get(20, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void getOrLoad_grantLost_storesWhatIsComputedAndKeepsNobodyWaiting() throws Exception {
        EntryFlights<String> flights = flights(cut);
        flights.getOrLoad(load("warm", () -> CompletableFuture.completedFuture(VALUE)))
                .get(20, TimeUnit.SECONDS);

        Landing landing = loseReply(
                LEASE, () -> flights.getOrLoad(load(KEY, () -> CompletableFuture.completedFuture(VALUE))), () -> {});
        assertThat(landing.isComputed()).isTrue();
        assertThat(raw.call("GET", KEY)).contains("computed");
        assertThat(raw.number("EXISTS", LEASE)).isZero();
        Landing waited = flights(other)
                .getOrLoad(load(KEY, () -> CompletableFuture.failedFuture(new AssertionError("computes twice"))))
                .get(5, TimeUnit.SECONDS);
        assertThat(waited.value()).isEqualTo(VALUE);
    }

    @Test
    void take_ofAnOldEntry_grantLost_isGrantedForItsWholeTime() throws Exception {
        EntryLeases leases = leases(cut);
        warm(leases);
        send("SET", KEY, "old", "PX", "50000");

        Answer answer =
                loseReply(LEASE, () -> leases.take(KEY, Lifetimes.KEEP, 60_000), () -> send("PEXPIRE", LEASE, "5000"));
        assertThat(raw.number("PTTL", LEASE)).isGreaterThan(5_000);
        Lease lease = Objects.requireNonNull(answer.lease());
        assertThat(leases.store(lease, VALUE, 60_000).get(20, TimeUnit.SECONDS)).isTrue();
        assertThat(raw.call("GET", KEY)).contains("computed");
    }

    @Test
    void take_grantLostAndAnotherHasItByNow_waitsForThat() throws Exception {
        EntryLeases leases = leases(cut);
        warm(leases);

        Answer answer = loseReply(
                LEASE, () -> leases.take(KEY, Lifetimes.KEEP, 0), () -> send("SET", LEASE, "another", "PX", "50000"));
        assertThat(answer.lease()).isNull();
        assertThat(answer.heldMillis()).isBetween(10_001L, 50_000L);
        assertThat(raw.call("GET", LEASE)).contains("another");
    }

    @Test
    void take_grantLostAndWrittenByNow_givesWhatWasWritten() throws Exception {
        EntryLeases leases = leases(cut);
        warm(leases);

        Answer answer = loseReply(LEASE, () -> leases.take(KEY, Lifetimes.KEEP, 0), () -> {
            send("UNLINK", LEASE);
            send("SET", KEY, "written");
        });
        assertThat(answer.value()).isEqualTo("written".getBytes(UTF_8));
        assertThat(raw.number("EXISTS", LEASE)).isZero();
    }

    @Test
    void lease_ofASeries_grantLost_isGrantedOnce() throws Exception {
        CoverageStore here = coverage(cut);
        CoverageStore there = coverage(other);
        LeaseAnswer first = lease(here).get(20, TimeUnit.SECONDS);
        assertThat(there.giveBack(Objects.requireNonNull(first.lease())).get(20, TimeUnit.SECONDS))
                .isTrue();

        LeaseAnswer answer = loseReply(new Keys("").head(BTC) + ":leases", () -> lease(here), () -> {});
        CoverageStore.Lease lease = Objects.requireNonNull(answer.lease());
        assertThat(lease.range()).isEqualTo(ALL);
        assertThat(lease(there).get(20, TimeUnit.SECONDS).heldMillis()).isPositive();
        here.store(BTC, BarSeries.EMPTY, Lifetimes.ETERNAL, lease, List.of(), null)
                .get(20, TimeUnit.SECONDS);
        assertThat(lease(there).get(20, TimeUnit.SECONDS).lease()).isNotNull(); // no other is in its way
    }
}
