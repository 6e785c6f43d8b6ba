package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.EternalExpiryPolicy;
import javax.cache.expiry.ExpiryPolicy;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Several threads on one entry. */
class RaceTest {

    private static final int THREADS = 8;
    private static final int ROUNDS = 50;

    private final JCacheFixture fixture = JCacheFixture.open();
    private final ExecutorService threads = Executors.newFixedThreadPool(THREADS);

    /** The two ways of an operation through the provider. */
    enum Path {
        FAST,
        GENERAL;

        ExpiryPolicy policy() {
            ExpiryPolicy policy = new EternalExpiryPolicy();
            return this == FAST ? policy : new SameMeaning(policy);
        }
    }

    @AfterEach
    void close() {
        threads.shutdownNow();
        fixture.close();
    }

    @ParameterizedTest
    @EnumSource
    void putIfAbsent_manyThreads_oneWins(Path path) throws Exception {
        Cache<Integer, Integer> cache = cache(path);
        for (int round = 0; round < ROUNDS; round++) {
            int key = round;
            List<Boolean> won = race(thread -> cache.putIfAbsent(key, thread));
            assertThat(won).containsOnlyOnce(true);
            assertThat(cache.get(key)).isEqualTo(won.indexOf(true));
        }
    }

    @ParameterizedTest
    @EnumSource
    void replaceOfAValue_manyThreads_oneWins(Path path) throws Exception {
        Cache<Integer, Integer> cache = cache(path);
        for (int round = 0; round < ROUNDS; round++) {
            int key = round;
            cache.put(key, -1);
            List<Boolean> won = race(thread -> cache.replace(key, -1, thread));
            assertThat(won).containsOnlyOnce(true);
            assertThat(cache.get(key)).isEqualTo(won.indexOf(true));
        }
    }

    @ParameterizedTest
    @EnumSource
    void remove_manyThreads_oneWins(Path path) throws Exception {
        Cache<Integer, Integer> cache = cache(path);
        for (int round = 0; round < ROUNDS; round++) {
            int key = round;
            cache.put(key, -1);
            assertThat(race(thread -> cache.remove(key))).containsOnlyOnce(true);
            cache.put(key, -1);
            assertThat(race(thread -> cache.remove(key, -1))).containsOnlyOnce(true);
            cache.put(key, -1);
            assertThat(race(thread -> Objects.equals(cache.getAndRemove(key), -1)))
                    .containsOnlyOnce(true);
        }
    }

    @ParameterizedTest
    @EnumSource
    void getAndPut_manyThreads_everyValueIsHandedOutOnce(Path path) throws Exception {
        Cache<Integer, Integer> cache = cache(path);
        for (int round = 0; round < ROUNDS; round++) {
            int key = round;
            cache.put(key, -1);
            List<Integer> seen = race(thread -> cache.getAndPut(key, thread));
            seen.add(cache.get(key));
            assertThat(seen).containsExactlyInAnyOrder(-1, 0, 1, 2, 3, 4, 5, 6, 7);
        }
    }

    @ParameterizedTest
    @EnumSource
    void replaceLoop_manyThreads_losesNoIncrement(Path path) throws Exception {
        Cache<Integer, Integer> cache = cache(path);
        cache.put(0, 0);
        race(thread -> {
            for (int i = 0; i < ROUNDS; i++) {
                Integer now = cache.get(0);
                while (now != null && !cache.replace(0, now, now + 1)) {
                    now = cache.get(0);
                }
            }
            return true;
        });
        assertThat(cache.get(0)).isEqualTo(THREADS * ROUNDS);
    }

    @ParameterizedTest
    @EnumSource
    void anyRaceForABar_manyThreads_oneWins(Path path) throws Exception {
        Cache<BarKey, OhlcvBar> bars = fixture.cache("ohlcv", BarKey.class, OhlcvBar.class, path.policy());
        for (int round = 0; round < ROUNDS; round++) {
            BarKey key = new BarKey("BTCUSDT", Timeframe.parse("1h"), round * 3_600_000L);
            List<Boolean> created = race(thread -> bars.putIfAbsent(key, bar(key, thread)));
            assertThat(created).containsOnlyOnce(true);
            OhlcvBar first = bar(key, created.indexOf(true));
            List<Boolean> replaced = race(thread -> bars.replace(key, first, bar(key, 100 + thread)));
            assertThat(replaced).containsOnlyOnce(true);
            assertThat(bars.get(key)).isEqualTo(bar(key, 100 + replaced.indexOf(true)));
            assertThat(race(thread -> bars.getAndRemove(key) != null)).containsOnlyOnce(true);
        }
    }

    private static OhlcvBar bar(BarKey key, int volume) {
        return new OhlcvBar(key.openTime(), 1, 2, 0.5, 1.5, volume);
    }

    @ParameterizedTest
    @EnumSource
    void createCache_manyThreads_oneWins(Path path) throws Exception {
        for (int round = 0; round < 10; round++) {
            String name = "raced" + round;
            List<Boolean> won = race(thread -> {
                try {
                    fixture.manager()
                            .createCache(
                                    name,
                                    new MutableConfiguration<Integer, Integer>()
                                            .setTypes(Integer.class, Integer.class)
                                            .setExpiryPolicyFactory(path::policy));
                    return true;
                } catch (CacheException expected) {
                    return false;
                }
            });
            assertThat(won).containsOnlyOnce(true);
        }
    }

    private Cache<Integer, Integer> cache(Path path) {
        return fixture.cache("raced", Integer.class, Integer.class, path.policy());
    }

    /** Runs an action in all threads at once; the results by thread. */
    private <T> List<T> race(Action<T> action) throws Exception {
        CyclicBarrier start = new CyclicBarrier(THREADS);
        List<Callable<T>> tasks = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            int thread = i;
            tasks.add(() -> {
                start.await(10, TimeUnit.SECONDS);
                return action.run(thread);
            });
        }
        List<T> results = new ArrayList<>();
        for (Future<T> future : threads.invokeAll(tasks)) {
            results.add(future.get());
        }
        return results;
    }

    /** What one of the threads does. */
    @FunctionalInterface
    private interface Action<T> {
        T run(int thread) throws Exception;
    }
}
