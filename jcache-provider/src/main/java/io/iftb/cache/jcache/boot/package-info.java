/** What Spring Boot finds here; nothing else uses it. */
@NullMarked
package io.iftb.cache.jcache.boot;

import org.jspecify.annotations.NullMarked;
