/** Entries and candles on the server. */
@NullMarked
package io.iftb.cache.store;

import org.jspecify.annotations.NullMarked;
