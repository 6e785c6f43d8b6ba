package io.iftb.cache.jcache;

import io.iftb.cache.embedded.WorkAtExit;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The thread pools of a cache manager for user code that does not run in the caller's thread. Idle threads end.
 *
 * <p>Waiting tasks never block other tasks: each pool replaces a thread that waits for a future or for the lock of a key. The
 * number of accepted tasks is bounded by {@link TaskGate}; tasks that complete an operation are not bounded.
 */
final class CacheExecutors implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CacheExecutors.class);

    /** How many threads of a pool can run, not counting those that wait for futures. */
    private static final int THREADS = Math.max(8, 2 * Runtime.getRuntime().availableProcessors());

    /** Maximum threads of a pool, including those that wait for futures. */
    private static final int MOST_THREADS = 1_024;

    /** Maximum queued messages of other JVMs. */
    private static final int MOST_ARRIVALS = 65_536;

    private static final long WARNING_INTERVAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final ForkJoinPool listeners;
    private final ForkJoinPool tasks;
    private final ForkJoinPool completions;
    private final ThreadPoolExecutor arrivals;
    private final TaskGate gate;
    private final WorkAtExit.Registration atExit;
    private final LongAdder droppedArrivals = new LongAdder();
    private final AtomicLong nextWarning = new AtomicLong(System.nanoTime());

    /** @param classLoader the context class loader of the threads */
    CacheExecutors(ClassLoader classLoader) {
        listeners = pool("iftb-cache-listener-", THREADS, classLoader);
        tasks = pool("iftb-cache-task-", TaskGate.MOST_RUNNING, classLoader);
        completions = pool("iftb-cache-completion-", THREADS, classLoader);
        arrivals = arrivals(MOST_ARRIVALS, classLoader);
        gate = new TaskGate(tasks, List.of(listeners, tasks, completions));
        atExit = WorkAtExit.register(gate::isIdle);
    }

    /** Runs asynchronous listeners, and synchronous ones for which no caller waits. */
    Executor listeners() {
        return task -> listeners.execute(() -> runUninterrupted(task));
    }

    /** Runs loads, and asynchronous operations that may run user code. */
    TaskGate tasks() {
        return gate;
    }

    /** Decodes values and completes public stages. */
    Executor completions() {
        return task -> completions.execute(() -> runUninterrupted(task));
    }

    /** Runs a task without the interrupt that other code may have left in a thread of a pool. */
    static void runUninterrupted(Runnable task) {
        var unused = Thread.interrupted();
        task.run();
    }

    /** Processes messages of other JVMs one after the other. Never blocks; drops messages if the queue is full. */
    Executor arrivals() {
        return message -> arrivals.execute(() -> {
            try {
                message.run();
            } catch (RuntimeException | Error e) {
                LOG.warn("An event of another JVM cannot be read; listeners do not receive it", e);
            }
        });
    }

    /** How many messages of other JVMs were dropped because the queue was full. */
    long droppedArrivals() {
        return droppedArrivals.sum();
    }

    private ThreadPoolExecutor arrivals(int most, ClassLoader classLoader) {
        ThreadPoolExecutor pool = new ThreadPoolExecutor(
                1,
                1,
                10,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(most),
                task -> {
                    Thread thread = new Thread(task, "iftb-cache-arrival");
                    thread.setDaemon(true);
                    thread.setContextClassLoader(classLoader);
                    return thread;
                },
                (message, executor) -> dropped(executor.isShutdown()));
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }

    private void dropped(boolean closed) {
        if (closed) {
            return;
        }
        droppedArrivals.increment();
        long now = System.nanoTime();
        long next = nextWarning.get();
        if (now - next >= 0 && nextWarning.compareAndSet(next, now + WARNING_INTERVAL_NANOS)) {
            LOG.warn(
                    "Events of other JVMs arrive faster than they can be read: {} are queued, {} were dropped so far",
                    MOST_ARRIVALS,
                    droppedArrivals());
        }
    }

    private static ForkJoinPool pool(String name, int threads, ClassLoader classLoader) {
        AtomicInteger number = new AtomicInteger();
        ForkJoinPool.ForkJoinWorkerThreadFactory factory = pool -> {
            ForkJoinWorkerThread thread = ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(pool);
            thread.setName(name + number.incrementAndGet());
            thread.setContextClassLoader(classLoader);
            return thread;
        };
        return new ForkJoinPool(
                threads,
                factory,
                (thread, e) -> LOG.warn("A task of thread {} failed", thread.getName(), e),
                true,
                threads,
                MOST_THREADS,
                threads, // can run, however many wait: with fewer, a task would not start while the others run on
                saturated -> true,
                10,
                TimeUnit.SECONDS);
    }

    /** Lets queued tasks run to their end, and accepts no new ones. */
    @Override
    public void close() {
        atExit.close();
        arrivals.shutdown();
        tasks.shutdown();
        listeners.shutdown();
        completions.shutdown();
    }
}
