package io.iftb.cache.jcache;

import io.iftb.cache.jcache.CallLog.Effect;
import io.iftb.cache.jcache.TimedCall.Kind;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import javax.cache.Cache;
import org.jspecify.annotations.Nullable;

/**
 * Threads that call all operations on a few keys, and remember each call. All JVMs use the same keys at the same time, and
 * others soon after, so that the history of a key is short.
 */
final class RecordedLoad {

    private static final long KEY_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int KEYS = 4;
    private static final List<Kind> KINDS = List.of(
            Kind.GET,
            Kind.CONTAINS_KEY,
            Kind.PUT,
            Kind.REMOVE,
            Kind.GET_AND_PUT,
            Kind.GET_AND_REMOVE,
            Kind.PUT_IF_ABSENT,
            Kind.REPLACE,
            Kind.GET_AND_REPLACE,
            Kind.REPLACE_OLD,
            Kind.REMOVE_OLD,
            Kind.INCREMENT);
    private static final int LONGEST_PAUSE = 2_000_000;
    private static final long THREAD_VALUES = 1_000_000_000_000L;

    /** Of so many calls one is a batch, and of so many batches one walks over all keys. */
    private static final int BATCHES = 8;

    private static final int WALKS = 40;

    /** Increments lie between two values that are written. */
    private static final long STEP = 1_000;

    private final Cache<String, Long> cache;
    private final int process;
    private final long seed;
    private final CallLog<TimedCall> log = new CallLog<>();
    private final RecordedBatches batches;
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    /** @param process the number of this JVM, from 0: no two write the same value */
    RecordedLoad(Cache<String, Long> cache, int process, long seed) {
        this(cache, process, seed, Walks.FIND_ALL);
    }

    /** The same, where walks promise more or less. */
    RecordedLoad(Cache<String, Long> cache, int process, long seed, Walks walks) {
        this.cache = cache;
        this.process = process;
        this.seed = seed;
        this.batches = new RecordedBatches(cache, log, walks);
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            int number = process * 64 + i;
            Thread thread = new Thread(() -> run(number), "load-" + number);
            thread.start();
            threads.add(thread);
        }
    }

    /** Lets the threads end, and does not wait for it. */
    void end() {
        running = false;
    }

    void stop() throws InterruptedException {
        end();
        for (Thread thread : threads) {
            thread.join();
        }
    }

    CallLog<TimedCall> log() {
        return log;
    }

    List<TimedCall> calls() {
        return log.calls();
    }

    RecordedBatches batches() {
        return batches;
    }

    private void run(int number) {
        Random random = new Random(seed + number);
        long written = (number + 1) * THREAD_VALUES;
        long seen = written;
        while (running) {
            written += STEP;
            List<String> keys = keys();
            if (random.nextInt(BATCHES) == 0) {
                batch(keys, random, written);
                written += STEP * KEYS;
            } else {
                Kind kind = KINDS.get(random.nextInt(KINDS.size()));
                TimedCall call = call(keys.get(random.nextInt(KEYS)), kind, written, seen);
                if (call != null && kind == Kind.GET && call.result() != 0) {
                    seen = call.result();
                } else if (call != null && kind == Kind.PUT) {
                    seen = written;
                }
            }
            LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE)); // the pace of the load
        }
    }

    private static List<String> keys() {
        List<String> keys = new ArrayList<>();
        long time = System.nanoTime() / KEY_NANOS;
        for (int i = 0; i < KEYS; i++) {
            keys.add("k" + time + "-" + i);
        }
        return keys;
    }

    private void batch(List<String> keys, Random random, long value) {
        List<String> some = keys.subList(0, 1 + random.nextInt(KEYS));
        if (random.nextInt(WALKS) == 0) {
            if (random.nextBoolean()) {
                batches.clear();
            } else {
                batches.removeAll();
            }
            return;
        }
        switch (random.nextInt(4)) {
            case 0 -> batches.getAll(Set.copyOf(some));
            case 1 -> {
                Map<String, Long> values = new HashMap<>();
                some.forEach(key -> values.put(key, value + STEP * values.size()));
                batches.putAll(values);
            }
            case 2 -> batches.removeAll(Set.copyOf(some));
            default -> batches.iterate(keys);
        }
    }

    /** Calls and remembers; null if it certainly did nothing. */
    @Nullable
    TimedCall call(String key, Kind kind, long value, long expected) {
        AtomicLong result = new AtomicLong();
        Effect effect = kind == Kind.GET || kind == Kind.CONTAINS_KEY ? Effect.READ : Effect.WRITE;
        long began = System.nanoTime();
        long ended = log.make(kind.name(), effect, () -> result.set(result(key, kind, value, expected)));
        if (ended == CallLog.NOTHING) {
            return null;
        }
        TimedCall call = new TimedCall(key, kind, value, expected, began, ended, result.get());
        log.add(call);
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
            case GET_AND_REPLACE -> number(cache.getAndReplace(key, value));
            case PUT_IF_ABSENT -> number(cache.putIfAbsent(key, value));
            case REPLACE -> number(cache.replace(key, value));
            case REPLACE_OLD -> number(cache.replace(key, expected, value));
            case REMOVE_OLD -> number(cache.remove(key, expected));
            case INCREMENT ->
                number(cache.invoke(key, (entry, arguments) -> {
                    long next = number(entry.getValue()) + 1;
                    entry.setValue(next);
                    return next;
                }));
            case REMOVE_ALL, REMOVE_ALL_AGAIN -> throw new IllegalArgumentException(kind + " is a batch");
        };
    }

    private static long number(@Nullable Long value) {
        return value == null ? 0 : value;
    }

    private static long number(boolean value) {
        return value ? 1 : 0;
    }
}
