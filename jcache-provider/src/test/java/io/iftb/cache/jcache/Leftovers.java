package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.ResourceLeakDetector;
import java.lang.reflect.Field;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;

/** What calls must not leave: buffers that nobody releases, threads, and tasks that stand in our code. */
final class Leftovers {

    private static final String SENTINEL = "left on purpose";

    private final ResourceLeakDetector.Level level = ResourceLeakDetector.getLevel();
    private final List<String> leaks = new CopyOnWriteArrayList<>();
    private final Set<Thread> before = threads();

    /** Begins to watch all buffers and threads of the JVM. */
    Leftovers() {
        ResourceLeakDetector.setLevel(ResourceLeakDetector.Level.PARANOID);
        detector().setLeakListener((type, records) -> leaks.add(records));
    }

    @SuppressWarnings("unchecked") // as the field is declared
    private static ResourceLeakDetector<ByteBuf> detector() {
        try {
            Field field = Class.forName("io.netty.buffer.AbstractByteBuf").getDeclaredField("leakDetector");
            field.setAccessible(true);
            return (ResourceLeakDetector<ByteBuf>) field.get(null);
        } catch (ReflectiveOperationException e) {
            throw new LinkageError(e.getMessage(), e);
        }
    }

    private static Set<Thread> threads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith("iftb-cache-"))
                .collect(Collectors.toSet());
    }

    /** Ends the watch, once all is closed; fails if something is left. Proves that it sees a leak. */
    void assertNone() {
        leave();
        await().pollInterval(Duration.ofMillis(50)).until(() -> {
            System.gc();
            ByteBufAllocator.DEFAULT.directBuffer(16).release(); // reports what was collected
            return leaks.stream().anyMatch(leak -> leak.contains(SENTINEL));
        });
        detector().setLeakListener(null);
        ResourceLeakDetector.setLevel(level);
        assertThat(leaks).as("buffers that nobody released").allMatch(leak -> leak.contains(SENTINEL));
        await().untilAsserted(() -> {
            Set<Thread> left = new HashSet<>(threads());
            left.removeAll(before);
            assertThat(left).as("threads").isEmpty();
        });
    }

    private static void leave() {
        ByteBufAllocator.DEFAULT.directBuffer(16).touch(SENTINEL);
    }
}
