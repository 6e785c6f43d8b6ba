package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.ComputedEntries.Computed;
import io.iftb.cache.codec.ValueCodec;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.observe.CallListeners;
import io.iftb.cache.observe.CallObserver;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.settings.CacheExpiry;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.FreshnessOptions;
import io.iftb.cache.settings.RefreshAhead;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryFlights;
import io.iftb.cache.store.Lifetimes;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Errors, which are no exceptions, end a computation too: nobody waits for ever, and no lease stays. */
@Timeout(60)
class ComputationErrorsTest {

    private static final String NOT_WRITTEN = "not written";
    private static final String NOT_READ = "not read";
    private static final Key KEY = new Key("key");

    private RedisConnection redis;
    private RespConnection raw;
    private MarketCaches caches;

    /** Whether what is old is computed anew. */
    private enum Kept {
        AS_THEY_ARE,
        FRESH;

        private FreshnessOptions options() {
            return this == FRESH
                    ? FreshnessOptions.NONE.withRefreshAhead(RefreshAhead.share(0.2))
                    : FreshnessOptions.NONE;
        }
    }

    /** What a JVM throws that has no memory left, or does not find a class. */
    private static final class Broken extends Error {

        private static final long serialVersionUID = 1L;

        Broken() {
            super("broken");
        }
    }

    /** A key that cannot be put into a map, if its name says so. */
    private record Key(String name) {

        @Override
        public int hashCode() {
            if (name.equals("broken")) {
                throw new Broken();
            }
            return name.hashCode();
        }
    }

    private static final class Codec implements ValueCodec<String> {

        @Override
        public byte[] encode(String value) {
            if (value.equals(NOT_WRITTEN)) {
                throw new Broken();
            }
            return value.getBytes(StandardCharsets.UTF_8);
        }

        @Override
        public String decode(byte[] bytes) {
            String value = new String(bytes, StandardCharsets.UTF_8);
            if (value.equals(NOT_READ)) {
                throw new Broken();
            }
            return value;
        }

        @Override
        public boolean needsNoTrust() {
            return true;
        }
    }

    @BeforeEach
    void open() {
        TestServer.flush();
        redis = TestServer.connect();
        raw = TestServer.raw();
        caches = MarketCaches.open(TestServer.uri());
    }

    @AfterEach
    void close() throws IOException {
        caches.close();
        raw.close();
        redis.close();
    }

    private ComputedEntries<Key, String> entries(Kept kept) {
        CacheBackend<Key, String> real = caches.backend(CacheOptions.of("errors", Key.class, String.class)
                .withExpiry(CacheExpiry.modified(Duration.ofMinutes(10)))
                .withSingleFlight(true)
                .withFreshness(kept.options()));
        CacheBackend<Key, String> cache = new CacheBackend<>(
                real.options(),
                real.store(),
                new Codec(),
                real.lifetimes(),
                real.access(),
                real.counters(),
                real.near(),
                real.outage(),
                real.flights(),
                real.freshness());
        return new ComputedEntries<>(new TypedEntries<>(redis, cache, CallObserver.of("errors", new CallListeners())));
    }

    private static CompletableFuture<Computed<String>> begin(
            ComputedEntries<Key, String> entries, Key key, String value) {
        return entries.computeIfAbsentAsync(key, () -> CompletableFuture.completedFuture(value));
    }

    private static void assertBroken(CompletableFuture<?> result) {
        assertThatThrownBy(() -> result.get(10, TimeUnit.SECONDS)).hasCauseInstanceOf(Broken.class);
    }

    private void awaitNoLease() {
        await().until(() -> raw.list("KEYS", "*:lease").isEmpty());
    }

    @ParameterizedTest
    @EnumSource
    void computeIfAbsentAsync_valueThatCannotBeEncoded_failsAndGivesTheLeaseBack(Kept kept) throws Exception {
        ComputedEntries<Key, String> entries = entries(kept);
        assertBroken(begin(entries, KEY, NOT_WRITTEN));
        awaitNoLease();
        assertThat(begin(entries, KEY, "good").get(5, TimeUnit.SECONDS).value()).isEqualTo("good");
    }

    @ParameterizedTest
    @EnumSource
    void computeIfAbsentAsync_valueThatCannotBeDecoded_fails(Kept kept) {
        ComputedEntries<Key, String> entries = entries(kept);
        assertBroken(begin(entries, KEY, NOT_READ));
        assertBroken(begin(entries, KEY, "it is there"));
    }

    @ParameterizedTest
    @EnumSource
    void computeIfAbsentAsync_keyThatCannotBeInAMap_fails(Kept kept) {
        assertBroken(begin(entries(kept), new Key("broken"), "good"));
    }

    @Test
    void getOrLoad_noThreadForTheCode_failsAndGivesTheLeaseBack() {
        EntryFlights<Key> flights = Objects.requireNonNull(
                entries(Kept.AS_THEY_ARE).entries().cache().flights());
        assertBroken(flights.getOrLoad(
                new EntryFlights.Load<>(KEY, 1_000, Lifetimes.KEEP, 0, CompletableFuture::new, task -> {
                    throw new Broken();
                })));
        awaitNoLease();
    }
}
