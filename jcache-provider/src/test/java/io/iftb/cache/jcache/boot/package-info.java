@NullMarked
package io.iftb.cache.jcache.boot;

import org.jspecify.annotations.NullMarked;
