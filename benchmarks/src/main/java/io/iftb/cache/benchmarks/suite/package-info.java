/** Suites of cases, and the forks that measure them. */
@NullMarked
package io.iftb.cache.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
