package io.iftb.cache.store;

/**
 * An entry of a cache of Redisson's own provider, as it is stored there.
 *
 * @param key its key in the codec of that program
 * @param value its value in the codec of that program
 * @param expires when it expires, epoch milliseconds, or {@link Long#MAX_VALUE} for never
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record RedissonEntry(byte[] key, byte[] value, long expires) {}
