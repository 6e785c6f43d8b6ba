/** What a run of the benchmarks found, as data. */
@NullMarked
package io.iftb.cache.benchmarks.result;

import org.jspecify.annotations.NullMarked;
