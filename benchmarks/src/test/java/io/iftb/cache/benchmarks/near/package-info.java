/** Near caches that are raced by writers: what a reader must never see. */
@NullMarked
package io.iftb.cache.benchmarks.near;

import org.jspecify.annotations.NullMarked;
