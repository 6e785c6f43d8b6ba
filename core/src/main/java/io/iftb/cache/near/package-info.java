/**
 * Values of the server that are kept in this JVM: what may be kept, until when, and how it is certain that none is older than
 * a stated bound. It knows neither the server nor the form of the values.
 */
@NullMarked
package io.iftb.cache.near;

import org.jspecify.annotations.NullMarked;
