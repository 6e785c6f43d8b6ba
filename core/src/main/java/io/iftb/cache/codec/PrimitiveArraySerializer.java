package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;
import java.util.function.BiConsumer;

/**
 * Serializes an array of primitives: a count, then the elements at full width, little-endian.
 *
 * @param <T> the array
 */
final class PrimitiveArraySerializer<T> extends Serializer<T> {

    private final BiConsumer<Output, T> writer;
    private final Reader<T> reader;

    PrimitiveArraySerializer(BiConsumer<Output, T> writer, Reader<T> reader) {
        this.writer = writer;
        this.reader = reader;
    }

    @Override
    public void write(Kryo kryo, Output output, T array) {
        output.writeVarInt(Array.getLength(array), true);
        writer.accept(output, array);
    }

    @Override
    public T read(Kryo kryo, Input input, Class<? extends T> type) {
        return reader.read(input, input.readVarInt(true));
    }

    /** Reads a number of elements. */
    interface Reader<T> {
        T read(Input input, int length);
    }
}
