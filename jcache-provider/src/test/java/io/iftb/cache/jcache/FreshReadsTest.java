package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.OperationsLog;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.DatedValue.Origin;
import io.iftb.cache.store.FreshnessCounts;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.CreatedExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import javax.cache.integration.CacheLoaderException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What reads do with entries of any age. The lifetime on the server is set by the test, so that nobody waits for it. */
@Timeout(120)
class FreshReadsTest {

    private static final String NAME = "fresh";
    private static final long LIFETIME = 600_000;
    private static final long KEPT = 3_600_000;

    private final List<JCacheFixture> opened = new ArrayList<>();
    private final AtomicInteger loads = new AtomicInteger();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch ends = new CountDownLatch(1);

    /** What the loader does; it may be changed. */
    private volatile Function<String, @Nullable String> source = key -> "loaded " + loads.incrementAndGet();

    @AfterEach
    void close() {
        ends.countDown();
        opened.forEach(JCacheFixture::close);
    }

    private static Map.Entry<CacheSetting, String> set(CacheSetting setting, String value) {
        return Map.entry(setting, value);
    }

    @SafeVarargs
    private JCacheFixture open(Map.Entry<CacheSetting, String>... settings) {
        JCacheFixture.Builder builder = JCacheFixture.builder();
        if (!opened.isEmpty()) {
            builder.namespace(opened.get(0).namespace());
        }
        for (Map.Entry<CacheSetting, String> each : settings) {
            builder.with(each.getKey(), NAME, each.getValue());
        }
        JCacheFixture fixture = builder.build();
        opened.add(fixture);
        return fixture;
    }

    private RedisCache<String, String> cache(JCacheFixture fixture, ExpiryPolicy policy) {
        return (RedisCache<String, String>) fixture.manager()
                .createCache(
                        NAME,
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setReadThrough(true)
                                .setStatisticsEnabled(true)
                                .setExpiryPolicyFactory(() -> policy)
                                .setCacheLoaderFactory(() -> new FakeLoader<>(key -> source.apply(key))));
    }

