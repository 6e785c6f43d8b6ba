package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;

/** Serializes an enum constant by its name, so that you can add and move constants. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class EnumSerializer extends ImmutableSerializer<Enum> {

    @Override
    public void write(Kryo kryo, Output output, Enum constant) {
        output.writeString(constant.name());
    }

    @Override
    public Enum read(Kryo kryo, Input input, Class<? extends Enum> type) {
        return constant(type, LeafSerializer.text((BoundedInput) input));
    }

    static Enum constant(Class type, String name) {
        return Enum.valueOf(type, name);
    }
}
