/** Sealed pages: the history of a series, packed by the client; bytes only, no I/O. */
@NullMarked
package io.iftb.cache.codec.page;

import org.jspecify.annotations.NullMarked;
