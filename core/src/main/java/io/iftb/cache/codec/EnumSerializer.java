package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;

/** The form of an enum's constant: its name, so that constants may be added and moved. */
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
