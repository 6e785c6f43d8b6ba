/** Bytes of values, keys and rows; no I/O. */
@NullMarked
package io.iftb.cache.codec;

import org.jspecify.annotations.NullMarked;
