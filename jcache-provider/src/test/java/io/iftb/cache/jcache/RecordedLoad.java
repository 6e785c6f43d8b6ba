package io.iftb.cache.jcache;

import io.iftb.cache.jcache.TimedCall.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * Threads that call all operations on a few keys, and remember each call. All JVMs use the same keys at the same time, and
 * others soon after, so that the history of a key is short.
 */
final class RecordedLoad {

    private static final long KEY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int KEYS = 4;
    private static final List<Kind> KINDS = List.of(Kind.values());
    private static final int LONGEST_PAUSE = 2_000_000;
    private static final long THREAD_VALUES = 1_000_000_000_000L;

    /** Increments lie between two values that are written. */
    private static final long STEP = 1_000;

    private final Cache<String, Long> cache;
    private final int process;
    private final long seed;
    private final Queue<TimedCall> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicLong longest = new AtomicLong();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    /** @param process the number of this JVM, from 0: no two write the same value */
    RecordedLoad(Cache<String, Long> cache, int process, long seed) {
        this.cache = cache;
        this.process = process;
        this.seed = seed;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            int number = process * 64 + i;
            Thread thread = new Thread(() -> run(number), "load-" + number);
            thread.start();
            threads.add(thread);
        }
    }

    void stop() throws InterruptedException {
        running = false;
        for (Thread thread : threads) {
            thread.join();
        }
    }

    /** All calls but those that certainly did nothing. */
    List<TimedCall> calls() {
        return List.copyOf(calls);
    }

    /** What no caller should see, each a sentence. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Calls that failed, and certainly did nothing. */
    long refused() {
        return refused.get();
    }

    long longestMillis() {
        return TimeUnit.NANOSECONDS.toMillis(longest.get());
    }

    private void run(int number) {
        Random random = new Random(seed + number);
        long written = (number + 1) * THREAD_VALUES;
        long seen = written;
        while (running) {
            String key = "k" + System.nanoTime() / KEY_NANOS + "-" + random.nextInt(KEYS);
            Kind kind = KINDS.get(random.nextInt(KINDS.size()));
            written += STEP;
            TimedCall call = call(key, kind, written, seen);
            if (call != null && kind == Kind.GET && call.result() != 0) {
                seen = call.result();
            } else if (call != null && kind == Kind.PUT) {
                seen = written;
            }
            LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE)); // the pace of the load
        }
    }

    /** Calls and remembers; null if it certainly did nothing. */
    @Nullable
    TimedCall call(String key, Kind kind, long value, long expected) {
        long began = System.nanoTime();
        long ended = Long.MAX_VALUE;
        long result = 0;
        try {
            result = result(key, kind, value, expected);
            ended = System.nanoTime();
        } catch (OutcomeUnknownException e) {
            if (kind == Kind.GET || kind == Kind.CONTAINS_KEY) {
                wrong.add(kind + " ended with " + e);
            }
        } catch (CacheException e) {
            refused.incrementAndGet();
            return null;
        } catch (RuntimeException e) {
            wrong.add(kind + " ended with " + e);
        } finally {
            longest.accumulateAndGet(System.nanoTime() - began, Math::max);
        }
        TimedCall call = new TimedCall(key, kind, value, expected, began, ended, result);
        calls.add(call);
        return call;
    }

    private long result(String key, Kind kind, long value, long expected) {
        return switch (kind) {
            case GET -> number(cache.get(key));
            case CONTAINS_KEY -> number(cache.containsKey(key));
            case PUT -> {
                cache.put(key, value);
                yield 0;
            }
            case REMOVE -> number(cache.remove(key));
            case GET_AND_PUT -> number(cache.getAndPut(key, value));
            case GET_AND_REMOVE -> number(cache.getAndRemove(key));
            case PUT_IF_ABSENT -> number(cache.putIfAbsent(key, value));
            case REPLACE_OLD -> number(cache.replace(key, expected, value));
            case REMOVE_OLD -> number(cache.remove(key, expected));
            case INCREMENT ->
                number(cache.invoke(key, (entry, arguments) -> {
                    long next = number(entry.getValue()) + 1;
                    entry.setValue(next);
                    return next;
                }));
        };
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static long number(boolean value) {
        return value ? 1 : 0;
    }
}
