/** The workloads as JMH benchmarks, one contender at a time, with allocation by {@code -prof gc}. */
@NullMarked
package io.iftb.cache.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
