package io.iftb.cache.cli;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Names that the server has, of some seconds ago. A thread of its own looks for them, for half a minute at most, and who asks
 * waits a moment for it: what is found later, such as among millions of keys, is there when asked again. For use by one thread.
 */
final class ServerNames<T> {

    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(10);
    private static final long MOMENT_MILLIS = 300;
    private static final long LONGEST_SECONDS = 30;

    private final Callable<? extends Collection<T>> lookup;
    private List<T> names = List.of();
    private @Nullable FutureTask<List<T>> underWay;
    private long endNanos = System.nanoTime() - FRESH_NANOS;

    /** @param lookup asks the server, in another thread */
    ServerNames(Callable<? extends Collection<T>> lookup) {
        this.lookup = lookup;
    }

    /** The names, as far as they are known by now; those from before if the server cannot be asked. */
    List<T> now() {
        FutureTask<List<T>> task = underWay;
        if (task == null && System.nanoTime() - endNanos < FRESH_NANOS) {
            return names;
        }
        if (task == null) {
            task = begun();
            underWay = task;
        }
        try {
            names = task.get(MOMENT_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            return names; // it goes on
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return names;
        } catch (ExecutionException | CancellationException e) {
            // a key that is pressed is no place for an error; what was known stays
        }
        underWay = null;
        endNanos = System.nanoTime();
        return names;
    }

    private FutureTask<List<T>> begun() {
        FutureTask<List<T>> task = new FutureTask<>(
                () -> lookup.call().stream().filter(ServerNames::isWritable).toList());
        Thread thread = new Thread(task, "iftb-cache-names");
        thread.setDaemon(true);
        thread.start();
        CompletableFuture.delayedExecutor(LONGEST_SECONDS, TimeUnit.SECONDS).execute(() -> task.cancel(true));
        return task;
    }

    /** Whether a name can be written on a terminal, and does nothing to it. */
    private static boolean isWritable(Object name) {
        String text = name.toString();
        return Printable.text(text).equals(text);
    }
}
