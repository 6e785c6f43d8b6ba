/** An exchange for tests, which serves bars over HTTP as real ones do, with their limits and their faults. */
@NullMarked
package io.iftb.cache.exchange;

import org.jspecify.annotations.NullMarked;
