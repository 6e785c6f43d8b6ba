/** Market data for the indicators and strategies of ta4j. Needs {@code org.ta4j:ta4j-core} on the class path. */
@NullMarked
package io.iftb.cache.ta4j;

import org.jspecify.annotations.NullMarked;
