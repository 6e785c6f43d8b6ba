package io.iftb.cache;

import static io.iftb.cache.NearProgram.await;
import static io.iftb.cache.NearProgram.near;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.FaultProxy.Fault;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.NearOptions;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a near cache does in trouble: it may hold nothing, but every read works and none is old. */
class NearTroubleTest {

    private static final String PASSWORD = "s3cr3t";
    private static final int FLOOD = 100_000;
    private static final int PIPELINED = 1_000;

    private static EmbeddedServer server;
    private static FaultProxy proxy;
    private static RespConnection raw;

    @BeforeAll
    static void start() throws IOException {
        server = EmbeddedServer.start();
        proxy = new FaultProxy(server.port());
        raw = RespConnection.tcp(server.port());
    }

    @AfterAll
    static void stop() throws IOException {
        raw.close();
        proxy.close();
        server.close();
    }

    @BeforeEach
    void clean() throws IOException {
        proxy.set(Fault.NONE);
        raw.call("FLUSHALL");
    }

    private interface Case {
        void run() throws Exception;
    }

    /** What troubles it. */
    enum Trouble {
        USER_WITHOUT_TRACKING,
        USER_WITHOUT_HELLO,
        OVERLAPPING_PREFIXES,
        FLOOD_OF_CHANGES,
        VALUE_LARGER_THAN_ALL_ROOM,
        FLUSH_OF_ANOTHER_DATABASE,
        CLOSED_WHILE_READING,
        INTERRUPTED_CALLER,
        FAILED_READ,
        OPENED_AGAIN
    }

    @ParameterizedTest
    @EnumSource
    void read_inTrouble_worksAndIsNotOld(Trouble trouble) throws Exception {
        switch (trouble) {
            case USER_WITHOUT_TRACKING -> userWithoutTracking();
            case USER_WITHOUT_HELLO -> userWithoutHello();
            case OVERLAPPING_PREFIXES -> overlappingPrefixes();
            case FLOOD_OF_CHANGES -> flood();
            case VALUE_LARGER_THAN_ALL_ROOM -> largeValue();
            case FLUSH_OF_ANOTHER_DATABASE -> flushOfAnotherDatabase();
            case CLOSED_WHILE_READING -> closedWhileReading();
            case INTERRUPTED_CALLER -> interruptedCaller();
            case FAILED_READ -> failedRead();
            case OPENED_AGAIN -> openedAgain();
        }
    }

    private static NearProgram openAsBot(String... rules) throws IOException {
        List<String> command =
                new ArrayList<>(List.of("ACL", "SETUSER", "bot", "reset", "on", ">" + PASSWORD, "~*", "&*", "+@all"));
        command.addAll(List.of(rules));
        assertThat(raw.call(command.toArray(String[]::new))).isEqualTo("+OK");
        return NearProgram.open(server.uri(), settings -> settings.user("bot").password(PASSWORD.toCharArray()));
    }

    /** The server lets everybody say HELLO, whatever the rights. */
    private static void userWithoutHello() throws IOException {
        try (NearProgram here = openAsBot("-hello")) {
            here.awaitHearing();
            here.put("key", "a");
            here.hold("key", "a");
        } finally {
            raw.call("ACL", "DELUSER", "bot");
        }
    }

    /** It stays off, which the log says once. */
    private static void userWithoutTracking() throws IOException {
        try (CapturedLog log = new CapturedLog();
                NearProgram there = NearProgram.open(server.uri());
                NearProgram here = openAsBot("-client", "+client|setname", "+client|id")) {
            await().until(() -> log.text().contains("Near caches are off"));
            for (int i = 0; i < 100; i++) {
                there.put("key", "value " + i);
                assertThat(here.read("key")).isEqualTo("value " + i);
                assertThat(here.hit("key")).isNull();
                assertThat(near(here.words).readAll(List.of("key", "none")).join())
                        .containsOnlyKeys("key");
            }
            assertThat(here.caches.market().fundingRate("NONE")).isEmpty();
            assertThat(here.status().isHearing()).isFalse();
            assertThat(log.lines("WARN").stream().filter(line -> line.contains("Near caches are off")))
                    .hasSize(1)
                    .noneMatch(line -> line.contains(PASSWORD));
        } finally {
            raw.call("ACL", "DELUSER", "bot");
        }
    }

