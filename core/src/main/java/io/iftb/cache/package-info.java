/** Typed caches of market data and the door to them, {@link io.iftb.cache.MarketCaches}. */
@NullMarked
package io.iftb.cache;

import org.jspecify.annotations.NullMarked;
