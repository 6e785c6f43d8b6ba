/** Typed caches of market data and their entry point, {@link io.iftb.cache.MarketCaches}. */
@NullMarked
package io.iftb.cache;

import org.jspecify.annotations.NullMarked;
