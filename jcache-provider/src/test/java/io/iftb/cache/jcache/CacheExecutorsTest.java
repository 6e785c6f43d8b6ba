package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.settings.CacheSetting;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheException;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.integration.CacheWriter;
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

    /** Unlike a stage, for which the pool lets another thread do other work. */
    private static void busyUntil(CountDownLatch latch) {
        try {
            while (!latch.await(0, TimeUnit.SECONDS)) {
                Thread.sleep(1);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void tasks_oneWaitsForAnotherWhileAllOthersAreBusyAndMoreWait_ends() throws Exception {
        CountDownLatch released = new CountDownLatch(1);
        try (CacheExecutors executors = new CacheExecutors(getClass().getClassLoader())) {
            for (int i = 1; i < TaskGate.MOST_RUNNING; i++) {
                executors.tasks().execute(() -> busyUntil(released));
            }
            CompletableFuture<String> outer = new CompletableFuture<>();
            executors.tasks().execute(() -> {
                CompletableFuture<String> inner = new CompletableFuture<>();
                executors.tasks().execute(() -> inner.complete("done"));
                outer.complete(
                        inner.completeOnTimeout("starved", 10, TimeUnit.SECONDS).join());
            });
            for (int i = 0; i < 100; i++) {
                executors.tasks().execute(() -> busyUntil(released));
            }

            assertThat(outer.get(20, TimeUnit.SECONDS)).isEqualTo("done");
        } finally {
            released.countDown();
        }
    }

    @Test
    void continuations_thatWaitForOneKeyWhoseProcessorWaitsForAStage_end() throws Exception {
        cache.put("rate", "1");
        List<CompletableFuture<Void>> stages = IntStream.range(0, 100)
                .mapToObj(i -> async.get("k" + i)
                        .thenRun(() -> cache.invoke(
                                "counter",
                                (entry, arguments) ->
                                        async.get("rate").toCompletableFuture().join()))
                        .toCompletableFuture())
                .toList();

        CompletableFuture.allOf(stages.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
    }

    @Test
    void tasks_afterOneThatLeavesAnInterrupt_areNotInterrupted() throws Exception {
        CompletableFuture<Boolean> behind = new CompletableFuture<>();
        CountDownLatch released = new CountDownLatch(1);
        try (CacheExecutors executors = new CacheExecutors(getClass().getClassLoader())) {
            for (int i = 0; i < TaskGate.MOST_RUNNING; i++) {
                executors.tasks().execute(() -> {
                    busyUntil(released);
                    Thread.currentThread().interrupt();
                });
            }
            executors
                    .tasks()
                    .execute(() -> behind.complete(Thread.currentThread().isInterrupted()));
            released.countDown();

            assertThat(behind.get(10, TimeUnit.SECONDS)).isFalse();
        }
    }

    /** By one task after the other in the same thread. */
    @Test
    void completionsAndListeners_afterOneThatLeavesAnInterrupt_areNotInterrupted() throws Exception {
        try (CacheExecutors executors = new CacheExecutors(getClass().getClassLoader())) {
            for (Executor each : List.of(executors.completions(), executors.listeners())) {
                List<CompletableFuture<Boolean>> seen = new ArrayList<>();
                for (int i = 0; i < 1_000; i++) {
                    CompletableFuture<Boolean> interrupted = new CompletableFuture<>();
                    seen.add(interrupted);
                    each.execute(() -> {
                        interrupted.complete(Thread.currentThread().isInterrupted());
                        Thread.currentThread().interrupt();
                    });
                }
                for (CompletableFuture<Boolean> one : seen) {
                    assertThat(one.get(10, TimeUnit.SECONDS)).isFalse();
                }
            }
        }
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

    /** Of a cache whose writer is slow, while all places for tasks are taken. */
    @Test
    void asyncPut_cancelledBeforeItBegins_isNotCarriedOutAndGivesItsPlaceBack() throws Exception {
        List<String> written = new CopyOnWriteArrayList<>();
        CountDownLatch released = new CountDownLatch(1);
        RedisCache<String, String> writing = (RedisCache<String, String>) fixture.manager()
                .createCache(
                        "writing",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setWriteThrough(true)
                                .setCacheWriterFactory(() -> new RecordingWriter(written)));
        @SuppressWarnings("unchecked") // a class literal has no type arguments
        AsyncCache<String, String> asyncWriting = (AsyncCache<String, String>) writing.unwrap(AsyncCache.class);
        List<CompletableFuture<String>> running = IntStream.range(0, TaskGate.MOST_RUNNING)
                .mapToObj(i -> async.<String>invoke("k" + i, (entry, arguments) -> {
                            awaited(released);
                            return null;
                        })
                        .toCompletableFuture())
                .toList();
        CompletableFuture<Void> cancelled = asyncWriting.put("cancelled", "v").toCompletableFuture();
        CompletableFuture<Void> wanted = asyncWriting.put("wanted", "v").toCompletableFuture();
        cancelled.cancel(false);
        released.countDown();

        wanted.get(20, TimeUnit.SECONDS);
        CompletableFuture.allOf(running.toArray(new CompletableFuture<?>[0])).get(20, TimeUnit.SECONDS);
        assertThat(written).containsExactly("wanted");
    }

    @Test
    void taskGate_tasksWithdrawn_letOthersIn() {
        ForkJoinPool pool = new ForkJoinPool(TaskGate.MOST_RUNNING);
        TaskGate gate = new TaskGate(pool, List.of());
        CountDownLatch released = new CountDownLatch(1);
        AtomicInteger ran = new AtomicInteger();
        for (int i = 0; i < TaskGate.MOST_RUNNING; i++) {
            gate.execute(() -> awaited(released));
        }
        List<Runnable> unwanted = new ArrayList<>();
        for (int i = 1; i <= TaskGate.MOST_WAITING; i++) {
            int number = i;
            Runnable task = () -> ran.addAndGet(number);
            unwanted.add(task);
            gate.execute(task);
        }
        AtomicInteger wanted = new AtomicInteger();
        assertThatExceptionOfType(CacheException.class).isThrownBy(() -> gate.execute(wanted::incrementAndGet));

        unwanted.forEach(gate::withdraw);
        gate.execute(wanted::incrementAndGet);

        released.countDown();
        await().until(gate::isIdle);
        assertThat(ran).hasValue(0);
        assertThat(wanted).hasValue(1);
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

    /** A writer that records the keys of single writes. */
    private record RecordingWriter(List<String> written) implements CacheWriter<String, String> {

        @Override
        public void write(Cache.Entry<? extends String, ? extends String> entry) {
            written.add(entry.getKey());
        }

        @Override
        public void writeAll(Collection<Cache.Entry<? extends String, ? extends String>> entries) {
            entries.clear();
        }

        @Override
        public void delete(Object key) {}

        @Override
        public void deleteAll(Collection<?> keys) {
            keys.clear();
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
