package io.iftb.cache.store;

import static org.awaitility.Awaitility.await;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/** Occupies every thread that packs pages, until it is closed. */
final class BusyPageThreads implements AutoCloseable {

    private final CountDownLatch closed = new CountDownLatch(1);
    private final List<CompletableFuture<Boolean>> busy = new ArrayList<>();

    BusyPageThreads() {
        CountDownLatch started =
                new CountDownLatch(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));
        for (long i = started.getCount(); i > 0; i--) {
            busy.add(PageThreads.compute(() -> {
                started.countDown();
                try {
                    return closed.await(20, TimeUnit.SECONDS);
                } catch (InterruptedException e) {
                    return false;
                }
            }));
        }
        await().until(() -> started.getCount() == 0);
    }

    /** How many tasks wait for a thread. */
    int waiting() {
        return ((ThreadPoolExecutor) PageThreads.executor()).getQueue().size();
    }

    void release() {
        closed.countDown();
    }

    @Override
    public void close() {
        release();
        busy.forEach(CompletableFuture::join);
    }
}
