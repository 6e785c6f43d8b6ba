/** The same workloads in JMH's loops: throughput of one contender alone, and its allocation by {@code -prof gc}. */
@NullMarked
package io.iftb.cache.benchmarks.jmh;

import org.jspecify.annotations.NullMarked;
