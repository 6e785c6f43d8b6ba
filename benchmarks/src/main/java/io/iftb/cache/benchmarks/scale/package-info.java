/** What primaries carry: a calculation from measured costs, and a simulation that checks it. */
@NullMarked
package io.iftb.cache.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
