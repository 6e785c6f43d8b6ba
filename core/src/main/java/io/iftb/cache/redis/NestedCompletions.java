package io.iftb.cache.redis;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Completes futures of which each waits for the next: many tries of a change, or the steps of a long walk. The end of the last
 * one completes all others, each inside the other. From some depth on they follow one after the other instead, since a thread
 * has no stack for all of them, and a future that is lost on the way would never complete.
 */
final class NestedCompletions {

    private static final int DEEPEST = 16;

    /** How many completions are under way in this thread, each inside the other. */
    private static final ThreadLocal<int[]> DEPTH = ThreadLocal.withInitial(() -> new int[1]);

    private static final ThreadLocal<Queue<Runnable>> LATER = ThreadLocal.withInitial(ArrayDeque::new);

    private NestedCompletions() {}

    /**
     * Completes a future, now or when the deepest completion of this thread has ended.
     *
     * @param error why it fails; null if it does not
     */
    static <T> void complete(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable error) {
        int[] depth = DEPTH.get();
        if (depth[0] == DEEPEST) {
            LATER.get().add(() -> completeNow(future, value, error));
            return;
        }
        depth[0]++;
        try {
            completeNow(future, value, error);
        } finally {
            if (depth[0] == DEEPEST) {
                completeLater();
            }
            depth[0]--;
        }
    }

    private static void completeLater() {
        Queue<Runnable> later = LATER.get();
        for (Runnable next = later.poll(); next != null; next = later.poll()) {
            next.run();
        }
    }

    @SuppressWarnings("NullAway") // a value of null is one of the future's type
    private static <T> void completeNow(CompletableFuture<T> future, @Nullable T value, @Nullable Throwable error) {
        if (error == null) {
            future.complete(value);
        } else {
            future.completeExceptionally(error);
        }
    }
}
