package io.iftb.cache.store;

import org.jspecify.annotations.Nullable;

/**
 * What another program stored under a key.
 *
 * @param redisKey the key
 * @param bytes its value; null if it holds another type than a string
 * @param expires when it expires, epoch milliseconds of the server, or {@link Long#MAX_VALUE} for never
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
public record PlainValue(String redisKey, byte @Nullable [] bytes, long expires) {}
