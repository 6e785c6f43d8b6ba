package io.iftb.cache.benchmarks.statistics;

/**
 * A value that a figure may have.
 *
 * @param value of the figure
 * @param weight how probable that is
 */
record Weighted(double value, double weight) {}
