package io.iftb.cache.fetch;

import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.Keys;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The budgets of one connection, one for each source. Safe for use by several threads. */
public final class RequestBudgets implements AutoCloseable {

    private final RedisConnection redis;
    private final Keys keys;
    private final Consumer<RequestBudget> opened;
    private final Map<String, RequestBudget> budgets = new HashMap<>();
    private @Nullable ScheduledThreadPoolExecutor timer;
    private boolean isClosed;

    /**
     * @param namespace prefix of every key; empty for none
     * @param opened hears of each budget
     */
    public RequestBudgets(RedisConnection redis, String namespace, Consumer<RequestBudget> opened) {
        this.redis = redis;
        this.keys = new Keys(namespace);
        this.opened = opened;
    }

    /**
     * The budget of a source.
     *
     * @param source its name, the same in each JVM that shares the budget; not empty
     * @throws IllegalArgumentException if it has other limits here already
     * @throws IllegalStateException if this is closed
     */
    public synchronized RequestBudget of(String source, RequestLimits limits) {
        if (source.isEmpty()) {
            throw new IllegalArgumentException("a budget of a source without a name; give one, such as binance");
        }
        if (isClosed) {
            throw new IllegalStateException("the budgets are closed with their MarketCaches; open another");
        }
        RequestBudget known = budgets.get(source);
        if (known != null && !known.limits().equals(limits)) {
            throw new IllegalArgumentException("the budget of '" + source + "' has the limits [" + known.limits()
                    + "] in this program already, not [" + limits + "]; give the same, or name another source");
        }
        if (known != null) {
            return known;
        }
        RequestBudget budget = open(source, limits);
        budgets.put(source, budget);
        opened.accept(budget);
        return budget;
    }

    private RequestBudget open(String source, RequestLimits limits) {
        if (timer == null) {
            timer = new ScheduledThreadPoolExecutor(1, task -> {
                Thread thread = new Thread(task, "iftb-cache-budget");
                thread.setDaemon(true);
                return thread;
            });
            timer.setRemoveOnCancelPolicy(true);
            timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false); // a stop may be days
        }
        return new RequestBudget(source, limits, redis, keys, timer);
    }

    /**
     * Fails the requests that wait, and leaves the share of this JVM to the others: waits a second at most until the server
     * knows it, and not at all in an interrupted thread. Closing again does nothing.
     */
    @Override
    public void close() {
        CompletableFuture<?> left;
        synchronized (this) {
            isClosed = true;
            left = CompletableFuture.allOf(
                    budgets.values().stream().map(RequestBudget::close).toArray(CompletableFuture[]::new));
            budgets.clear();
            if (timer != null) {
                timer.shutdown();
                timer = null;
            }
        }
        try {
            left.get(1, TimeUnit.SECONDS);
        } catch (ExecutionException | TimeoutException e) {
            // the server is away: the others forget this JVM after a time
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
