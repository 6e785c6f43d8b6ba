/** The embedded server: finds, starts, monitors and removes a {@code redis-server} with the JVM that started it. */
@NullMarked
package io.iftb.cache.embedded;

import org.jspecify.annotations.NullMarked;
