package io.iftb.cache.benchmarks.near;

import io.iftb.cache.benchmarks.contender.RespSocket;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Function;

/**
 * For each of many keys, the first read is raced by a write, while other threads read keys that are held already. Afterwards
 * nobody writes: what is still old then stays so.
 */
final class FirstReadRace {

    private static final int BYSTANDERS = 1;
    private static final int LONGEST_DELAY = 2_000;

    /** Keys below 0, which nobody writes. */
    private static final int WARM = 16;

    private static final int MOST_AHEAD = 1;

    private final RespSocket raw;
    private final Function<String, Object> read;
    private final Function<String, byte[]> encoded;
    private final String prefix;
    private final AtomicInteger firstRead = new AtomicInteger(-1);
    private final AtomicInteger written = new AtomicInteger(-1);
    private volatile boolean racing = true;

    /**
     * @param read reads a key by its name without the prefix
     * @param encoded a value as it is stored
     * @param prefix the beginning of the keys on the server
     */
    FirstReadRace(RespSocket raw, String prefix, Function<String, byte[]> encoded, Function<String, Object> read) {
        this.raw = raw;
        this.prefix = prefix;
        this.encoded = encoded;
        this.read = read;
    }

    /** Races a number of keys. */
    void run(int keys, long seed) throws Exception {
        byte[] old = encoded.apply("1");
        for (int i = -WARM; i < keys; i++) {
            raw.call("SET", prefix + i, old);
        }
        for (int i = -WARM; i < 0; i++) {
            Object unused = read.apply(Integer.toString(i));
        }
        ExecutorService threads = Executors.newCachedThreadPool();
        try {
            List<Future<?>> bystanders = new ArrayList<>();
            for (int i = 0; i < BYSTANDERS; i++) {
                Random random = new Random(seed + i);
                bystanders.add(threads.submit(() -> readHeld(random)));
            }
            Future<?> writer = threads.submit(() -> write(keys, new Random(seed + BYSTANDERS)));
            for (int i = 0; i < keys; i++) {
                meet(written, i);
                Object unused = read.apply(Integer.toString(i));
                firstRead.set(i);
            }
            writer.get();
            racing = false;
            for (Future<?> each : bystanders) {
                each.get();
            }
        } finally {
            racing = false;
            threads.shutdownNow();
        }
    }

    private void write(int keys, Random random) {
        byte[] changed = encoded.apply("2");
        for (int i = 0; i < keys; i++) {
            meet(firstRead, i);
            for (int spins = random.nextInt(LONGEST_DELAY); spins > 0; spins--) {
                Thread.onSpinWait();
            }
            raw.call("SET", prefix + i, changed);
            written.set(i);
        }
    }

    /** Neither is more than a key ahead. */
    private static void meet(AtomicInteger other, int mine) {
        while (other.get() < mine - MOST_AHEAD) {
            LockSupport.parkNanos(1_000);
        }
    }

    private void readHeld(Random random) {
        while (racing) {
            Object unused = read.apply(Integer.toString(-1 - random.nextInt(WARM)));
        }
    }

    /** How many of the keys are still read as they were before their write. */
    int old(int keys, Object changed) {
        int old = 0;
        for (int i = 0; i < keys; i++) {
            if (!changed.equals(read.apply(Integer.toString(i)))) {
                old++;
            }
        }
        return old;
    }
}
