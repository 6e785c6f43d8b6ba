package io.iftb.cache.jcache;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import javax.cache.Cache;
import javax.cache.processor.EntryProcessor;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * The operations of the standard and the asynchronous API, on two entries: what is there before and after, and the round
 * trips that each makes, {@code R} for one that reads and {@code W} for one that may change something.
 */
@SuppressWarnings("ImmutableEnumChecker") // lists that nobody changes, and lambdas without a state
enum FailureOperation {
    GET(
            "R",
            "R",
            state(1, 0),
            state(1, 0),
            c -> c.cache().get(c.a()),
            c -> c.async().get(c.a())),
    GET_ALL(
            "R",
            "R",
            state(1, 1),
            state(1, 1),
            c -> c.cache().getAll(c.both()),
            c -> c.async().getAll(c.both())),
    CONTAINS_KEY(
            "R",
            "R",
            state(1, 0),
            state(1, 0),
            c -> c.cache().containsKey(c.a()),
            c -> c.async().containsKey(c.a())),
    PUT(
            "W",
            "RW",
            state(1, 0),
            state(2, 0),
            c -> c.run(() -> c.cache().put(c.a(), c.value(2))),
            c -> c.async().put(c.a(), c.value(2))),
    PUT_ALL(
            "W",
            "RW",
            state(1, 0),
            state(2, 2),
            c -> c.run(() -> c.cache().putAll(Map.of(c.a(), c.value(2), c.b(), c.otherValue(2)))),
            c -> c.async().putAll(Map.of(c.a(), c.value(2), c.b(), c.otherValue(2)))),
    PUT_IF_ABSENT(
            "W",
            "RW",
            state(0, 0),
            state(2, 0),
            c -> c.cache().putIfAbsent(c.a(), c.value(2)),
            c -> c.async().putIfAbsent(c.a(), c.value(2))),
    GET_AND_PUT(
            "W",
            "RW",
            state(1, 0),
            state(2, 0),
            c -> c.cache().getAndPut(c.a(), c.value(2)),
            c -> c.async().getAndPut(c.a(), c.value(2))),
    REPLACE(
            "W",
            "RW",
            state(1, 0),
            state(2, 0),
            c -> c.cache().replace(c.a(), c.value(2)),
            c -> c.async().replace(c.a(), c.value(2))),
    REPLACE_VALUE(
            "RW",
            "RW",
            state(1, 0),
            state(2, 0),
            c -> c.cache().replace(c.a(), c.value(1), c.value(2)),
            c -> c.async().replace(c.a(), c.value(1), c.value(2))),
    GET_AND_REPLACE(
            "W",
            "RW",
            state(1, 0),
            state(2, 0),
            c -> c.cache().getAndReplace(c.a(), c.value(2)),
            c -> c.async().getAndReplace(c.a(), c.value(2))),
    REMOVE(
            "W",
            "RW",
            state(1, 0),
            state(0, 0),
            c -> c.cache().remove(c.a()),
            c -> c.async().remove(c.a())),
    REMOVE_VALUE(
            "RW",
            "RW",
            state(1, 0),
            state(0, 0),
            c -> c.cache().remove(c.a(), c.value(1)),
            c -> c.async().remove(c.a(), c.value(1))),
    GET_AND_REMOVE(
            "W",
            "RW",
            state(1, 0),
            state(0, 0),
            c -> c.cache().getAndRemove(c.a()),
            c -> c.async().getAndRemove(c.a())),
    REMOVE_ALL(
            "W",
            "RW",
            state(1, 1),
            state(0, 0),
            c -> c.run(() -> c.cache().removeAll(c.both())),
            c -> c.async().removeAll(c.both())),
    INVOKE(
            "RW",
            "RW",
            state(1, 0),
            state(2, 0),
            c -> c.cache().invoke(c.a(), setting(2)),
            c -> c.async().invoke(c.a(), setting(2))),
    INVOKE_ALL(
            "RW",
            "RW",
            state(1, 1),
            state(2, 2),
            c -> c.results(c.cache().invokeAll(c.both(), setting(2))),
            c -> c.checked(c.async().invokeAll(c.both(), setting(2)))),
    LOADING_GET(
            "RRW",
            "RRW",
            state(0, 0),
            state(9, 0),
            c -> c.cache().get(c.a()),
            c -> c.async().get(c.a())),
    LOAD_ALL("RW", "RW", state(1, 0), state(9, 9), null, c -> c.async().loadAll(c.both(), true)),
    REMOVE_EACH(
            "RW",
            "RRRW",
            state(1, 1),
            state(0, 0),
            c -> c.run(() -> c.cache().removeAll()),
            c -> c.async().removeAll()),
    CLEAR(
            "RW",
            "RW",
            state(1, 1),
            state(0, 0),
            c -> c.run(() -> c.cache().clear()),
            c -> c.async().clear()),
    ITERATE("RR", "RR", state(1, 1), state(1, 1), c -> c.walk(), null);

