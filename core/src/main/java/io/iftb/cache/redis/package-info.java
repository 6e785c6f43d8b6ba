/** The connection to the server, its commands and scripts. The only package that uses Redisson's types. */
@NullMarked
package io.iftb.cache.redis;

import org.jspecify.annotations.NullMarked;
