package io.iftb.cache.codec;

import java.io.Serializable;

/**
 * Stands in a stream of the JDK for an object that is stored beside the stream.
 *
 * @param index its place among the parts
 */
record JdkStreamPart(int index) implements Serializable {}
