package io.iftb.cache.fetch;

/**
 * What this JVM has asked of a source.
 *
 * @param requests that were answered
 * @param bars that were stored
 * @param failures requests that failed, or whose answers had a fault
 * @param disagreements closed bars that the source gave again with other values; the first ones stayed
 */
public record FetchStatus(long requests, long bars, long failures, long disagreements) {}
