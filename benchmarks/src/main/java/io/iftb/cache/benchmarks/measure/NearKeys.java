package io.iftb.cache.benchmarks.measure;

import static java.util.Objects.requireNonNull;

import com.github.benmanes.caffeine.cache.Caffeine;
import com.sun.management.ThreadMXBean;
import io.iftb.cache.benchmarks.contender.Endpoint;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.time.DayOfWeek;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.IntStream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/**
 * {@code Cache.get} of what this JVM holds, by the type of the key, in turns with Caffeine.
 *
 * @param address the address of the server
 * @param rounds how many measurements the median is of
 */
record NearKeys(Endpoint address, int rounds) {

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private static final int ENTRIES = 100;

    /** Loops over all keys until the compiler is done, and in one turn. */
    private static final int WARM_LOOPS = 20_000;

    private static final int LOOPS = 200;

    /** Short turns, and many: another program that runs in between meets few of them. */
    private static final int TURNS = 20;

    /** A key of several parts, as programs have them. */
    record Pair(String symbol, int number, DayOfWeek day) {}

    /** Reads the value of a key. */
    private interface Reader {
        Object get(Object key);
    }

    List<CostFigure> figures() {
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.caches.*.near", "on");
        try (CacheManager manager = Caching.getCachingProvider("io.iftb.cache.jcache.IftbCachingProvider")
                .getCacheManager(URI.create(address.tcp()), null, properties)) {
            List<CostFigure> figures = new ArrayList<>();
            figures.addAll(of(manager, String.class, i -> "SYM" + i + "USDT"));
            figures.addAll(of(manager, Integer.class, i -> 1_000 + i));
            figures.addAll(of(manager, Long.class, i -> 1_000_000_000_000L + i));
            figures.addAll(of(manager, UUID.class, i -> new UUID(i * 0x9E3779B97F4A7C15L, i)));
            figures.addAll(of(manager, DayOfWeek.class, i -> DayOfWeek.of(1 + i % 7)));
            figures.addAll(of(manager, Pair.class, i -> new Pair("SYM" + i, i, DayOfWeek.of(1 + i % 7))));
            return figures;
        }
    }

    private <K> List<CostFigure> of(CacheManager manager, Class<K> type, Function<Integer, K> key) {
        String name = type.getSimpleName();
        Cache<K, Long> near =
                manager.createCache("by-" + name, new MutableConfiguration<K, Long>().setTypes(type, Long.class));
        com.github.benmanes.caffeine.cache.Cache<Object, Long> caffeine = Caffeine.newBuilder()
                .maximumWeight(1 << 20)
                .weigher((Object each, Long value) -> 1)
                .expireAfterWrite(Duration.ofHours(1))
                .build();
        List<K> keys = IntStream.range(0, ENTRIES).mapToObj(key::apply).toList();
        for (K each : keys) {
            near.put(each, 7L);
            caffeine.put(each, 7L);
        }
        Reader ours = each -> requireNonNull(near.get(type.cast(each)));
        Reader theirs = each -> requireNonNull(caffeine.getIfPresent(each));
        Object[] all = keys.toArray();
        warmUp(ours, theirs, all);
        return figures(name, ours, theirs, all);
    }

    private void warmUp(Reader ours, Reader theirs, Object[] keys) {
        for (int i = 0; i < WARM_LOOPS; i++) {
            nanos(ours, keys, 1);
            nanos(theirs, keys, 1);
        }
    }

    private List<CostFigure> figures(String name, Reader ours, Reader theirs, Object[] keys) {
        double[] mine = new double[TURNS * rounds];
        double[] ceiling = new double[TURNS * rounds];
        double[] allocated = new double[TURNS * rounds];
        for (int i = 0; i < mine.length; i++) {
            long before = THREADS.getCurrentThreadAllocatedBytes();
            mine[i] = nanos(ours, keys, LOOPS);
            allocated[i] = (THREADS.getCurrentThreadAllocatedBytes() - before) / (double) LOOPS / keys.length;
            ceiling[i] = nanos(theirs, keys, LOOPS);
        }
        double ratio = median(mine) / median(ceiling);
        // a read that missed while this JVM was stopped allocates; the least has none
        double bytes = Math.rint(Arrays.stream(allocated).min().orElseThrow() * 10) / 10;
        return List.of(
                new CostFigure(
                        "get by type of key",
                        name,
                        median(mine),
                        "ns",
                        String.format(Locale.ROOT, "%.2f × Caffeine, %s", ratio, NearCosts.atMost(2, ratio))),
                new CostFigure("get by type of key", name, bytes, "bytes", NearCosts.atMost(0, bytes)));
    }

    private static double nanos(Reader reader, Object[] keys, int loops) {
        long sum = 0;
        long start = System.nanoTime();
        for (int loop = 0; loop < loops; loop++) {
            for (Object key : keys) {
                sum += reader.get(key).hashCode();
            }
        }
        long passed = System.nanoTime() - start;
        if (sum != 7L * loops * keys.length) {
            throw new WrongAnswerException("answered values with the sum " + sum);
        }
        return passed / (double) loops / keys.length;
    }

    private static double median(double[] numbers) {
        double[] sorted = numbers.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }
}
