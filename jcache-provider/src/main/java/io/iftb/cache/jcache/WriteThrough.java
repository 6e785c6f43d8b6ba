package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.FailureText;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import javax.cache.Cache;
import javax.cache.integration.CacheWriter;
import javax.cache.integration.CacheWriterException;
import org.jspecify.annotations.Nullable;

/**
 * The writer of a cache, or none. It is called before each change is stored. Its failures become {@link CacheWriterException},
 * and changes that it did not accept are not stored.
 */
final class WriteThrough<K, V> {

    private final @Nullable CacheWriter<? super K, ? super V> writer;

    private WriteThrough(@Nullable CacheWriter<? super K, ? super V> writer) {
        this.writer = writer;
    }

    static <K, V> WriteThrough<K, V> to(@Nullable CacheWriter<? super K, ? super V> writer) {
        return new WriteThrough<>(writer);
    }

    /** No writer, or one that was already called. */
    static <K, V> WriteThrough<K, V> none() {
        return new WriteThrough<>(null);
    }

    boolean isNone() {
        return writer == null;
    }

    void write(K key, V value) {
        call(target -> target.write(new StoredEntry<>(key, value)));
    }

    void delete(K key) {
        call(target -> target.delete(key));
    }

    /** Writes entries together. Returns those that the writer accepted, and its failure for the others. */
    AcceptedChanges<Map<K, V>> writeAll(Map<? extends K, ? extends V> entries) {
        Collection<Cache.Entry<? extends K, ? extends V>> left = new ArrayList<>();
        entries.forEach((key, value) -> left.add(new StoredEntry<>(key, value)));
        Throwable failure = failure(target -> target.writeAll(cast(left)));
        Map<K, V> accepted = new LinkedHashMap<>(entries);
        if (failure != null) {
            left.forEach(entry -> accepted.remove(entry.getKey()));
        }
        return new AcceptedChanges<>(accepted, failure);
    }

    /** Deletes keys together. Returns those that the writer accepted, and its failure for the others. */
    AcceptedChanges<Set<K>> deleteAll(Set<? extends K> keys) {
        List<K> left = new ArrayList<>(keys);
        Throwable failure = failure(target -> target.deleteAll(left));
        Set<K> accepted = new LinkedHashSet<>(keys);
        if (failure != null) {
            accepted.removeAll(new HashSet<>(left));
        }
        return new AcceptedChanges<>(accepted, failure);
    }

    @SuppressWarnings("unchecked") // the writer accepts entries of subtypes
    private static <A, B> Collection<Cache.Entry<? extends A, ? extends B>> cast(Collection<?> entries) {
        return (Collection<Cache.Entry<? extends A, ? extends B>>) entries;
    }

    private void call(Consumer<CacheWriter<? super K, ? super V>> action) {
        rethrow(failure(action));
    }

    private static void rethrow(@Nullable Throwable failure) {
        if (failure instanceof Error error) {
            throw error;
        }
        if (failure instanceof CacheWriterException exception) {
            throw exception;
        }
    }

    /** What the writer fails with: a {@link CacheWriterException}, or an {@link Error} as it is. */
    private @Nullable Throwable failure(Consumer<CacheWriter<? super K, ? super V>> action) {
        try {
            if (writer != null) {
                action.accept(writer);
            }
            return null;
        } catch (CacheWriterException | Error e) {
            return e;
        } catch (Exception e) { // also a checked one, which other languages let through
            return new CacheWriterException(
                    "The cache writer "
                            + (writer == null ? "" : writer.getClass().getName()) + " failed: "
                            + FailureText.of(e),
                    e);
        }
    }

    /**
     * The changes of a batch that a writer accepted.
     *
     * @param changes the accepted changes
     * @param failure the failure for the others; null if it accepted all
     */
    record AcceptedChanges<T>(T changes, @Nullable Throwable failure) {

        /** Throws the failure, if there is one. */
        void rethrow() {
            WriteThrough.rethrow(failure);
        }

        /** What the writer accepted fails with something else, in which its own failure is suppressed. */
        void suppressIn(RuntimeException other) {
            if (failure != null && failure != other) {
                other.addSuppressed(failure);
            }
        }
    }
}
