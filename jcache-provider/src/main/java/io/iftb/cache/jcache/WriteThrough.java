package io.iftb.cache.jcache;

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
 * The writer of a cache, told of each change before it is stored; or none. Its failures become {@link
 * CacheWriterException}, and what it failed to take is not stored.
 */
final class WriteThrough<K, V> {

    private final @Nullable CacheWriter<? super K, ? super V> writer;

    private WriteThrough(@Nullable CacheWriter<? super K, ? super V> writer) {
        this.writer = writer;
    }

    static <K, V> WriteThrough<K, V> to(@Nullable CacheWriter<? super K, ? super V> writer) {
        return new WriteThrough<>(writer);
    }

    /** Nobody is told, since there is nobody or since he knows. */
    static <K, V> WriteThrough<K, V> none() {
        return new WriteThrough<>(null);
    }

    boolean isNone() {
        return writer == null;
    }

    void write(K key, V value) {
        call(told -> told.write(new StoredEntry<>(key, value)));
    }

    void delete(K key) {
        call(told -> told.delete(key));
    }

    /** Tells of entries together; those that the writer took, and why it did not take the others. */
    Accepted<Map<K, V>> writeAll(Map<? extends K, ? extends V> entries) {
        Collection<Cache.Entry<? extends K, ? extends V>> left = new ArrayList<>();
        entries.forEach((key, value) -> left.add(new StoredEntry<>(key, value)));
        CacheWriterException failure = failure(told -> told.writeAll(cast(left)));
        Map<K, V> accepted = new LinkedHashMap<>(entries);
        if (failure != null) {
            left.forEach(entry -> accepted.remove(entry.getKey()));
        }
        return new Accepted<>(accepted, failure);
    }

    /** Tells of keys that are removed together; those that the writer took, and why it did not take the others. */
    Accepted<Set<K>> deleteAll(Set<? extends K> keys) {
        List<K> left = new ArrayList<>(keys);
        CacheWriterException failure = failure(told -> told.deleteAll(left));
        Set<K> accepted = new LinkedHashSet<>(keys);
        if (failure != null) {
            accepted.removeAll(new HashSet<>(left));
        }
        return new Accepted<>(accepted, failure);
    }

    @SuppressWarnings("unchecked") // the writer takes entries of any types that are at most its own
    private static <A, B> Collection<Cache.Entry<? extends A, ? extends B>> cast(Collection<?> entries) {
        return (Collection<Cache.Entry<? extends A, ? extends B>>) entries;
    }

    private void call(Consumer<CacheWriter<? super K, ? super V>> action) {
        CacheWriterException failure = failure(action);
        if (failure != null) {
            throw failure;
        }
    }

    private @Nullable CacheWriterException failure(Consumer<CacheWriter<? super K, ? super V>> action) {
        try {
            if (writer != null) {
                action.accept(writer);
            }
            return null;
        } catch (CacheWriterException e) {
            return e;
        } catch (RuntimeException e) {
            return new CacheWriterException(
                    "The cache writer "
                            + (writer == null ? "" : writer.getClass().getName()) + " failed: " + e,
                    e);
        }
    }

    /**
     * What a writer took of many changes.
     *
     * @param changes those that it took
     * @param failure why it did not take the others; null if it took all
     */
    record Accepted<T>(T changes, @Nullable CacheWriterException failure) {

        /** Throws the failure, if there is one. */
        void rethrow() {
            if (failure != null) {
                throw failure;
            }
        }
    }
}
