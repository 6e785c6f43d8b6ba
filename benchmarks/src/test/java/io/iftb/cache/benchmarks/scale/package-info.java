/** Tests of the calculation of scale. */
@NullMarked
package io.iftb.cache.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
