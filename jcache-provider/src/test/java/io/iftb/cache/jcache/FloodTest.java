package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iftb.cache.settings.Setting;
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

/** Ten thousand calls at once, with the default budget: they take long, and none fails. */
@Timeout(value = 180, unit = TimeUnit.SECONDS)
class FloodTest {

    private static final int CALLS = 10_000;

    private final JCacheFixture fixture =
            JCacheFixture.builder().with(Setting.OPERATION_TIMEOUT, "5s").build();
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
