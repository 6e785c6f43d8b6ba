package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import java.util.function.BiConsumer;
import java.util.function.Function;

/**
 * Serializes an object that holds no other objects.
 *
 * @param <T> the object
 */
final class LeafSerializer<T> extends ImmutableSerializer<T> {

    private final BiConsumer<Output, T> writer;
    private final Function<BoundedInput, T> reader;

    LeafSerializer(BiConsumer<Output, T> writer, Function<BoundedInput, T> reader) {
        this.writer = writer;
        this.reader = reader;
    }

    /** A singleton. */
    static <T> LeafSerializer<T> singleton(T object) {
        return new LeafSerializer<>((output, same) -> {}, input -> object);
    }

    @Override
    public void write(Kryo kryo, Output output, T object) {
        writer.accept(output, object);
    }

    @Override
    public T read(Kryo kryo, Input input, Class<? extends T> type) {
        return reader.apply((BoundedInput) input);
    }

    static String text(BoundedInput input) {
        String text = input.readString();
        if (text == null) {
            throw new CorruptValueException("a text is null");
        }
        return text;
    }
}
