/** The server: connection, commands, scripts. The only package that sees Redisson's types. */
@NullMarked
package io.iftb.cache.redis;

import org.jspecify.annotations.NullMarked;
