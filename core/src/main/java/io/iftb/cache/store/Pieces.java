package io.iftb.cache.store;

import io.iftb.cache.redis.RedisOutcomeUnknownException;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.WrongTypeException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * The items of one call, divided into pieces that are sent one after the other. Each is small enough for the server and for
 * the timeout of one operation. If a piece fails, the rest is not sent, and the failure says how many entries were done.
 *
 * <p>In a cluster, a piece is one write for each primary that has some of its keys.
 *
 * @param <T> the type of the items
 */
final class Pieces<T> {

    /** Maximum entries of a piece. */
    static final int MAX_ENTRIES = 4_096;

    /** Maximum bytes of the values of a piece; a single item may have more. */
    static final long MAX_BYTES = 4L << 20;

    private final List<List<T>> pieces = new ArrayList<>();
    private final ToLongFunction<? super T> entries;

    /**
     * Divides items.
     *
     * @param entries how many entries an item contains
     * @param bytes how many bytes the values of an item have
     * @param maxEntries how many entries a piece has at most
     */
    Pieces(
            Collection<? extends T> items,
            ToLongFunction<? super T> entries,
            ToLongFunction<? super T> bytes,
            long maxEntries) {
        this.entries = entries;
        List<T> piece = new ArrayList<>();
        long entriesLeft = maxEntries;
        long bytesLeft = MAX_BYTES;
        for (T item : items) {
            entriesLeft -= entries.applyAsLong(item);
            bytesLeft -= bytes.applyAsLong(item);
            if (!piece.isEmpty() && (entriesLeft < 0 || bytesLeft < 0)) {
                pieces.add(piece);
                piece = new ArrayList<>();
                entriesLeft = maxEntries - entries.applyAsLong(item);
                bytesLeft = MAX_BYTES - bytes.applyAsLong(item);
            }
            piece.add(item);
        }
        if (!piece.isEmpty()) {
            pieces.add(piece);
        }
    }

    /** Divides keys. Nobody knows how long the values of those are that are read. */
    static <T> Pieces<T> ofKeys(Collection<? extends T> keys) {
        return ofEntries(keys, key -> 0);
    }

    /** Divides entries by the size of their values. */
    static <T> Pieces<T> ofEntries(Collection<? extends T> items, ToLongFunction<? super T> bytes) {
        return new Pieces<>(items, item -> 1, bytes, MAX_ENTRIES);
    }

    /**
     * Sends the pieces, each when the one before it is done.
     *
     * @param done the participle for the failure message, such as {@code stored}
     * @param send sends a piece
     * @return the results of the pieces in their order
     */
    <R> CompletableFuture<List<R>> send(String done, Function<List<T>, CompletableFuture<R>> send) {
        if (pieces.size() == 1) {
            return send.apply(pieces.get(0)).thenApply(Collections::singletonList);
        }
        return send(done, send, 0, new ArrayList<>(pieces.size()));
    }

    private <R> CompletableFuture<List<R>> send(
            String done, Function<List<T>, CompletableFuture<R>> send, int at, List<R> results) {
        if (at == pieces.size()) {
            return CompletableFuture.completedFuture(results);
        }
        CompletableFuture<R> sent = send.apply(pieces.get(at)).exceptionally(error -> {
            throw failed(error, done, at);
        });
        return ReplyFuture.then(sent, result -> {
            results.add(result);
            return send(done, send, at + 1, results);
        });
    }

    /**
     * Like {@link #send}, where every item has its own outcome.
     *
     * @param done the participle for the failure message
     * @param send sends a piece; the outcomes in the order of its items
     * @return the outcomes in the order of all items; those of pieces that were not sent fail
     */
    <R> List<CompletableFuture<R>> sendEach(String done, Function<List<T>, List<CompletableFuture<R>>> send) {
        if (pieces.size() == 1) {
            return send.apply(pieces.get(0));
        }
        List<ReplyFuture.Relay<R>> outcomes = new ArrayList<>();
        pieces.forEach(piece -> piece.forEach(item -> outcomes.add(new ReplyFuture.Relay<>())));
        sendEach(done, send, 0, 0, outcomes);
        return List.copyOf(outcomes);
    }

    private <R> void sendEach(
            String done,
            Function<List<T>, List<CompletableFuture<R>>> send,
            int at,
            int from,
            List<ReplyFuture.Relay<R>> outcomes) {
        if (at == pieces.size() || outcomes.get(from).isAbandoned()) {
            return;
        }
        List<CompletableFuture<R>> sent;
        try {
            sent = send.apply(pieces.get(at));
        } catch (RuntimeException e) {
            outcomes.subList(from, outcomes.size()).forEach(outcome -> outcome.completeExceptionally(e));
            return;
        }
        for (int i = 0; i < sent.size(); i++) {
            outcomes.get(from + i).follow(sent.get(i));
        }
        var unused = CompletableFuture.allOf(sent.toArray(new CompletableFuture<?>[0]))
                .whenComplete((all, error) -> {
                    RedisServerException failure = null;
                    for (int i = 0; i < sent.size(); i++) {
                        RedisServerException each = copy(sent.get(i), outcomes.get(from + i));
                        failure = each == null ? failure : each;
                    }
                    if (failure == null) {
                        sendEach(done, send, at + 1, from + sent.size(), outcomes);
                    } else {
                        CompletionException notSent = failed(failure, done, at);
                        outcomes.subList(from + sent.size(), outcomes.size())
                                .forEach(outcome -> outcome.completeExceptionally(notSent.getCause()));
                    }
                });
    }

    /** Completes an outcome like another; returns its failure if the next piece would fail in the same way. */
    private static <R> @Nullable RedisServerException copy(CompletableFuture<R> from, CompletableFuture<R> to) {
        try {
            to.complete(from.join());
            return null;
        } catch (CompletionException e) {
            Throwable cause = Futures.cause(e);
            to.completeExceptionally(cause);
            return cause instanceof RedisServerException server && !(cause instanceof WrongTypeException)
                    ? server
                    : null;
        }
    }

    private CompletionException failed(Throwable error, String done, int at) {
        Throwable cause = Futures.cause(error);
        return pieces.size() > 1 && cause instanceof RedisServerException server
                ? new CompletionException(withCount(
                        server, count(pieces.subList(0, at)) + " of " + count(pieces) + " entries were " + done))
                : Futures.wrapped(cause);
    }

    private long count(List<List<T>> some) {
        return some.stream().flatMap(List::stream).mapToLong(entries).sum();
    }

    /** The same failure, with a message that says how much was done before it. */
    static RedisServerException withCount(RedisServerException failure, String done) {
        String message = failure.getMessage() + "; " + done + " before this";
        if (failure instanceof RedisUnavailableException) {
            return new RedisUnavailableException(message, failure, failure.isOutage());
        }
        if (failure instanceof RedisOutcomeUnknownException) {
            return new RedisOutcomeUnknownException(message, failure, failure.isOutage());
        }
        return failure instanceof WrongTypeException
                ? new WrongTypeException(message, failure)
                : new RedisServerException(message, failure);
    }
}
