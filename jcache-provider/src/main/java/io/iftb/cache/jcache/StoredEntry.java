package io.iftb.cache.jcache;

import javax.cache.Cache;

/**
 * An immutable entry, for iterators and writers.
 *
 * @param getKey the key
 * @param getValue the value
 */
record StoredEntry<K, V>(K getKey, V getValue) implements Cache.Entry<K, V> {

    @Override
    public <T> T unwrap(Class<T> type) {
        if (type.isInstance(this)) {
            return type.cast(this);
        }
        throw new IllegalArgumentException("An entry of this provider cannot be unwrapped as " + type.getName());
    }
}
