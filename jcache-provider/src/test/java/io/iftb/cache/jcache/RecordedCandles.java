package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.jcache.CallLog.Effect;
import io.iftb.cache.jcache.SeriesCall.Kind;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import org.jspecify.annotations.Nullable;

/**
 * Threads that call the candle cache on a few series, and remember each call. Small series have a bar in each block, and fit
 * into the head; large ones have 256, so that their history goes into pages.
 */
final class RecordedCandles {

    private static final long START = 1_700_006_400_000L;
    private static final long HOUR = 3_600_000;
    private static final int LARGE_BLOCK = 256;
    private static final String LARGE = "L";
    private static final String SMALL = "S";
    private static final long LARGE_NANOS = TimeUnit.MILLISECONDS.toNanos(500);
    private static final long SMALL_NANOS = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int LONGEST_PAUSE = 4_000_000;
    private static final int MOST_BLOCKS = 5;
    private static final Duration LIFETIME = Duration.ofHours(1);

    /** A bar's fields hold its value exactly: 2^53 is more. */
    private static final long THREAD_VALUES = 10_000_000_000L;

    private final OhlcvCache candles;
    private final Cache<BarKey, OhlcvBar> bars;
    private final int process;
    private final long seed;
    private final CallLog<SeriesCall> log = new CallLog<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean running = true;

    /** @param process the number of this JVM, from 0: no two write the same value */
    RecordedCandles(CacheManager manager, int process, long seed) {
        this.candles = manager.unwrap(MarketCaches.class).ohlcv();
        this.bars = manager.getCache("ohlcv", BarKey.class, OhlcvBar.class);
        this.process = process;
        this.seed = seed;
    }

    void start(int count) {
        for (int i = 0; i < count; i++) {
            int number = process * 64 + i;
            Thread thread = new Thread(() -> run(number), "candles-" + number);
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

    CallLog<SeriesCall> log() {
        return log;
    }

    List<SeriesCall> calls() {
        return log.calls();
    }

    private void run(int number) {
        Random random = new Random(seed - number);
        long value = (number + 1) * THREAD_VALUES;
        while (running) {
            value++;
            boolean isLarge = random.nextInt(6) == 0;
            String series = isLarge ? LARGE + System.nanoTime() / LARGE_NANOS : SMALL + System.nanoTime() / SMALL_NANOS;
            Kind kind = kind(random.nextInt(100), isLarge);
            int from = random.nextInt(SeriesCall.BLOCKS);
            int to = Math.min(SeriesCall.BLOCKS, from + 1 + random.nextInt(MOST_BLOCKS));
            call(series, kind, from, to, value);
            LockSupport.parkNanos(random.nextInt(LONGEST_PAUSE)); // the pace of the load
        }
    }

    private static Kind kind(int percent, boolean isLarge) {
        if (percent < 40) {
            return Kind.PUT;
        }
        if (percent < 62) {
            return Kind.RANGE;
        }
        if (percent < 84) {
            return Kind.LATEST;
        }
        if (percent < 96) {
            return isLarge ? Kind.PUT : percent < 90 ? Kind.REMOVE : Kind.GET;
        }
        return Kind.INVALIDATE;
    }

    /** Calls and remembers; null if it certainly did nothing. */
    @Nullable
    SeriesCall call(String series, Kind kind, int from, int to, long value) {
        boolean isRead = kind == Kind.RANGE || kind == Kind.LATEST || kind == Kind.GET;
        List<Long> result = new ArrayList<>();
        long began = System.nanoTime();
        long ended = log.make(
                "candles " + kind,
                isRead ? Effect.READ : Effect.WRITE,
                () -> result.addAll(result(series, kind, from, to, value)));
        if (ended == CallLog.NOTHING) {
            return null;
        }
        SeriesCall call = new SeriesCall(series, kind, from, to, value, began, ended, List.copyOf(result));
        log.add(call);
        return call;
    }

    private List<Long> result(String symbol, Kind kind, int from, int to, long value) {
        SeriesKey series = SeriesKey.of(symbol, "1h");
        int block = blockBars(symbol);
        switch (kind) {
            case PUT -> {
                candles.put(series, bars(from * block, to * block, value), LIFETIME);
                return List.of();
            }
            case RANGE -> {
                Map<Integer, Long> found = blocks(symbol, candles.range(series, time(from * block), time(to * block)));
                return IntStream.range(from, to)
                        .mapToObj(each -> found.getOrDefault(each, 0L))
                        .toList();
            }
            case LATEST -> {
                List<Long> newest = new ArrayList<>();
                blocks(symbol, candles.latest(series, to * block))
                        .forEach((number, found) -> Collections.addAll(newest, (long) number, found));
                return newest;
            }
            case GET -> {
                OhlcvBar bar = bars.get(BarKey.of(series, time(from)));
                return List.of(bar == null ? 0L : value(symbol, bar));
            }
            case REMOVE -> {
                return List.of(bars.remove(BarKey.of(series, time(from))) ? 1L : 0L);
            }
            case INVALIDATE -> {
                return List.of(candles.invalidate(series) ? 1L : 0L);
            }
        }
        throw new IllegalArgumentException(kind.name());
    }

    private static int blockBars(String symbol) {
        return symbol.startsWith(LARGE) ? LARGE_BLOCK : 1;
    }

    private static long time(int bar) {
        return START + bar * HOUR;
    }

    private static List<OhlcvBar> bars(int from, int to, long value) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (int i = from; i < to; i++) {
            bars.add(new OhlcvBar(time(i), value, value, value, value, value));
        }
        return bars;
    }

    /** The blocks of bars with their values; a bar or a block that nobody wrote is told. */
    private Map<Integer, Long> blocks(String symbol, BarSeries found) {
        int block = blockBars(symbol);
        Map<Integer, Long> values = new TreeMap<>();
        Map<Integer, Integer> counts = new TreeMap<>();
        for (OhlcvBar bar : found.bars()) {
            int number = Math.toIntExact((bar.openTime() - START) / HOUR / block);
            long value = value(symbol, bar);
            Long other = values.putIfAbsent(number, value);
            counts.merge(number, 1, Integer::sum);
            if (other != null && other != value) {
                log.addWrong(symbol + ", block " + number + ": bars of " + other + " and " + value + " in one read");
            }
        }
        counts.forEach((number, count) -> {
            if (count != block) {
                log.addWrong(symbol + ", block " + number + " of " + values.get(number) + " has a hole: " + count
                        + " of " + block + " bars");
            }
        });
        return values;
    }

    private long value(String symbol, OhlcvBar bar) {
        double value = bar.volume();
        if (bar.open() != value || bar.high() != value || bar.low() != value || bar.close() != value) {
            log.addWrong(symbol + ": nobody wrote the bar " + bar);
        }
        return (long) value;
    }
}
