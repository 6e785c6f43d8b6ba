package io.iftb.cache.benchmarks.measure;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.Set;

/** Bytes that the threads of this JVM allocate. */
final class Allocation {

    private static final ThreadMXBean THREADS = ManagementFactory.getPlatformMXBean(ThreadMXBean.class);

    private final long[] threads;

    /** @param without threads that do not count */
    Allocation(Set<Long> without) {
        threads = Arrays.stream(THREADS.getAllThreadIds())
                .filter(each -> !without.contains(each))
                .toArray();
    }

    /** What the threads that were there at the beginning have allocated; asking allocates a little, too. */
    long bytes() {
        return Arrays.stream(THREADS.getThreadAllocatedBytes(threads))
                .filter(each -> each > 0)
                .sum();
    }
}
