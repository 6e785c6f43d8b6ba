/** The stores of caches: entries and candles on the server, and the ports in front of them. */
@NullMarked
package io.iftb.cache.store;

import org.jspecify.annotations.NullMarked;
