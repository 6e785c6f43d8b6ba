package io.iftb.cache.benchmarks.measure;

/**
 * A figure that a command prints.
 *
 * @param section the kind of cost, such as {@code memory}
 * @param what what it is about
 * @param value the figure
 * @param unit its unit
 * @param note a ratio, or how it was measured; may be empty
 */
public record CostFigure(String section, String what, double value, String unit, String note) {}
