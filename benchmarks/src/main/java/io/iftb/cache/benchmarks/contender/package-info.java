/** The implementations that are measured, as stores of bars, caches and codecs. */
@NullMarked
package io.iftb.cache.benchmarks.contender;

import org.jspecify.annotations.NullMarked;
