package io.iftb.cache.benchmarks.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;

/** Counts the bytes that the threads of this JVM allocate. */
final class AllocationMeter {

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private final long[] threads;

    /** @param excluded the ids of threads that are not counted */
    AllocationMeter(Set<Long> excluded) {
        threads = Arrays.stream(THREADS.getAllThreadIds())
                .filter(each -> !excluded.contains(each))
                .toArray();
    }

    /** The bytes allocated so far by the threads that existed at construction; the call itself allocates a little. */
    long bytes() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(threads))
                .filter(each -> each > 0)
                .sum();
    }
}
