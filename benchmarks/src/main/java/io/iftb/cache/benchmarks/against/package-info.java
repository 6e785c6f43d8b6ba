/** Another build of the benchmarks, and the comparison of its times with those of this build. */
@NullMarked
package io.iftb.cache.benchmarks.against;

import org.jspecify.annotations.NullMarked;
