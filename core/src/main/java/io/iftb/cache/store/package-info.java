/** The stores of caches: ports for entries and candles, and their implementations on the server. */
@NullMarked
package io.iftb.cache.store;

import org.jspecify.annotations.NullMarked;
