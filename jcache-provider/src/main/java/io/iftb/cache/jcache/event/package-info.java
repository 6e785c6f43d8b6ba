/** The events of a cache: its listeners, their order, and the events of other JVMs (JSR-107, chapter 8). */
@NullMarked
package io.iftb.cache.jcache.event;

import org.jspecify.annotations.NullMarked;
