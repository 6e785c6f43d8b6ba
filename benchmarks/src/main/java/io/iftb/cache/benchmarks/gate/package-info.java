/** The judge of a run: what became worse than the baseline. */
@NullMarked
package io.iftb.cache.benchmarks.gate;

import org.jspecify.annotations.NullMarked;
