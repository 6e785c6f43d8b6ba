package io.iftb.cache.store;

/**
 * What the reads that load have done in this JVM to keep a cache fresh.
 *
 * @param refreshes entries loaded anew behind their readers
 * @param staleAnswers entries given out past their end
 * @param failures loads of entries that were there that failed or took too long
 * @param negativeAnswers reads answered by what is remembered: that there is no value
 */
public record FreshnessCounts(long refreshes, long staleAnswers, long failures, long negativeAnswers) {}