    private static CacheBackend<String, String> texts(NearProgram program, String name) {
        CacheBackend<String, String> cache = program.caches.backend(
                CacheOptions.of(name, String.class, String.class).withNear(NearOptions.DEFAULT));
        await().until(() -> near(cache).status().isHearing());
        return cache;
    }

    private static String read(CacheBackend<String, String> cache) {
        String held = near(cache).get("key");
        return String.valueOf(
                held != null
                        ? held
                        : cache.decode("key", near(cache).read("key").join()));
    }

    private static void write(CacheBackend<String, String> cache, String value) {
        cache.store()
                .put(
                        "key",
                        cache.codec().encode(value),
                        new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL),
                        Condition.ANY)
                .join();
    }

    /** Each program tracks prefixes that begin with those of the other, and one of them its own in the wrong order. */
    private static void overlappingPrefixes() {
        try (NearProgram here = NearProgram.open(server.uri(), settings -> settings.namespace("a"));
                NearProgram there = NearProgram.open(server.uri(), settings -> settings.namespace("a:words"))) {
            List<CacheBackend<String, String>> caches = new ArrayList<>();
            for (NearProgram program : List.of(here, there, here)) {
                for (String name : List.of("words", "words:words", "word", "w")) {
                    caches.add(texts(program, name));
                }
            }
            for (int i = 0; i < 5; i++) {
                for (CacheBackend<String, String> cache : caches) {
                    String value = cache.name() + i;
                    write(cache, value);
                    await().pollInterval(Duration.ofMillis(1))
                            .until(() -> read(cache).equals(value));
                }
            }
            assertThat(caches)
                    .allSatisfy(cache ->
                            assertThat(near(cache).status().isHearing()).isTrue());
        }
    }

    private static void flood() throws IOException {
        try (NearProgram here = NearProgram.open(server.uri())) {
            here.put("key", "old");
            here.hold("key", "old");
            for (int from = 0; from < FLOOD; from += PIPELINED) {
                for (int i = from; i < from + PIPELINED; i++) {
                    raw.send("SET", "words:other" + i, "x");
                }
                for (int i = from; i < from + PIPELINED; i++) {
                    assertThat(raw.next()).isEqualTo("+OK");
                }
                assertThat(here.read("key")).isEqualTo("old");
            }
            raw.call("DEL", "words:key");

            await().until(() -> here.read("key") == null);
            assertThat(here.status().size()).isLessThan(10);
            assertThat(here.status().isHearing()).isTrue();
        }
    }

    private static void largeValue() {
        try (NearProgram here = NearProgram.open(server.uri(), NearOptions.DEFAULT.withMaxBytes(10_000))
                .awaitHearing()) {
            String large = new Random(1)
                    .ints(100_000, ' ', '~')
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            here.put("large", large);
            here.put("small", "a");
            here.hold("small", "a");
            for (int i = 0; i < 20; i++) {
                assertThat(here.read("large")).isEqualTo(large);
                assertThat(here.hit("large")).isNull();
            }
            here.hold("small", "a");
        }
    }

    private static void flushOfAnotherDatabase() throws IOException {
        try (NearProgram here = NearProgram.open(server.uri());
                RespConnection other = RespConnection.tcp(server.port())) {
            here.put("key", "a");
            here.hold("key", "a");

            assertThat(other.call("SELECT", "1")).isEqualTo("+OK");
            assertThat(other.call("FLUSHDB")).isEqualTo("+OK");

            await().until(() -> here.hit("key") == null);
            here.hold("key", "a");
        }
    }

    private static void closedWhileReading() {
        NearProgram here = NearProgram.open(proxy.uri());
        List<CompletableFuture<byte[]>> reads = new ArrayList<>();
        try (here) {
            here.put("key0", "a");
            proxy.set(Fault.HOLD_REPLIES);
            for (int i = 0; i < 200; i++) {
                reads.add(near(here.words).read("key" + i % 20));
            }
        }
        proxy.set(Fault.NONE);
        for (CompletableFuture<byte[]> read : reads) {
            assertThat(read.handle((value, error) ->
                            error == null ? "value" : error.getClass().getSimpleName()))
                    .succeedsWithin(5, TimeUnit.SECONDS);
        }
        assertThatThrownBy(() -> here.read("key0")).isInstanceOf(RuntimeException.class);
        assertThat(here.hit("key0")).isNull();
    }

    private static void interruptedCaller() throws Exception {
        CacheOptions<?, ?> funding =
                CacheOptions.of("funding", String.class, FundingRate.class).withNear(NearOptions.DEFAULT);
        FundingRate rate = new FundingRate(0.01, 1);
        try (NearProgram here = NearProgram.open(proxy.uri(), settings -> settings.cache(funding))) {
            await().until(() -> near(here.caches.backend(funding)).status().isHearing());
            here.caches.market().putFundingRate("BTC", rate);
            proxy.set(Fault.HOLD_REPLIES);
            List<CompletableFuture<FundingRate>> reads = new ArrayList<>();
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                CompletableFuture<FundingRate> read = new CompletableFuture<>();
                Thread thread = new Thread(() -> {
                    try {
                        read.complete(here.caches.market().fundingRate("BTC").orElseThrow());
                    } catch (RuntimeException e) {
                        read.completeExceptionally(e);
                    }
                });
                reads.add(read);
                threads.add(thread);
                thread.start();
                await().until(() ->
                        thread.getState() == Thread.State.WAITING || thread.getState() == Thread.State.TIMED_WAITING);
            }
            threads.get(0).interrupt(); // whose read the others share

            assertThatThrownBy(() -> reads.get(0).get(5, TimeUnit.SECONDS)).isInstanceOf(ExecutionException.class);
            proxy.set(Fault.NONE);

            for (CompletableFuture<FundingRate> read : reads.subList(1, reads.size())) {
                assertThat(read.get(5, TimeUnit.SECONDS)).isEqualTo(rate);
            }
        }
    }

    private static void failedRead() {
        try (NearProgram here = NearProgram.open(proxy.uri())) {
            here.put("key", "a");
            raw(() -> raw.call("DEL", "words:key"));
            raw(() -> raw.call("LPUSH", "words:key", "no text"));
            assertThat(here.read("key")).isNull();
            here.put("key", "b");
            here.hold("key", "b");

            raw(() -> raw.call("SET", "words:key", "no value of ours"));
            await().until(() -> here.read("key") == null);
            here.put("key", "c");
            here.hold("key", "c");

            proxy.set(Fault.LOSE_REPLIES);
            CompletableFuture<byte[]> lost = near(here.words).read("other");
            assertThatThrownBy(lost::join).hasCauseInstanceOf(RedisServerException.class);
            proxy.set(Fault.NONE);

            await().untilAsserted(() -> assertThat(here.read("key")).isEqualTo("c"));
            here.awaitHearing().hold("key", "c");
        }
    }

    private static void raw(Case call) {
        try {
            call.run();
        } catch (Exception e) {
            throw new AssertionError(e);
        }
    }

    private static void openedAgain() throws IOException {
        for (int i = 0; i < 5; i++) {
            try (NearProgram here = NearProgram.open(server.uri())) {
                CacheBackend<String, String> again = requireNonNull(texts(here, NearProgram.CACHE));
                here.put("key", "value" + i);
                here.hold("key", "value" + i);
                assertThat(near(again).get("key")).isEqualTo("value" + i); // views share what is held
                here.caches.release(again);
                raw.call("DEL", "words:key");
                await().until(() -> here.hit("key") == null);
            }
        }
    }
}
