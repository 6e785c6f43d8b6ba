/** The results of a run as data. */
@NullMarked
package io.iftb.cache.benchmarks.result;

import org.jspecify.annotations.NullMarked;
