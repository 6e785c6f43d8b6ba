package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import javax.cache.Cache;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Ten thousand calls at once: they take long, and none fails. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class FloodTest {

    private static final int CALLS = 10_000;

    /** What all operations share, so that many wait for their turn at the same key. */
    private static final int KEYS = 100;

    /** With 30 s for each; on a quiet machine the default of 5 s is enough. */
    private final JCacheFixture fixture = JCacheFixture.open();

    private final Cache<Integer, String> cache = fixture.cache("flood", Integer.class, String.class);

    @AfterEach
    void close() {
        cache.clear(); // thousands of keys would slow down the tests that list those of the server
        fixture.close();
    }

    @Test
    @SuppressWarnings("unchecked") // the class of an asynchronous cache has no types
    void asyncCalls_tenThousandAtOnce_allSucceed() throws Exception {
        AsyncCache<Integer, String> async = cache.unwrap(AsyncCache.class);
        List<CompletableFuture<?>> all = new ArrayList<>();
        List<IntFunction<CompletionStage<?>>> operations = List.of(
                key -> async.put(key, "v" + key),
                async::get,
                key -> async.getAll(Set.of(key, key + 1)),
                key -> async.putAll(Map.of(key, "a", key + 1, "b")),
                key -> async.invoke(key, (entry, arguments) -> {
                    entry.setValue("w");
                    return null;
                }));
        for (int i = 0; i < CALLS; i++) {
            all.add(operations.get(i % operations.size()).apply(i).toCompletableFuture());
        }
        CompletableFuture.allOf(all.toArray(new CompletableFuture<?>[0])).get(150, TimeUnit.SECONDS);
    }

    @Test
    void virtualThreads_tenThousandPutAtOnce_allSucceed() throws Exception {
        assertThat(failures(key -> cache.put(key, "v" + key))).isEmpty();
    }

    @Test
    void virtualThreads_tenThousandInvokeAtOnce_allSucceed() throws Exception {
        assertThat(failures(key -> cache.invoke(key, (entry, arguments) -> {
                    entry.setValue("v");
                    return null;
                })))
                .isEmpty();
    }

    @Test
    void virtualThreads_tenThousandOfEveryOperation_allSucceed() throws Exception {
        EntryCase[] operations = EntryCase.values();
        assertThat(failures(key -> {
                    EntryCase operation = operations[key % operations.length];
                    operation.run(cache, key / operations.length % KEYS, "a", "b", "c");
                }))
                .isEmpty();
    }

    @Test
    void virtualThreads_tenThousandOfTheTypedCaches_allSucceed() throws Exception {
        MarketCaches caches = fixture.manager().unwrap(MarketCaches.class);
        SeriesKey series = SeriesKey.of("FLOOD", "1m");
        AnalysisKey question = new AnalysisKey("sentiment", LlmCache.hash("flood"));
        List<IntConsumer> operations = List.of(
                key -> caches.ohlcv().put(series, List.of(new OhlcvBar(key * 60_000L, 1, 1, 1, 1, 1))),
                key -> caches.ohlcv().latest(series, 100),
                key -> caches.ohlcv().range(series, 0, key * 60_000L),
                key -> caches.ohlcv().latest(List.of(series, SeriesKey.of("OTHER", "1m")), 10),
                key -> caches.market().putTicker("FLOOD", new Ticker(1, 2, 1, 1, 1, 1, 0, 1_700_000_040_000L)),
                key -> caches.market().ticker("FLOOD"),
                key -> caches.llm().computeIfAbsent(question, () -> new Analysis("{}")),
                key -> caches.llm().get(question),
                key -> caches.health());
        assertThat(failures(key -> operations.get(key % operations.size()).accept(key)))
                .isEmpty();
    }

    /** Each failure, and how often it came. */
    private static Map<String, Integer> failures(IntConsumer call) throws Exception {
        boolean available = Runtime.version().feature() >= 21;
        assumeTrue(available, "this JDK has no virtual threads");
        var start = Thread.class.getMethod("startVirtualThread", Runnable.class);
        Map<String, Integer> failures = new ConcurrentHashMap<>();
        CountDownLatch began = new CountDownLatch(1);
        CountDownLatch ended = new CountDownLatch(CALLS);
        for (int i = 0; i < CALLS; i++) {
            int key = i;
            Runnable task = () -> {
                try {
                    began.await();
                    call.accept(key);
                } catch (InterruptedException | RuntimeException e) {
                    failures.merge(String.valueOf(e.getMessage()), 1, Integer::sum);
                } finally {
                    ended.countDown();
                }
            };
            start.invoke(null, task);
        }
        began.countDown();
        assertThat(ended.await(150, TimeUnit.SECONDS)).isTrue();
        return failures;
    }
}
