/** Medians and confidence intervals of figures that differ from fork to fork. */
@NullMarked
package io.iftb.cache.benchmarks.statistics;

import org.jspecify.annotations.NullMarked;
