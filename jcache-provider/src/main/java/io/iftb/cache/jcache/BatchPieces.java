package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.ListenerFailures;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiFunction;
import javax.cache.event.CacheEntryListenerException;

/**
 * The pieces of a batch, one after the other, each with its own budget.
 *
 * @param replies tells how many entries were done before a failure
 * @param operationTimeout the budget of a piece
 */
record BatchPieces(ReplyAwaiter replies, Duration operationTimeout) {

    /** Entries of one piece. */
    static final int PIECE = 4_096;

    /** Processes pieces. The failure of a listener is thrown at the end, since what it was told of is done. */
    <T, K, R> Map<K, OperationResult<R>> process(
            List<T> all, BiFunction<List<T>, CallBudget, Map<K, OperationResult<R>>> action) {
        Map<K, OperationResult<R>> outcomes = new LinkedHashMap<>();
        ListenerFailures listeners = new ListenerFailures();
        for (int from = 0; from < all.size(); from += PIECE) {
            List<T> piece = all.subList(from, Math.min(from + PIECE, all.size()));
            try {
                outcomes.putAll(action.apply(piece, new CallBudget(operationTimeout)));
            } catch (CacheEntryListenerException e) {
                listeners.add(e);
            } catch (RuntimeException e) {
                RuntimeException failure = from == 0 ? e : replies.after(e, from, all.size());
                listeners.suppressIn(failure);
                throw failure;
            }
        }
        listeners.rethrow();
        return outcomes;
    }
}
