/** Instruments: interleaved timing, and counts of all other costs. */
@NullMarked
package io.iftb.cache.benchmarks.measure;

import org.jspecify.annotations.NullMarked;