    @SafeVarargs
    private RedisCache<String, String> cache(Map.Entry<CacheSetting, String>... settings) {
        return cache(
                open(settings),
                new CreatedExpiryPolicy(new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, LIFETIME)));
    }

    private String key(String key) {
        return opened.get(0).namespace() + ":" + NAME + ":" + key;
    }

    /** Leaves so much of an entry's lifetime on the server. */
    private void age(String key, long leftMillis) {
        assertThat(opened.get(0).raw().send("PEXPIRE", key(key), String.valueOf(leftMillis)))
                .isEqualTo(1L);
    }

    private long ttl(String key) {
        return (Long) Objects.requireNonNull(opened.get(0).raw().send("PTTL", key(key)));
    }

    private @Nullable String slow() {
        int number = loads.incrementAndGet();
        begun.countDown();
        try {
            assertThat(ends.await(60, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
        return "loaded " + number;
    }

    private static FreshnessCounts counts(RedisCache<?, ?> cache) {
        return cache.backend().freshness().counts();
    }

    @Test
    void read_whoeverAnswers_isTold() {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "50%"));
        try (OperationsLog log = new OperationsLog()) {
            cache.get("key");
            cache.get("key");
            cache.getAll(Set.of("key"));
            assertThat(log.lines())
                    .filteredOn(line -> line.contains("operation=get"))
                    .extracting(line -> line.replaceAll(" micros=\\d+", ""))
                    .containsExactly(
                            "cache=" + NAME + " operation=get key=key outcome=hit origin=source call",
                            "cache=" + NAME + " operation=get key=key outcome=hit origin=server call",
                            "cache=" + NAME + " operation=getAll key=key outcome=hit origin=server call");
        }
    }

    @Test
    void get_freshEntry_asksNoLoader() {
        RedisCache<String, String> cache = cache(
                set(CacheSetting.REFRESH_AHEAD, "20%"),
                set(CacheSetting.STALE_IF_ERROR, "1h"),
                set(CacheSetting.STALE_WHILE_REVALIDATE, "1m"));
        cache.put("key", "put");

        assertThat(ttl("key")).isBetween(LIFETIME + KEPT - 60_000, LIFETIME + KEPT);
        age("key", KEPT + LIFETIME * 21 / 100);
        assertThat(cache.get("key")).isEqualTo("put");
        assertThat(cache.getAll(Set.of("key"))).containsEntry("key", "put");
        assertThat(loads).hasValue(0);
        assertThat(cache.statistics().getCacheHits()).isEqualTo(2);
    }

    @Test
    void get_shareOfTheLifetimeLeft_givesItAndLoadsAnewOnce() {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "20%"));
        cache.put("key", "put");
        age("key", LIFETIME * 19 / 100);

        DatedValue<String> dated = Objects.requireNonNull(cache.getDated("key"));
        assertThat(dated.value()).isEqualTo("put");
        assertThat(dated.origin()).isEqualTo(Origin.SERVER);
        assertThat(Objects.requireNonNull(dated.age()).toMillis()).isBetween(LIFETIME * 81 / 100, LIFETIME * 82 / 100);
        await().until(() -> "loaded 1".equals(cache.get("key")));
        await().until(() -> counts(cache).refreshes() == 1);
        assertThat(ttl("key")).isGreaterThan(LIFETIME - 60_000);
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_byChance_loadsTheSoonerTheLongerLoadsTake() {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "chance"));
        source = key -> {
            loads.incrementAndGet();
            await().pollDelay(Duration.ofMillis(50)).until(() -> true); // how long a load takes is what is tested
            return "loaded";
        };
        assertThat(cache.get("key")).isEqualTo("loaded");
        age("key", LIFETIME);
        for (int i = 0; i < 200; i++) {
            cache.get("key"); // with ten minutes left, the chance is e^-12000 each time
        }
        assertThat(loads).hasValue(1);

        await().pollInterval(Duration.ofMillis(1)).until(() -> {
            if (counts(cache).refreshes() == 0 && ttl("key") > 0) {
                opened.get(0).raw().send("PEXPIRE", key("key"), "150"); // three times as long as a load: 5% each time
            }
            cache.get("key");
            return counts(cache).refreshes() > 0;
        });
    }

    @Test
    void get_pastItsEndWithinTheTimeOfRevalidation_givesItAtOnceAndLoadsAnew() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_WHILE_REVALIDATE, "1h"));
        cache.put("key", "put");
        age("key", KEPT - 1_000);
        source = key -> slow();

        DatedValue<String> dated = Objects.requireNonNull(cache.getDated("key"));
        assertThat(dated.value()).isEqualTo("put");
        assertThat(dated.origin()).isEqualTo(Origin.STALE);
        assertThat(Objects.requireNonNull(dated.age()).toMillis()).isBetween(LIFETIME + 1_000, LIFETIME + 60_000);
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(cache.get("key")).isEqualTo("put"); // while it is loaded
        ends.countDown();
        await().until(() -> "loaded 1".equals(cache.get("key")));
        assertThat(loads).hasValue(1);
        assertThat(counts(cache).staleAnswers()).isGreaterThanOrEqualTo(2);
    }

    @Test
    void get_pastItsEndAndTheLoaderFails_givesItForItsTimeAndTriesNowAndThen() {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_IF_ERROR, "1h"));
        cache.put("key", "put");
        source = key -> {
            loads.incrementAndGet();
            throw new IllegalStateException("source is down");
        };
        age("key", KEPT - 1_000);

        for (int i = 0; i < 20; i++) {
            assertThat(Objects.requireNonNull(cache.getDated("key")).origin()).isEqualTo(Origin.STALE);
        }
        assertThat(loads.get()).isBetween(1, 3); // one a second
        assertThat(counts(cache).failures()).isEqualTo(loads.get());
        source = key -> "healed";
        await().until(() -> "healed".equals(cache.get("key")));
    }

    /** It is a failure of the source like any other, not a reader that waited too long. */
    @Test
    void get_pastItsEndAndTheLoaderFailsByTheTimeoutOfAnotherCache_triesNowAndThen() {
        JCacheFixture fixture = JCacheFixture.builder()
                .with(CacheSetting.STALE_IF_ERROR, NAME, "1h")
                .with(CacheSetting.LOAD_TIMEOUT, "other", "50ms")
                .build();
        opened.add(fixture);
        Cache<String, String> other = fixture.manager()
                .createCache(
                        "other",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> new FakeLoader<>(key -> slow())));
        RedisCache<String, String> cache = cache(
                fixture, new CreatedExpiryPolicy(new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, LIFETIME)));
        AtomicInteger tries = new AtomicInteger();
        source = key -> {
            tries.incrementAndGet();
            return other.get(key);
        };
        cache.put("key", "put");
        age("key", KEPT - 1_000);

        for (int i = 0; i < 20; i++) {
            assertThat(Objects.requireNonNull(cache.getDated("key")).origin()).isEqualTo(Origin.STALE);
        }

        assertThat(tries.get()).isBetween(1, 4); // one a second
        assertThat(counts(cache).failures()).isEqualTo(tries.get());
    }

    @Test
    void get_pastAllItsTimeAndTheLoaderFails_fails() {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_IF_ERROR, "1h"));
        cache.put("key", "put");
        age("key", 1);
        source = key -> {
            throw new IllegalStateException("source is down");
        };
        await().until(() -> ttl("key") == -2);

        assertThatThrownBy(() -> cache.get("key"))
                .isInstanceOf(CacheLoaderException.class)
                .hasMessageContaining("source is down");
    }

    @Test
    void get_loaderFailsAfterTheTimeOfTheOldOne_fails() {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_IF_ERROR, "1h"));
        cache.put("key", "put");
        age("key", 1_000);
        source = key -> {
            await().until(() -> ttl(key) == -2);
            throw new IllegalStateException("source is down");
        };

        assertThatThrownBy(() -> cache.get("key"))
                .isInstanceOf(CacheLoaderException.class)
                .hasMessageContaining("source is down");
        assertThat(counts(cache).staleAnswers()).isZero();
    }

    @Test
    void get_softTimeoutAfterTheTimeOfTheOldOne_waitsForTheNewOne() {
        RedisCache<String, String> cache =
                cache(set(CacheSetting.STALE_IF_ERROR, "1h"), set(CacheSetting.LOAD_SOFT_TIMEOUT, "1200ms"));
        cache.put("key", "put");
        age("key", 1_000);
        long start = System.nanoTime();
        source = key -> {
            await().until(() -> System.nanoTime() - start > 1_500_000_000);
            return "loaded";
        };

        assertThat(cache.get("key")).isEqualTo("loaded");
    }

    @Test
    void get_loaderSlowerThanTheSoftTimeout_givesTheOldOneAndStoresTheNewOneLater() {
        RedisCache<String, String> cache =
                cache(set(CacheSetting.STALE_IF_ERROR, "1h"), set(CacheSetting.LOAD_SOFT_TIMEOUT, "50ms"));
        cache.put("key", "put");
        age("key", KEPT - 1_000);
        source = key -> slow();

        long start = System.nanoTime();
        assertThat(cache.get("key")).isEqualTo("put");
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofMillis(50), Duration.ofSeconds(20));
        ends.countDown();
        await().until(() -> "loaded 1".equals(cache.get("key")));
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_loaderSlowerThanTheTimeout_failsByNameAndStoresTheValueLater() {
        RedisCache<String, String> cache = cache(set(CacheSetting.LOAD_TIMEOUT, "50ms"));
        source = key -> slow();

        assertThatThrownBy(() -> cache.get("key"))
                .isInstanceOf(CacheLoaderException.class)
                .hasMessageContaining("the loader has not given key within PT0.05S")
                .hasMessageContaining("load-timeout");
        assertThatThrownBy(() -> cache.getAll(Set.of("key", "other")))
                .isInstanceOf(CacheLoaderException.class)
                .hasMessageContaining("load-timeout");
        ends.countDown();
        await().until(() -> ttl("key") > 0);
        assertThat(cache.get("key")).startsWith("loaded ");
    }

    @Test
    void get_loaderWithoutValue_isRememberedUntilAWrite() {
        RedisCache<String, String> cache = cache(set(CacheSetting.NEGATIVE_ANSWERS, "1h"));
        AtomicInteger asked = new AtomicInteger();
        source = key -> {
            asked.incrementAndGet();
            return null;
        };
        JCacheFixture other = open(set(CacheSetting.NEGATIVE_ANSWERS, "1h"));
        RedisCache<String, String> there =
                cache(other, new CreatedExpiryPolicy(new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, LIFETIME)));

        assertThat(cache.get("key")).isNull();
        assertThat(cache.get("key")).isNull();
        assertThat(there.get("key")).isNull(); // another JVM
        assertThat(there.getAll(Set.of("key"))).isEmpty();
        assertThat(asked).hasValue(1);
        assertThat(cache.containsKey("key")).isFalse();
        assertThat(cache.iterator().hasNext()).isFalse();
        assertThat(counts(cache).negativeAnswers()).isEqualTo(1);

        there.put("key", "put");
        assertThat(cache.get("key")).isEqualTo("put");
        there.remove("key");
        assertThat(cache.get("key")).isNull();
        assertThat(asked).hasValue(2);
        there.clear();
        assertThat(cache.get("key")).isNull();
        assertThat(asked).hasValue(3);
        assertThat(cache.getAll(Set.of("new"))).isEmpty();
        assertThat(cache.getAll(Set.of("new"))).isEmpty();
        assertThat(asked).hasValue(4);
    }

    @Test
    void get_entryIsOldAndTheSourceHasNoneAnyMore_isGone() {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "50%"));
        cache.put("key", "put");
        age("key", 1_000);
        source = key -> null;

        assertThat(cache.get("key")).isEqualTo("put");
        await().atMost(Duration.ofMillis(900)).until(() -> ttl("key") == -2);
    }

    @Test
    void put_whileAnEntryIsLoadedAnew_wins() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "50%"));
        cache.put("key", "old");
        age("key", 1_000);
        source = key -> slow();
        cache.get("key");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        cache.put("key", "newer");
        ends.countDown();
        await().until(() -> counts(cache).refreshes() == 1);
        assertThat(cache.get("key")).isEqualTo("newer");
    }

    @Test
    void remove_whileAnEntryIsLoadedAnew_wins() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "50%"));
        cache.put("key", "old");
        age("key", 1_000);
        source = key -> slow();
        cache.get("key");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        cache.remove("key");
        ends.countDown();
        await().until(() -> counts(cache).refreshes() == 1);
        assertThat(cache.containsKey("key")).isFalse();
    }

    @Test
    void foreignWrite_whileAnEntryIsLoadedAnew_wins() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "50%"));
        cache.put("key", "old");
        cache.put("other", "of another program");
        age("key", 1_000);
        source = key -> slow();
        cache.get("key");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        opened.get(0).raw().send("COPY", key("other"), key("key"), "REPLACE");
        ends.countDown();
        await().until(() -> counts(cache).refreshes() == 1);
        assertThat(cache.get("key")).isEqualTo("of another program");
    }

    @Test
    void get_twoJvmsReadAnOldEntry_isLoadedByOne() throws Exception {
        RedisCache<String, String> here = cache(set(CacheSetting.STALE_WHILE_REVALIDATE, "1h"));
        RedisCache<String, String> there = cache(set(CacheSetting.STALE_WHILE_REVALIDATE, "1h"));
        here.put("key", "put");
        age("key", KEPT - 1_000);
        source = key -> slow();

        assertThat(here.get("key")).isEqualTo("put");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        for (int i = 0; i < 10; i++) {
            assertThat(there.get("key")).isEqualTo("put");
        }
        ends.countDown();
        await().until(() -> "loaded 1".equals(there.get("key")));
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_manyReadersOfAMissingEntry_areGivenCopiesOfOneLoad() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.LOAD_TIMEOUT, "30s"));
        source = key -> slow();
        List<CompletableFuture<@Nullable String>> readers = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            readers.add(CompletableFuture.supplyAsync(() -> cache.get("key"), task -> new Thread(task).start()));
        }
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        ends.countDown();

        for (CompletableFuture<@Nullable String> reader : readers) {
            assertThat(reader.get(20, TimeUnit.SECONDS)).isEqualTo("loaded 1");
        }
        assertThat(loads).hasValue(1);
    }

    @Test
    void getAll_entriesOfAllAges_givesEachAsGetDoes() {
        RedisCache<String, String> cache =
                cache(set(CacheSetting.STALE_WHILE_REVALIDATE, "30m"), set(CacheSetting.STALE_IF_ERROR, "1h"));
        cache.putAll(Map.of("fresh", "put", "stale", "put", "old", "put"));
        age("stale", KEPT - 1_000);
        age("old", KEPT / 2 - 1_000);
        source = key -> "loaded " + key;

        assertThat(cache.getAll(Set.of("fresh", "stale", "old", "missing")))
                .containsExactlyInAnyOrderEntriesOf(
                        Map.of("fresh", "put", "stale", "put", "old", "loaded old", "missing", "loaded missing"));
        await().until(() -> "loaded stale".equals(cache.get("stale")));
    }

    @Test
    void get_nearCache_holdsAnEntryOnlyAsLongAsItIsFresh() {
        RedisCache<String, String> cache = cache(
                set(CacheSetting.NEAR, "on"),
                set(CacheSetting.REFRESH_AHEAD, "50%"),
                set(CacheSetting.STALE_IF_ERROR, "1h"));
        cache.put("key", "put");
        await().until(() -> {
            cache.get("key");
            return Objects.requireNonNull(cache.getDated("key")).origin() == Origin.NEAR;
        });
        assertThat(Objects.requireNonNull(cache.getDated("key")).age()).isLessThan(Duration.ofMinutes(1));

        age("key", KEPT + LIFETIME / 4); // the server tells that the key changed
        await().until(() -> "loaded 1".equals(cache.get("key")));
        assertThat(loads).hasValue(1);
    }

    @Test
    @Timeout(20)
    void getAll_loaderThatReadsItsOwnEntryAmongOthers_failsByName() {
        List<RedisCache<String, String>> self = new ArrayList<>();
        RedisCache<String, String> cache = cache(set(CacheSetting.LOAD_TIMEOUT, "30s"));
        self.add(cache);
        source = key -> self.get(0).getAll(Set.of(key, "other")).get(key);

        assertThatThrownBy(() -> cache.get("key"))
                .isInstanceOf(CacheLoaderException.class)
                .hasStackTraceContaining("the loader of entry key reads that entry");
    }

    @Test
    void get_loaderThatReadsItsOwnEntry_failsByName() {
        List<RedisCache<String, String>> self = new ArrayList<>();
        RedisCache<String, String> cache = cache(set(CacheSetting.LOAD_TIMEOUT, "30s"));
        self.add(cache);
        source = key -> self.get(0).get(key);

        assertThatThrownBy(() -> cache.get("key"))
                .isInstanceOf(CacheLoaderException.class)
                .hasStackTraceContaining("the loader of entry key reads that entry");
    }

    @Test
    void get_interruptedWhileItIsLoaded_saysSoAndTheLoadGoesOn() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.LOAD_TIMEOUT, "30s"));
        source = key -> slow();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                cache.get("key");
            } catch (CacheException e) {
                thrown.complete(Thread.currentThread().isInterrupted() ? e : new AssertionError("flag lost", e));
            }
        });
        reader.start();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        reader.interrupt();

        assertThat(thrown.get(20, TimeUnit.SECONDS)).hasMessageContaining("interrupted while waiting for the loader");
        ends.countDown();
        await().until(() -> "loaded 1".equals(cache.get("key")));
        assertThat(loads).hasValue(1);
    }

    @Test
    void get_pastItsEndAndTheLoaderThrowsAnError_givesItForItsTimeAndTriesNowAndThen() {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_IF_ERROR, "1h"));
        cache.put("key", "put");
        source = key -> failBadly();
        age("key", KEPT - 1_000);

        for (int i = 0; i < 20; i++) {
            assertThat(cache.get("key")).isEqualTo("put");
        }
        assertThat(loads.get()).isBetween(1, 3); // one a second
        assertThat(counts(cache).failures()).isEqualTo(loads.get());
        assertThatThrownBy(() -> cache.get("missing")).isInstanceOf(NoClassDefFoundError.class);
    }

    @Test
    void get_loaderThrowsAnErrorBehindItsReader_isCountedAndNotTriedForEachReader() {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_WHILE_REVALIDATE, "1h"));
        cache.put("key", "put");
        source = key -> failBadly();
        age("key", KEPT - 1_000);
        assertThat(cache.get("key")).isEqualTo("put");
        await().until(() -> counts(cache).failures() == 1);
        for (int i = 0; i < 20; i++) {
            assertThat(cache.get("key")).isEqualTo("put");
        }
        assertThat(loads.get()).isBetween(1, 3); // one a second
    }

    private @Nullable String failBadly() {
        loads.incrementAndGet();
        throw new NoClassDefFoundError("a driver of the source");
    }

    @Test
    void get_pastItsEndAndInterrupted_saysSoAndIsNoFailureOfTheSource() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_IF_ERROR, "1h"));
        cache.put("key", "put");
        age("key", KEPT - 1_000);
        source = key -> slow();
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread reader = new Thread(() -> {
            try {
                thrown.complete(new AssertionError("given " + cache.get("key")));
            } catch (CacheException e) {
                thrown.complete(e);
            }
        });
        reader.start();
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();
        reader.interrupt();

        assertThat(thrown.get(20, TimeUnit.SECONDS)).hasMessageContaining("interrupted while waiting for the loader");
        ends.countDown();
        assertThat(cache.get("key")).isEqualTo("loaded 1"); // not the old one, as after a failure
        assertThat(counts(cache).failures()).isZero();
    }

    @Test
    void destroyCache_whileAnEntryIsLoadedAnew_waitsAndLeavesNothing() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.REFRESH_AHEAD, "50%"));
        cache.put("key", "put");
        age("key", 1_000);
        source = key -> slow();
        cache.get("key");
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> destroyed = CompletableFuture.runAsync(
                () -> opened.get(0).manager().destroyCache(NAME), task -> new Thread(task).start());
        await().until(cache::isClosed);
        assertThat(destroyed).isNotDone();
        ends.countDown();
        destroyed.get(20, TimeUnit.SECONDS);
        assertThat(ttl("key")).isEqualTo(-2);
    }

    @Test
    void createCache_lifetimesThatReadsStartAgain_isRefusedWithTheRemedy() {
        JCacheFixture fixture = open(set(CacheSetting.STALE_IF_ERROR, "1h"));

        assertThatThrownBy(() -> cache(
                        fixture,
                        new TouchedExpiryPolicy(new javax.cache.expiry.Duration(TimeUnit.MILLISECONDS, LIFETIME))))
                .isInstanceOf(CacheException.class)
                .hasMessageContaining("use a created or modified expiry");
        assertThat(fixture.manager().getCacheNames()).isEmpty();
    }

    @Test
    void put_jitter_shortensEachLifetimeByAnother() {
        RedisCache<String, String> cache = cache(set(CacheSetting.EXPIRY_JITTER, "50%"));
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < 100; i++) {
            entries.put("key" + i, "value");
        }
        cache.putAll(entries);
        List<Long> lifetimes = entries.keySet().stream().map(this::ttl).sorted().toList();

        assertThat(lifetimes.get(0)).isBetween(LIFETIME / 2 - 60_000, LIFETIME * 6 / 10);
        assertThat(lifetimes.get(99)).isBetween(LIFETIME * 9 / 10, LIFETIME);
    }

    @Test
    void put_expiryAtTheCloseOfABar_endsThere() {
        JCacheFixture fixture = open(set(CacheSetting.EXPIRY, "close 8h"));
        fixture.manager()
                .createCache(NAME, new MutableConfiguration<String, String>().setTypes(String.class, String.class))
                .put("key", "value");
        List<?> time = (List<?>) Objects.requireNonNull(fixture.raw().send("TIME"));
        long now = Long.parseLong(text(time.get(0))) * 1_000;
        long eightHours = TimeUnit.HOURS.toMillis(8);

        assertThat(ttl("key")).isCloseTo(eightHours - now % eightHours, org.assertj.core.api.Assertions.within(5_000L));
    }

    private static String text(Object bytes) {
        return bytes instanceof byte[] raw
                ? new String(raw, java.nio.charset.StandardCharsets.US_ASCII)
                : String.valueOf(bytes);
    }

    /** Twenty entries to put. */
    private static Map<String, String> twenty() {
        Map<String, String> entries = new HashMap<>();
        for (int i = 0; i < 20; i++) {
            entries.put("key" + i, "put");
        }
        return entries;
    }

    @Test
    void getAll_oldEntriesAndALoaderThatHangs_waitsOnceForAll() {
        RedisCache<String, String> cache =
                cache(set(CacheSetting.STALE_IF_ERROR, "1h"), set(CacheSetting.LOAD_SOFT_TIMEOUT, "1s"));
        Map<String, String> entries = twenty();
        cache.putAll(entries);
        entries.keySet().forEach(key -> age(key, KEPT - 1_000));
        source = key -> slow();

        long start = System.nanoTime();
        assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(12));
    }

    @Test
    void getAll_oldEntriesAndALoaderThatFails_callsItOnceForEach() {
        RedisCache<String, String> cache = cache(set(CacheSetting.STALE_IF_ERROR, "1h"));
        Map<String, String> entries = twenty();
        cache.putAll(entries);
        entries.keySet().forEach(key -> age(key, KEPT - 1_000));
        source = key -> {
            loads.incrementAndGet();
            throw new IllegalStateException("source is down");
        };

        assertThat(cache.getAll(entries.keySet())).isEqualTo(entries);
        assertThat(loads).hasValue(entries.size());
    }

    @Test
    void destroyCache_whileMissingEntriesAreLoaded_waitsAndLeavesNothing() throws Exception {
        RedisCache<String, String> cache = cache(set(CacheSetting.LOAD_TIMEOUT, "60s"));
        source = key -> slow();
        CompletableFuture<Map<String, String>> read =
                CompletableFuture.supplyAsync(() -> cache.getAll(Set.of("a", "b")), task -> new Thread(task).start());
        assertThat(begun.await(20, TimeUnit.SECONDS)).isTrue();

        CompletableFuture<Void> destroyed = CompletableFuture.runAsync(
                () -> opened.get(0).manager().destroyCache(NAME), task -> new Thread(task).start());
        await().until(cache::isClosed);
        assertThatThrownBy(() -> destroyed.get(1, TimeUnit.SECONDS)).isInstanceOf(TimeoutException.class);
        ends.countDown();
        destroyed.get(20, TimeUnit.SECONDS);
        assertThat(read.get(20, TimeUnit.SECONDS)).containsOnlyKeys("a", "b");
        assertThat(opened.get(0).raw().keys(key("*"))).isEmpty();
    }

    @Test
    void destroyCache_byItsLoader_doesNotWaitForItselfAndLeavesNothing() {
        RedisCache<String, String> cache = cache(set(CacheSetting.LOAD_TIMEOUT, "60s"));
        source = key -> {
            opened.get(0).manager().destroyCache(NAME);
            return "loaded";
        };

        long start = System.nanoTime();
        assertThatThrownBy(() -> cache.get("key"))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("closed");
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(opened.get(0).raw().keys(key("*"))).isEmpty();
    }
}
