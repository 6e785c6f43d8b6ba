/** A {@code redis-server} of our own: found, started, watched and removed with the JVM that started it. */
@NullMarked
package io.iftb.cache.embedded;

import org.jspecify.annotations.NullMarked;
