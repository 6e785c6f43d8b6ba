package io.iftb.cache.store;

import io.iftb.cache.store.EntryFlights.Landing;
import io.iftb.cache.store.EntryFlights.Load;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** One who needs an entry. It waits for others for a limited time, and for its own code without limit. */
final class EntryWaiter<K> {

    private final Load<K> load;
    private final CompletableFuture<Landing> landing = new CompletableFuture<>();
    private final CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();

    EntryWaiter(Load<K> load) {
        this.load = load;
    }

    Load<K> load() {
        return load;
    }

    CompletableFuture<Landing> landing() {
        return landing;
    }

    /** The failure that tells that its time is over comes in a thread of the executor. */
    void limit(Duration time, Executor executor) {
        timer.completeOnTimeout(null, time.toMillis(), TimeUnit.MILLISECONDS);
        var unused = timer.thenRunAsync(
                () -> landing.completeExceptionally(new TimeoutException("entry " + load.key()
                        + " is being computed by another caller, and was not there after " + time
                        + "; make that code faster, or raise iftb.cache.user-code-timeout")),
                executor);
        var unusedToo = landing.whenComplete((done, error) -> timer.cancel(false));
    }

    /** Its own code runs now. */
    void isComputing() {
        timer.cancel(false);
    }
}
