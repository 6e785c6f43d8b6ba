package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/** The limits of a decoder of bytes that anybody may have written: memory in proportion to them, and little time. */
public final class BoundedDecoding {

    /** Memory that each call may take, for exceptions and for the fuzzer's own probes. */
    private static final long BASE_BYTES = 16 << 20;

    private static final long MOST_SECONDS = 5;

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private BoundedDecoding() {}

    /**
     * Decodes, and fails if that took more than the limits, also a second time: the first may load classes, which the fuzzer
     * rewrites.
     *
     * @param bytes how many bytes are decoded
     * @param perByte how many bytes of memory each of them may take
     */
    public static void check(long bytes, long perByte, Runnable decoder) {
        long most = BASE_BYTES + perByte * bytes;
        if (allocatedBy(decoder) > most) {
            assertThat(allocatedBy(decoder)).as("memory for %s bytes", bytes).isLessThanOrEqualTo(most);
        }
    }

    private static long allocatedBy(Runnable decoder) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = THREADS.getCurrentThreadCpuTime(); // on a busy machine, others may run meanwhile
        decoder.run();
        assertThat(TimeUnit.NANOSECONDS.toSeconds(THREADS.getCurrentThreadCpuTime() - began))
                .as("seconds of CPU time")
                .isLessThan(MOST_SECONDS);
        return THREADS.getCurrentThreadAllocatedBytes() - allocated;
    }
}
