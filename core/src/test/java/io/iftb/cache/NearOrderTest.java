package io.iftb.cache;

import static io.iftb.cache.NearProgram.await;
import static io.iftb.cache.NearProgram.near;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.fetch.BarSource;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.FaultProxy.Fault;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The message of a change is late. Until the bound, a hit may give what was before. But who has read the change from the
 * server, or reads after somebody of the same program did, never gets what was before.
 */
@Tag("servers")
class NearOrderTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final long HOUR = 3_600_000;
    private static final long NEWEST = System.currentTimeMillis() / HOUR * HOUR;
    private static final int BARS = 1_500;
    private static final int HELD = 3;
    private static final int COVERED = 50;

    private static EmbeddedServer server;
    private static FaultProxy proxy;
    private static NearProgram here;
    private static NearProgram there;

    @BeforeAll
    static void start() {
        server = EmbeddedServer.start();
        proxy = new FaultProxy(server.port());
        here = NearProgram.open(proxy.uri());
        there = NearProgram.open(server.uri());
    }

    @AfterAll
    static void stop() {
        here.close();
        there.close();
        proxy.close();
        server.close();
    }

    @BeforeEach
    void clean() throws IOException {
        proxy.set(Fault.NONE);
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            raw.call("FLUSHALL");
        }
        here.awaitHearing();
    }

    /** How the server is asked beside what is held. */
    enum Asking {
        GET,
        GET_WITH_LIFETIME,
        GET_ALL,
        WALK
    }

    private static @Nullable String ask(Asking asking) {
        return switch (asking) {
            case GET -> here.readToDecide("key");
            case GET_WITH_LIFETIME ->
                here.words.decode(
                        "key",
                        requireNonNull(here.words.store().getWithTtl("key").join())
                                .value());
            case GET_ALL ->
                here.words.decode(
                        "key",
                        here.words
                                .store()
                                .getAll(List.of("key"), Lifetimes.KEEP)
                                .join()
                                .get("key"));
            case WALK -> walk();
        };
    }

    private static @Nullable String walk() {
        EntryStore.Cursor<String> cursor = here.words.store().cursor();
        String found = null;
        for (EntryStore.Page<String> page = cursor.next().join();
                page != null;
                page = cursor.next().join()) {
            for (Map.Entry<String, byte[]> entry : page.entries()) {
                found = here.words.decode(entry.getKey(), entry.getValue());
            }
        }
        return found;
    }

    @ParameterizedTest
    @EnumSource
    void get_afterTheServerSaidMore_doesNotGoBack(Asking asking) {
        there.put("key", "old");
        here.hold("key", "old");
        proxy.set(Fault.HOLD_CHANGES);
        there.put("key", "new");

        assertThat(ask(asking)).isEqualTo("new");

        assertThat(here.read("key")).isEqualTo("new");
    }

    @Test
    void get_afterTheServerSaidThatItIsGone_isAbsent() {
        there.put("key", "old");
        here.hold("key", "old");
        proxy.set(Fault.HOLD_CHANGES);
        there.words.store().remove("key").join();

        assertThat(here.words.store().contains("key").join()).isFalse();

        assertThat(here.read("key")).isNull();
    }

    @Test
    void get_afterTheServerSaidTheSame_isStillHeld() {
        there.put("key", "same");
        here.hold("key", "same");

        assertThat(here.readToDecide("key")).isEqualTo("same");
        assertThat(here.words.store().contains("key").join()).isTrue();

        assertThat(here.hit("key")).isEqualTo("same");
    }

    /** A read overtakes an own write, and holds what was before it. */
    @Test
    void get_afterAnOwnWriteThatAReadOvertook_isThatWrite() throws IOException {
        here.put("key", "old");
        here.hold("key", "old");
        proxy.set(Fault.HOLD_CHANGES);
        CompletableFuture<Void> write = writingPaused(() -> {
            CompletableFuture<Void> put = CompletableFuture.runAsync(() -> here.put("key", "new"));
            await().until(() -> here.hit("key") == null);
            assertThat(here.read("key")).isEqualTo("old");
            return put;
        });

        write.join();

        assertThat(here.read("key")).isEqualTo("new");
    }

    @Test
    void latest_afterAnOwnWriteThatAReadOvertook_isThatWrite() throws IOException {
        holdBars();
        OhlcvCache ohlcv = here.caches.ohlcv();
        proxy.set(Fault.HOLD_CHANGES);
        CompletableFuture<Void> write = writingPaused(() -> {
            CompletableFuture<Void> put = ohlcv.putAsync(BTC, bars(1, 6)).toCompletableFuture();
            assertThat(ohlcv.latest(BTC, HELD).close(HELD - 1)).isEqualTo(5);
            return put;
        });

        write.join();

        assertThat(ohlcv.latest(BTC, HELD).close(HELD - 1)).isEqualTo(6);
    }

    /** Writes that begin meanwhile wait on the server; reads do not. */
    private static <T> T writingPaused(Supplier<T> action) throws IOException {
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            assertThat(raw.call("CLIENT", "PAUSE", "10000", "WRITE")).isEqualTo("+OK");
            T result = action.get();
            assertThat(raw.call("CLIENT", "UNPAUSE")).isEqualTo("+OK");
            return result;
        }
    }

    /** The lifetime counts from when the read was sent. */
    @Test
    void get_answerThatWasLate_endsWithTheEntry() throws IOException {
        here.words
                .store()
                .put("key", here.words.codec().encode("a"), Lifetimes.of(Duration.ofSeconds(1)), Condition.ANY)
                .join();
        here.caches.ohlcv().latest(BTC, 1, Freshness.FENCED); // waits until all is heard
        proxy.set(Fault.HOLD_REPLIES);
        CompletableFuture<byte @Nullable []> read = near(here.words).read("key");
        try (RespConnection raw = RespConnection.tcp(server.port())) {
            await().until(() -> raw.number("PTTL", "words:key") < 500);
            proxy.set(Fault.HOLD_CHANGES);
            read.join();
            await().until(() -> raw.number("EXISTS", "words:key") == 0);
        }

        assertThat(here.hit("key")).isNull();
    }

    /** The exception: two programs, or two connections of one, hear each for itself. Only the bound and a fence bind them. */
    @Test
    void get_afterAnotherProgramReadMore_mayBeOldUntilTheBound() {
        there.put("key", "old");
        here.hold("key", "old");
        proxy.set(Fault.HOLD_CHANGES);
        there.put("key", "new");

        assertThat(there.read("key")).isEqualTo("new");
        assertThat(here.hit("key")).isIn("old", null);
        proxy.set(Fault.NONE);

        here.caches.ohlcv().latest(BTC, 1, Freshness.FENCED); // waits until all is heard
        assertThat(here.read("key")).isEqualTo("new");
    }

    /** How the server is asked for bars beside what is held. */
    enum AskingBars {
        MORE_BARS,
        THOUSANDS,
        RANGE,
        UNIVERSE,
        BAR,
        WITH_SOURCE,
        RANGE_WITH_SOURCE,
        UNIVERSE_WITH_SOURCE
    }

    private static List<OhlcvBar> bars(int count, double close) {
        return IntStream.range(0, count)
                .mapToObj(i -> new OhlcvBar(NEWEST - (count - 1 - i) * HOUR, 1, 1_000, 1, close, 1))
                .toList();
    }

    private static double ask(AskingBars asking) {
        OhlcvCache ohlcv = here.caches.ohlcv();
        BarSeries found = switch (asking) {
            case MORE_BARS -> ohlcv.latest(BTC, 50);
            case THOUSANDS -> ohlcv.latest(BTC, 1_200);
            case RANGE -> ohlcv.range(BTC, NEWEST - 10 * HOUR, Long.MAX_VALUE);
            case UNIVERSE -> requireNonNull(ohlcv.latest(List.of(BTC), 1_200).get(BTC));
            case BAR ->
                BarSeries.of(List.of(requireNonNull(here.bars.decode(
                        key(), here.bars.store().get(key(), Lifetimes.KEEP).join()))));
            case WITH_SOURCE -> withSource(here).latest(BTC, HELD);
            case RANGE_WITH_SOURCE -> withSource(here).range(BTC, NEWEST - 10 * HOUR, Long.MAX_VALUE);
            case UNIVERSE_WITH_SOURCE ->
                requireNonNull(withSource(here).latest(List.of(BTC), HELD).get(BTC));
        };
        return found.close(found.size() - 1);
    }

    /** Candles whose source has the bars that were there first, among them the open one. */
    private static OhlcvCache withSource(NearProgram program) {
        BarSource source = (series, from, to, limit) -> CompletableFuture.completedFuture(bars(COVERED, 5).stream()
                .filter(bar -> bar.openTime() >= from && bar.openTime() < to)
                .limit(limit)
                .toList());
        FetchOptions options = FetchOptions.of("first")
                .withClock(InstantSource.fixed(Instant.ofEpochMilli(NEWEST + HOUR / 2)))
                .withOpenBarAge(Duration.ofHours(1));
        return program.caches.ohlcv().withSource(source, options);
    }

    private static BarKey key() {
        return BarKey.of(BTC, NEWEST);
    }

    private static void holdBars() {
        there.caches.ohlcv().put(BTC, bars(BARS, 5));
        withSource(there).latest(BTC, COVERED);
        OhlcvCache ohlcv = here.caches.ohlcv();
        ohlcv.latest(BTC, 1, Freshness.FENCED); // waits until all is heard, which would drop what is held
        await().until(() ->
                ohlcv.latest(BTC, HELD).close(HELD - 1) == 5 && near(here.bars).get(key()) != null);
    }

    @ParameterizedTest
    @EnumSource
    void latest_afterTheServerSaidMore_doesNotGoBack(AskingBars asking) {
        holdBars();
        proxy.set(Fault.HOLD_CHANGES);
        there.caches.ohlcv().put(BTC, bars(1, 6));

        assertThat(ask(asking)).isEqualTo(6);

        assertThat(here.caches.ohlcv().latest(BTC, HELD).close(HELD - 1)).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource
    void latest_afterTheServerSaidTheSame_isStillHeld(AskingBars asking) {
        holdBars();

        assertThat(ask(asking)).isEqualTo(5);

        assertThat(near(here.bars).get(key())).isNotNull();
    }

    /** They are held with their coverage, which a read that is not fenced may give. */
    @Test
    void latest_withASourceAndFenced_seesWhatWasAcknowledgedBefore() {
        holdBars();
        NearOptions fenced = NearOptions.DEFAULT.withFreshness(Freshness.FENCED);
        try (NearProgram program = NearProgram.open(proxy.uri(), fenced).awaitHearing()) {
            OhlcvCache ohlcv = withSource(program);
            for (int i = 0; i < 200; i++) {
                assertThat(ohlcv.latest(BTC, HELD).close(HELD - 1)).isEqualTo(5);
            }
            proxy.set(Fault.HOLD_CHANGES);
            there.caches.ohlcv().put(BTC, bars(1, 6));

            assertThat(ohlcv.latest(BTC, HELD).close(HELD - 1)).isEqualTo(6);
            assertThat(ohlcv.range(BTC, NEWEST - HOUR, Long.MAX_VALUE).close(1)).isEqualTo(6);
        }
    }

    @Test
    void latest_ofMoreBarsThanOthersAskFor_isHeldFromThenOn() {
        holdBars();
        assertThat(here.caches.ohlcv().latest(BTC, 500).size()).isEqualTo(500);
        long reads = near(here.bars).status().reads();

        assertThat(here.caches.ohlcv().latest(BTC, 500).size()).isEqualTo(500);
        assertThat(here.caches.ohlcv().latest(BTC, HELD).size()).isEqualTo(HELD);

        assertThat(near(here.bars).status().reads()).isEqualTo(reads);
        assertThat(near(here.bars).get(BarKey.of(BTC, NEWEST - 499 * HOUR))).isNotNull();
    }
}