    /** What the loader has for each key. */
    static final int LOADED = 9;

    private final String single;
    private final String general;
    final List<Integer> before;
    final List<Integer> after;
    final @Nullable Blocking blocking;
    final @Nullable Staged stage;

    /**
     * @param single the round trips where one command can do it
     * @param general the round trips where somebody has to be told
     */
    FailureOperation(
            String single,
            String general,
            List<Integer> before,
            List<Integer> after,
            @Nullable Blocking blocking,
            @Nullable Staged stage) {
        this.single = single;
        this.general = general;
        this.before = before;
        this.after = after;
        this.blocking = blocking;
        this.stage = stage;
    }

    String trips(FailureSetup setup) {
        return setup.isTold() ? general : single;
    }

    boolean loads() {
        return this == LOADING_GET || this == LOAD_ALL;
    }

    /** Whether it changes nothing for its caller. */
    boolean isRead() {
        return before.equals(after) || this == LOADING_GET;
    }

    /** Whether listeners hear what it changes. */
    boolean isHeard(FailureSetup setup) {
        return this != CLEAR && setup.listens();
    }

    /** Numbers of the values of two entries; 0 for none. */
    private static List<Integer> state(int a, int b) {
        return List.of(a, b);
    }

    private static EntryProcessor<Object, Object, Object> setting(int number) {
        return (entry, arguments) -> {
            entry.setValue(StoreKind.of(entry.getKey()).value(entry.getKey(), number));
            return "set";
        };
    }

    /** A blocking call on a cache. */
    @FunctionalInterface
    interface Blocking {
        @Nullable
        Object on(Caller caller);
    }

    /** An asynchronous call on a cache. */
    @FunctionalInterface
    interface Staged {
        CompletionStage<?> on(Caller caller);
    }

    /**
     * What a call needs.
     *
     * @param kind the keys and values of the store
     */
    record Caller(Cache<Object, Object> cache, AsyncCache<Object, Object> async, StoreKind kind) {

        Object a() {
            return kind.key(0);
        }

        Object b() {
            return kind.key(1);
        }

        Set<Object> both() {
            return Set.of(a(), b());
        }

        Object value(int number) {
            return kind.value(a(), number);
        }

        Object otherValue(int number) {
            return kind.value(b(), number);
        }

        @Nullable
        Object run(Runnable call) {
            call.run();
            return null;
        }

        Object results(Map<Object, EntryProcessorResult<Object>> results) {
            results.values().forEach(EntryProcessorResult::get);
            return results;
        }

        /** Fails as the stage does, or as one of its results: with that exception itself. */
        CompletionStage<Object> checked(CompletionStage<Map<Object, EntryProcessorResult<Object>>> stage) {
            CompletableFuture<Object> checked = new CompletableFuture<>();
            var unused = stage.whenComplete((results, error) -> {
                try {
                    if (error != null) {
                        checked.completeExceptionally(error);
                    } else {
                        checked.complete(results(results));
                    }
                } catch (RuntimeException e) {
                    checked.completeExceptionally(e);
                }
            });
            return checked;
        }

        Object walk() {
            int entries = 0;
            for (Cache.Entry<Object, Object> entry : cache) {
                entries += entry.getKey() == null ? 0 : 1;
            }
            return entries;
        }
    }
}
