/** How it is measured: turns for time, counts for all else. */
@NullMarked
package io.iftb.cache.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
