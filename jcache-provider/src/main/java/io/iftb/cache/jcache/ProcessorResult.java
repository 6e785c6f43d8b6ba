package io.iftb.cache.jcache;

import io.iftb.cache.jcache.event.FailureText;
import javax.cache.CacheException;
import javax.cache.processor.EntryProcessorException;
import javax.cache.processor.EntryProcessorResult;
import org.jspecify.annotations.Nullable;

/**
 * The result of an entry processor for one of several entries.
 *
 * @param result what it returned; null if it failed
 * @param failure why it failed; null if it did not
 */
record ProcessorResult<T>(@Nullable T result, @Nullable RuntimeException failure) implements EntryProcessorResult<T> {

    @Override
    public @Nullable T get() {
        if (failure == null) {
            return result;
        }
        if (failure instanceof EntryProcessorException || isOfCache(failure)) {
            throw failure;
        }
        throw new EntryProcessorException(FailureText.of(failure), failure);
    }

    /** Whether the cache itself failed: neither the processor nor the loader or writer that it called. */
    private static boolean isOfCache(RuntimeException failure) {
        return failure instanceof OutcomeUnknownException || failure.getClass() == CacheException.class;
    }
}
