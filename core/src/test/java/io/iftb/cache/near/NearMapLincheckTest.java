package io.iftb.cache.near;

import java.util.concurrent.CompletableFuture;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * All interleavings of reads, of writes by this program, and of writes by others up to when they were heard: together they are
 * one variable that each reads and writes at one moment (linearizable).
 */
@Param(name = "value", gen = IntGen.class, conf = "1:9")
@Tag("lincheck")
public class NearMapLincheckTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final String KEY = "key";
    private static final String REDIS_KEY = "cache:key";
    private static final long LONG = 1L << 60;

    private final NearMap<Counted> map = new NearMap<>(() -> System.nanoTime() - (this.isHearing ? 0 : LONG), 1 << 20);
    private volatile boolean isHearing = true;
    private volatile int server;

    public NearMapLincheckTest() {
        map.keepStale();
    }

    private static final class Counted extends Held {

        private final int value;

        Counted(long began, int value) {
            super(began + LONG, 8);
            this.value = value;
        }
    }

    @Operation
    public int read() {
        if (!map.isHearing()) {
            return ask();
        }
        Counted held = map.get(KEY);
        if (held == null) {
            CompletableFuture<@Nullable Counted> read = map.read(
                    KEY,
                    REDIS_KEY,
                    NearMap.ANY_TIME,
                    began -> CompletableFuture.completedFuture(new Counted(began, server)));
            held = read.join();
        }
        return held == null ? -1 : held.value;
    }

    /** Drops before it is sent, and again before the caller knows. */
    @Operation
    public void write(int value) {
        map.drop(KEY);
        server = value;
        map.drop(KEY);
    }

    /** The server is asked beside the map. */
    @Operation
    public int ask() {
        int value = server;
        map.seen(KEY, held -> held.value == value);
        return value;
    }

    /** Another program writes, and this one has heard of it. */
    @Operation
    public void hear(int value) {
        server = value;
        map.changed(REDIS_KEY);
    }

    /** Another program writes, and this one has heard that it may have missed something. */
    @Operation
    public void flush(int value) {
        server = value;
        map.dropAll();
    }

    /** Another program writes while this one does not hear: what it holds is stale until it hears again. */
    @Operation
    public synchronized void lose(int value) {
        isHearing = false;
        map.lost(System.nanoTime());
        server = value;
        map.dropAll();
        isHearing = true;
    }

    @Test
    void interleavings_ofAll_areThoseOfOneVariable() {
        new ModelCheckingOptions()
                .threads(THOROUGH ? 3 : 2)
                .actorsPerThread(2)
                .iterations(THOROUGH ? 10 : 2)
                .invocationsPerIteration(THOROUGH ? 1_000 : 50)
                .check(NearMapLincheckTest.class);
    }

    @Tag("thorough")
    @Test
    void threads_underStress_areThoseOfOneVariable() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(THOROUGH ? 3 : 2)
                .iterations(THOROUGH ? 30 : 2)
                .invocationsPerIteration(THOROUGH ? 2_000 : 500)
                .check(NearMapLincheckTest.class);
    }
}
