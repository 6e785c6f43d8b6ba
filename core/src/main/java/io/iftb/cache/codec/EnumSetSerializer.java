package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.EnumSet;

/** Serializes an {@link EnumSet}: the enum, a count, the names. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class EnumSetSerializer extends Serializer<EnumSet> {

    @Override
    public void write(Kryo kryo, Output output, EnumSet set) {
        EnumSet<?> filled = set.isEmpty() ? EnumSet.complementOf(set) : set;
        if (filled.isEmpty()) {
            throw new IllegalArgumentException(
                    "an EnumSet of an enum without constants cannot be stored; store Set.of()");
        }
        kryo.writeClass(output, ((Enum) filled.iterator().next()).getDeclaringClass());
        output.writeVarInt(set.size(), true);
        for (Object constant : set) {
            output.writeString(((Enum) constant).name());
        }
    }

    @Override
    public EnumSet read(Kryo kryo, Input input, Class<? extends EnumSet> type) {
        Class constants = readEnum(kryo, input);
        EnumSet set = EnumSet.noneOf(constants);
        int count = ((BoundedInput) input).readCount();
        for (int i = 0; i < count; i++) {
            set.add(EnumSerializer.constant(constants, LeafSerializer.text((BoundedInput) input)));
        }
        return set;
    }

    static Class readEnum(Kryo kryo, Input input) {
        Registration registration = kryo.readClass(input);
        if (registration == null || !registration.getType().isEnum()) {
            throw new CorruptValueException("the enum of a set or map is missing");
        }
        return registration.getType();
    }
}
