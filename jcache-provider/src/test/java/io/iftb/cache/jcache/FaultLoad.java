package io.iftb.cache.jcache;

import java.util.ArrayList;
import java.util.List;
import javax.cache.Cache;

/** The load of one JVM: threads that call all operations of a cache, and threads that call the candle cache. */
final class FaultLoad implements AutoCloseable {

    private final RecordedLoad entries;
    private final RecordedCandles candles;

    /** @param process the number of this JVM, from 0 */
    FaultLoad(Cache<String, Long> cache, int process, long seed, Walks walks) {
        entries = new RecordedLoad(cache, process, seed, walks);
        candles = new RecordedCandles(cache.getCacheManager(), process, seed);
    }

    /** What was called. */
    record Calls(List<TimedCall> keys, List<SeriesCall> series, List<String> wrong) {

        static Calls none() {
            return new Calls(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        }

        void addAll(Calls others) {
            keys.addAll(others.keys);
            series.addAll(others.series);
            wrong.addAll(others.wrong);
        }

        int size() {
            return keys.size() + series.size();
        }

        long unknown() {
            return keys.stream().filter(TimedCall::isUnknown).count()
                    + series.stream().filter(SeriesCall::isUnknown).count();
        }
    }

    void start(int threads) {
        entries.start(threads);
        candles.start(Math.max(1, threads / 2));
    }

    /** Ends the threads; gives and forgets what they called. */
    Calls stop() throws InterruptedException {
        entries.stop();
        candles.stop();
        Calls calls = Calls.none();
        calls.keys().addAll(entries.calls());
        calls.series().addAll(candles.calls());
        calls.wrong().addAll(entries.log().wrong());
        calls.wrong().addAll(candles.log().wrong());
        entries.log().forget();
        candles.log().forget();
        return calls;
    }

    /** Lets the threads end if nobody has, such as after a failure, so that they disturb no other test. */
    @Override
    public void close() {
        entries.end();
        candles.end();
    }

    RecordedLoad entries() {
        return entries;
    }

    RecordedCandles candles() {
        return candles;
    }

    long refused() {
        return entries.log().refused() + candles.log().refused();
    }

    CallLog.Longest longest() {
        return CallLog.Longest.of(entries.log().longest(), candles.log().longest());
    }
}
