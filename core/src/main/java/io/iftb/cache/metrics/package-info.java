/** Metrics of caches for Micrometer. It is optional: nothing else here needs it. */
@NullMarked
package io.iftb.cache.metrics;

import org.jspecify.annotations.NullMarked;
