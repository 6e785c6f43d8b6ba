/** Market data as immutable records; no I/O. Times are epoch milliseconds. */
@NullMarked
package io.iftb.cache.market;

import org.jspecify.annotations.NullMarked;
