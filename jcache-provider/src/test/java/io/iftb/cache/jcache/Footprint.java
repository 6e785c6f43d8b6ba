package io.iftb.cache.jcache;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetric;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.util.internal.PlatformDependent;
import java.lang.management.ManagementFactory;

/**
 * What this JVM takes.
 *
 * @param threads of the caches
 * @param buffers memory of Netty's buffers, bytes
 * @param heap what is alive, bytes
 */
record Footprint(int threads, long buffers, long heap) {

    private static final String SEPARATOR = " ";

    static Footprint now() {
        int threads = (int) Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("iftb-cache"))
                .count();
        long direct = Math.max(0, PlatformDependent.usedDirectMemory());
        long pooled = 0;
        if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider provider) {
            ByteBufAllocatorMetric metric = provider.metric();
            pooled = metric.usedDirectMemory() + metric.usedHeapMemory();
        }
        return new Footprint(threads, Math.max(direct, pooled), heapAlive());
    }

    private static long heapAlive() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 3; i++) { // what has cleaners takes more than one
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least;
    }

    String line() {
        return threads + SEPARATOR + buffers + SEPARATOR + heap;
    }

    static Footprint parse(String line) {
        String[] parts = line.split(SEPARATOR, -1);
        return new Footprint(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long.parseLong(parts[2]));
    }

    @Override
    public String toString() {
        return threads + " threads, " + buffers / 1024 + " KiB of buffers, " + heap / 1024 + " KiB of heap";
    }
}
