/** The JSR-107 provider: the Caching API over {@link io.iftb.cache.MarketCaches}. */
@NullMarked
package io.iftb.cache.jcache;

import org.jspecify.annotations.NullMarked;
