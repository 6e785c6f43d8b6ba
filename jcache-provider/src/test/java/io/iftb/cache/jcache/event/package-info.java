@NullMarked
package io.iftb.cache.jcache.event;

import org.jspecify.annotations.NullMarked;
