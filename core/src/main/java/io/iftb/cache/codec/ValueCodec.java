package io.iftb.cache.codec;

/**
 * Turns values into bytes and back. Safe for use by several threads.
 *
 * @param <V> the type of the values
 */
public interface ValueCodec<V> {

    /**
     * The bytes of a value; two calls for the same object give the same bytes.
     *
     * @throws UntrustedClassException if the value holds a class that may not be stored
     */
    byte[] encode(V value);

    /**
     * The value of some bytes.
     *
     * @throws UntrustedValueException if they are of a class that is not trusted
     * @throws CorruptValueException if the bytes are not a value of this codec
     */
    V decode(byte[] bytes);

    /** Whether bytes start as those of a value do that a cache stored, other than a bar. */
    static boolean isStart(byte[] bytes) {
        return bytes.length > 0 && (bytes[0] & 0xFF) == Frame.FORMAT;
    }

    /** Whether no value of the type can hold a class that is not trusted. */
    boolean needsNoTrust();
}
