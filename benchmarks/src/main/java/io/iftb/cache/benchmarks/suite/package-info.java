/** Which cases are measured, in how many JVMs. */
@NullMarked
package io.iftb.cache.benchmarks.suite;

import org.jspecify.annotations.NullMarked;
