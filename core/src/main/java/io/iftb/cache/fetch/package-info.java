/** Reads that fetch what is missing: the port of a source of bars, and who may ask it when. */
@NullMarked
package io.iftb.cache.fetch;

import org.jspecify.annotations.NullMarked;
