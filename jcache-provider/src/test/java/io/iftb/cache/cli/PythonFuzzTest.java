package io.iftb.cache.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import com.sun.management.ThreadMXBean;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import java.lang.management.ManagementFactory;
import java.util.Arrays;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Names and values of the Python cache, as anybody may have made them, against a fuzzer. */
class PythonFuzzTest {

    private static final int MOST_BYTES = 1 << 13;
    private static final long MOST_MEMORY = 64 << 20;
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    /** A name, a line end, a value. */
    private static Stream<byte[]> seeds() {
        String bar = "{\"timestamp\":1700002800,\"open\":1.5,\"high\":3,\"low\":1,\"close\":2,\"volume\":\"10\"}";
        return Stream.of(
                        "ohlcv:BTC/USDT:USDT:1h:1700002800\n" + bar,
                        "ohlcv:BTC:1M:2023-11-14T23:00:00\n[\"1700002800000\",1,3,1,2,1e0]",
                        "ohlcv:BTC:1h:-9223372036854775808\n{\"data\":[[1.7e9,1,3,1,2,10]]}",
                        "ohlcv:{BTC:1h}\n[]",
                        "ticker:BTC\n{\"bid\":1,\"ask\":2,\"last\":1,\"volume\":1,\"high\":1,\"low\":1,\"change\":1,"
                                + "\"datetime\":\"2023-11-14T23:00:00.123456+00:00\"}",
                        "funding:BTC\n{\"fundingRate\":\"-1e-4\",\"fundingTime\":1700002800123456}",
                        "fear_greed\n{\"data\":[{\"value\":\"40\",\"value_classification\":\"Fear\",\"timestamp\":17}]}",
                        "llm:mood:abc\n{\"good\":true,\"x\":[null,1e999,\"\\ud83d\"]}",
                        "llm:a:b\n[1,2",
                        "session:7\n\"x\"")
                .map(text -> text.getBytes(UTF_8));
    }

    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void read_anyNameAndValue_isRefusedOrOfThisLayout(byte @Nullable [] bytes) {
        if (bytes == null || bytes.length > MOST_BYTES) {
            return;
        }
        int end = 0;
        while (end < bytes.length && bytes[end] != '\n') {
            end++;
        }
        String name = new String(bytes, 0, end, UTF_8);
        byte[] value = Arrays.copyOfRange(bytes, Math.min(bytes.length, end + 1), bytes.length);
        if (allocatedBy(name, value) > MOST_MEMORY) {
            assertThat(allocatedBy(name, value)).isLessThanOrEqualTo(MOST_MEMORY); // the first time loads classes
        }
    }

    private static long allocatedBy(String name, byte[] value) {
        long allocated = THREADS.getCurrentThreadAllocatedBytes();
        long began = System.nanoTime();
        read(name, value);
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - began)).isLessThan(5);
        return THREADS.getCurrentThreadAllocatedBytes() - allocated;
    }

    private static void read(String name, byte[] value) {
        String time = "1700002800";
        try {
            PythonKey key = PythonKey.parse(name);
            if (key != null && key.cache() == DomainCache.OHLCV) {
                assertThat(SeriesKey.parse(key.key().toString()).toString()).isEqualTo(key.key());
                assertThat(key.time()).isNotEmpty();
                time = key.time();
            }
        } catch (IllegalArgumentException e) {
            requireReason(e);
        }
        for (DomainCache cache : DomainCache.values()) {
            try {
                Object read = cache == DomainCache.OHLCV ? PythonJson.bar(value, time) : PythonJson.entry(cache, value);
                assertThat(read).isNotNull();
            } catch (IllegalArgumentException e) {
                requireReason(e);
            }
        }
        try {
            assertThat(RedissonJson.value(Json.readExactly(value))).isNotNull();
        } catch (IllegalArgumentException e) {
            requireReason(e);
        }
    }

    private static void requireReason(IllegalArgumentException refusal) {
        assertThat(refusal.getMessage()).isNotBlank().isNotEqualTo("null");
    }
}
