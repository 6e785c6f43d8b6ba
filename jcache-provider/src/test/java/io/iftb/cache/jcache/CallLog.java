package io.iftb.cache.jcache;

import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.RedisServerException;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import javax.cache.CacheException;

/**
 * What the threads of a load remember of their calls. Safe for use by several threads.
 *
 * @param <C> a call
 */
final class CallLog<C extends RecordedCall<?>> {

    /** The end of a call that certainly did nothing. */
    static final long NOTHING = Long.MIN_VALUE;

    /** What a call that fails may have done. */
    enum Effect {
        /** nothing, ever */
        READ,
        /** the same; each piece of it has the budget of a call */
        READS,
        /** nothing, unless it says that its outcome is unknown */
        WRITE,
        /** a part; each piece of it has the budget of a call */
        WRITES
    }

    private final Queue<C> calls = new ConcurrentLinkedQueue<>();
    private final Queue<String> wrong = new ConcurrentLinkedQueue<>();
    private final AtomicLong refused = new AtomicLong();
    private final AtomicReference<Longest> longest = new AtomicReference<>(new Longest("none", 0));

    /** A call with the budget of one, and how long it took. */
    record Longest(String what, long nanos) {

        static Longest of(Longest one, Longest other) {
            return one.nanos >= other.nanos ? one : other;
        }

        long millis() {
            return TimeUnit.NANOSECONDS.toMillis(nanos);
        }

        @Override
        public String toString() {
            return what + " with " + millis() + " ms";
        }
    }

    /** Makes a call; returns its end, {@link RecordedCall#UNKNOWN} or {@link #NOTHING}. */
    long make(String what, Effect effect, Runnable call) {
        long began = System.nanoTime();
        try {
            call.run();
            return System.nanoTime();
        } catch (OutcomeUnknownException | RedisOutcomeUnknownException e) {
            if (effect == Effect.READ || effect == Effect.READS) {
                wrong.add(what + " ended with " + e);
            }
            return RecordedCall.UNKNOWN;
        } catch (CacheException | RedisServerException e) {
            refused.incrementAndGet();
            return effect == Effect.WRITES ? RecordedCall.UNKNOWN : NOTHING;
        } catch (RuntimeException e) {
            wrong.add(what + " ended with " + e);
            return RecordedCall.UNKNOWN;
        } finally {
            if (effect == Effect.READ || effect == Effect.WRITE) {
                longest.accumulateAndGet(new Longest(what, System.nanoTime() - began), Longest::of);
            }
        }
    }

    void add(C call) {
        calls.add(call);
    }

    void addWrong(String sentence) {
        wrong.add(sentence);
    }

    /** All calls but those that certainly did nothing. */
    List<C> calls() {
        return List.copyOf(calls);
    }

    /** What no caller should see, each a sentence. */
    List<String> wrong() {
        return List.copyOf(wrong);
    }

    /** Calls that failed, and said so. */
    long refused() {
        return refused.get();
    }

    Longest longest() {
        return Objects.requireNonNull(longest.get());
    }

    void forget() {
        calls.clear();
    }
}
