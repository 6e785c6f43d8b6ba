/** Benchmarks of the caches. */
@NullMarked
package io.iftb.cache.benchmarks;

import org.jspecify.annotations.NullMarked;
