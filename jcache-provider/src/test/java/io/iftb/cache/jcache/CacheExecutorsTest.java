package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.settings.CacheSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Asynchronous work that waits for other asynchronous work, and too much asynchronous work. */
@Timeout(60)
class CacheExecutorsTest {

    private final JCacheFixture fixture = JCacheFixture.open();
    private final RedisCache<String, String> cache = fixture.cache("texts", String.class, String.class);

    @SuppressWarnings("unchecked") // a class literal has no type arguments
    private final AsyncCache<String, String> async = (AsyncCache<String, String>) cache.unwrap(AsyncCache.class);

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void invokes_whoseProcessorsWaitForAnAsyncGet_end() throws Exception {
        cache.put("other", "value");
        CountDownLatch allIn = new CountDownLatch(16);
        List<CompletableFuture<String>> stages = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            stages.add(async.<String>invoke("k" + i, (entry, arguments) -> {
                        allIn.countDown();
                        awaited(allIn);
                        return async.get("other").toCompletableFuture().join();
                    })
                    .toCompletableFuture());
        }

        CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
        assertThat(stages).allSatisfy(stage -> assertThat(stage.join()).isEqualTo("value"));
    }

    @Test
    void invokes_moreThanRunAtOneTimeThatWaitForInvokes_end() throws Exception {
        List<CompletableFuture<String>> stages = IntStream.range(0, 2 * TaskGate.MOST_RUNNING)
                .mapToObj(i -> async.<String>invoke(
                                "k" + i,
                                (entry, arguments) -> async.get("none")
                                        .thenCompose(
                                                none -> async.<String>invoke("n" + i, (nested, no) -> nested.getKey()))
                                        .toCompletableFuture()
                                        .join())
                        .toCompletableFuture())
                .toList();

        CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0])).get(30, TimeUnit.SECONDS);
        assertThat(stages.get(7).join()).isEqualTo("n7");
    }

    @Test
    void continuations_thatWaitForOtherStages_end() throws Exception {
        List<CompletableFuture<String>> stages = IntStream.range(0, 40)
                .mapToObj(i -> async.put("k" + i, "v")
                        .thenApply(
                                done -> async.get("k" + i).toCompletableFuture().join())
                        .toCompletableFuture())
                .toList();

        CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
    }

    @Test
    void stages_ofCommandsAndOfTasks_completeInTheThreadsForThat() {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch dependents = new CountDownLatch(1);

        List<CompletableFuture<?>> stages = List.of(
                async.invoke("k", (entry, arguments) -> {
                            awaited(dependents);
                            return null;
                        })
                        .thenRun(() -> threads.add(threadKind()))
                        .toCompletableFuture(),
                async.invoke("l", (entry, arguments) -> {
                            awaited(dependents);
                            throw new IllegalStateException("broken");
                        })
                        .handle((done, e) -> threads.add(threadKind()))
                        .toCompletableFuture());
        dependents.countDown();
        stages.forEach(CompletableFuture::join);

        assertThat(threads).containsExactly("iftb-cache-completion");
    }

    @Test
    void taskGate_full_refusesOutsidersWithASentenceAndLetsInsidersIn() {
        ForkJoinPool pool = new ForkJoinPool(TaskGate.MOST_RUNNING);
        TaskGate gate = new TaskGate(pool, List.of(pool));
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        gate.execute(() -> {
            awaited(released);
            gate.execute(ran::incrementAndGet);
        });
        int accepted = TaskGate.MOST_RUNNING - 1 + TaskGate.MOST_WAITING;
        for (int i = 0; i < accepted; i++) {
            gate.execute(() -> {
                awaited(released);
                ran.incrementAndGet();
            });
        }

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> gate.execute(ran::incrementAndGet))
                .withMessageContaining(TaskGate.MOST_WAITING + " asynchronous operations");

        released.countDown();
        await().untilAsserted(() -> assertThat(ran).hasValue(accepted + 1));
        pool.shutdown();
    }

    @Test
    void arrivals_fasterThanTheyAreRead_areDroppedAndCountedWithoutBlocking() {
        try (CacheExecutors executors = new CacheExecutors(getClass().getClassLoader())) {
            CountDownLatch released = new CountDownLatch(1);
            AtomicInteger ran = new AtomicInteger();
            executors.arrivals().execute(() -> {
                awaited(released);
                throw new IllegalStateException("a broken message holds up no other");
            });
            for (int i = 0; i < 70_000; i++) {
                executors.arrivals().execute(ran::incrementAndGet);
            }
            assertThat(executors.droppedArrivals()).isPositive();

            released.countDown();
            await().untilAsserted(() ->
                    assertThat(ran.get() + executors.droppedArrivals()).isEqualTo(70_000));
        }
    }

    @Test
    void remoteKeys_ofAClassOfTheUser_areDecodedOutsideTheConnection() {
        EventLog<NotingKey, String> log = new EventLog<>();
        try (JCacheFixture here = remote();
                JCacheFixture there = remote()) {
            here.cache("keys", NotingKey.class, String.class)
                    .registerCacheEntryListener(log.asynchronousConfiguration());
            NotingKey.THREADS.clear();
            there.cache("keys", NotingKey.class, String.class).put(new NotingKey("k"), "v");

            await().untilAsserted(() -> assertThat(log.take()).containsExactly("CREATED null -> v"));
            assertThat(NotingKey.THREADS).contains("iftb-cache-arrival").noneMatch(name -> name.contains("redisson"));
        }
    }

    private static JCacheFixture remote() {
        return JCacheFixture.builder()
                .namespace("noting-keys")
                .with(CacheSetting.REMOTE_EVENTS, "keys", "on")
                .build();
    }

    /** A key that records the threads in which it is created. */
    record NotingKey(String text) {

        static final Set<String> THREADS = ConcurrentHashMap.newKeySet();

        NotingKey {
            THREADS.add(Thread.currentThread().getName());
        }
    }

    private static String threadKind() {
        String name = Thread.currentThread().getName();
        return name.substring(0, name.lastIndexOf('-'));
    }

    private static void awaited(CountDownLatch latch) {
        try {
            assertThat(latch.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A pool that is shut down just before it would accept the last task that may run. */
    private static final class ClosingPool extends ForkJoinPool {

        private final Runnable before;
        private final AtomicInteger tasks = new AtomicInteger();

        ClosingPool(Runnable before) {
            super(TaskGate.MOST_RUNNING);
            this.before = before;
        }

        @Override
        public void execute(Runnable task) {
            if (tasks.incrementAndGet() == TaskGate.MOST_RUNNING) {
                before.run();
                shutdown();
            }
            super.execute(task);
        }
    }

    @Test
    void taskGate_closedWhileATaskIsAccepted_runsThoseThatWaitBehindIt() {
        AtomicInteger ran = new AtomicInteger();
        List<TaskGate> gates = new ArrayList<>();
        TaskGate gate = new TaskGate(new ClosingPool(() -> gates.get(0).execute(ran::incrementAndGet)), List.of());
        gates.add(gate);
        CountDownLatch released = new CountDownLatch(1);
        for (int i = 1; i < TaskGate.MOST_RUNNING; i++) {
            gate.execute(() -> awaited(released));
        }

        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> gate.execute(() -> {}))
                .withMessageContaining("closed");
        released.countDown();
        await().until(gate::isIdle);
        assertThat(ran).hasValue(1);
    }

    @Test
    void taskGate_failureThatCannotBeReported_keepsNoSlot() {
        ForkJoinPool pool = new ForkJoinPool(
                2,
                ForkJoinPool.defaultForkJoinWorkerThreadFactory,
                (thread, e) -> {
                    throw new IllegalStateException("cannot be reported");
                },
                true);
        TaskGate gate = new TaskGate(pool, List.of());
        CountDownLatch ran = new CountDownLatch(1);
        gate.execute(() -> {
            ran.countDown();
            throw new IllegalStateException("broken task");
        });
        awaited(ran);

        await().until(gate::isIdle);
        pool.shutdown();
    }
}
