/** The statistics of a cache and its MBeans (JSR-107, chapter 12). */
@NullMarked
package io.iftb.cache.jcache.management;

import org.jspecify.annotations.NullMarked;
