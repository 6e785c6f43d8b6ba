package io.iftb.cache.observe;

import io.iftb.cache.observe.CallListener.CallEndListener;
import io.iftb.cache.redis.RedisOutcomeUnknownException;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A call of a cache that somebody asks about, from its beginning to its end, of which only the first counts. */
public final class ObservedCall {

    private final String cacheName;
    private final String operation;
    private final @Nullable Object key;
    private final boolean isLogged;
    private final @Nullable CallEvent event;
    private final CallListeners listeners;
    private final List<CallEndListener> ends;
    private final AtomicBoolean isOver = new AtomicBoolean();
    private final long start = System.nanoTime();

    ObservedCall(String cacheName, String operation, @Nullable Object key, boolean isLogged, CallListeners listeners) {
        this.cacheName = cacheName;
        this.operation = operation;
        this.key = key;
        this.isLogged = isLogged;
        this.event = FlightRecorder.begin();
        this.listeners = listeners;
        this.ends = listeners.isEmpty() ? List.of() : listeners.begin(cacheName, operation, ShortKey.of(key));
    }

    /** It has ended. */
    public void ended(CallOutcome outcome, CallOrigin origin) {
        if (!isOver.compareAndSet(false, true)) {
            return;
        }
        long nanos = System.nanoTime() - start;
        CallEvent slow = event;
        if (slow != null) {
            slow.end();
            if (slow.shouldCommit()) {
                slow.cache = cacheName;
                slow.operation = operation;
                slow.key = ShortKey.of(key);
                slow.outcome = outcome.text();
                slow.origin = origin.text();
                slow.commit();
            }
        }
        if (isLogged) {
            log(outcome, nanos, "origin", origin.text());
        }
        listeners.ended(ends, outcome, origin);
    }

    /** It has failed. Of the failure only its class is told, since a message may hold what the program gave. */
    public void failed(Throwable failure) {
        if (!isOver.compareAndSet(false, true)) {
            return;
        }
        long nanos = System.nanoTime() - start;
        CallOutcome outcome = isUnknown(failure) ? CallOutcome.UNKNOWN : CallOutcome.FAILED;
        String name = cause(failure).getClass().getName();
        if (FlightRecorder.recordsFailures()) {
            FailedCallEvent failed = new FailedCallEvent();
            failed.cache = cacheName;
            failed.operation = operation;
            failed.key = ShortKey.of(key);
            failed.outcome = outcome.text();
            failed.failure = name;
            failed.took = nanos;
            failed.commit();
        }
        if (isLogged) {
            log(outcome, nanos, "failure", name);
        }
        listeners.failed(ends, outcome, name);
    }

    /** Runs code of the call; what that throws is the failure of the call. */
    public <T> T attempt(Supplier<T> code) {
        try {
            return code.get();
        } catch (Throwable e) { // also a checked one, which other languages let through
            failed(e);
            throw e;
        }
    }

    /** It ends with a future, which is returned. */
    public <T> CompletableFuture<T> endingWith(
            CompletableFuture<T> future, Function<T, CallOutcome> outcome, Function<T, CallOrigin> origin) {
        var unused = future.whenComplete((result, error) -> {
            if (error == null) {
                ended(outcome.apply(result), origin.apply(result));
            } else {
                failed(error);
            }
        });
        return future;
    }

    private void log(CallOutcome outcome, long nanos, String more, String value) {
        CallObserver.LOG
                .atDebug()
                .addKeyValue("cache", cacheName)
                .addKeyValue("operation", operation)
                .addKeyValue("key", ShortKey.of(key))
                .addKeyValue("outcome", outcome.text())
                .addKeyValue("micros", nanos / 1_000)
                .addKeyValue(more, value)
                .log("call");
    }

    private static boolean isUnknown(Throwable failure) {
        for (Throwable each = failure; each != null; each = each.getCause()) {
            if (each instanceof RedisOutcomeUnknownException) {
                return true;
            }
        }
        return false;
    }

    private static Throwable cause(Throwable failure) {
        Throwable cause = failure.getCause();
        boolean isWrapped = failure instanceof CompletionException || failure instanceof ExecutionException;
        return isWrapped && cause != null ? cause : failure;
    }
}
