package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Serializes an {@link EnumMap}: the enum, a count, then a name and a value for each entry. */
@SuppressWarnings({"rawtypes", "unchecked"})
final class EnumMapSerializer extends Serializer<EnumMap> {

    @Override
    public void write(Kryo kryo, Output output, EnumMap map) {
        kryo.writeClass(output, enumOf(map));
        output.writeVarInt(map.size(), true);
        for (Map.Entry<Enum, Object> entry : ((Map<Enum, Object>) map).entrySet()) {
            output.writeString(entry.getKey().name());
            kryo.writeClassAndObject(output, entry.getValue());
        }
    }

    @Override
    public EnumMap read(Kryo kryo, Input input, Class<? extends EnumMap> type) {
        Class constants = EnumSetSerializer.readEnum(kryo, input);
        EnumMap map = new EnumMap(constants);
        kryo.reference(map);
        int count = ((BoundedInput) input).readCount();
        for (int i = 0; i < count; i++) {
            Enum key = EnumSerializer.constant(constants, LeafSerializer.text((BoundedInput) input));
            map.put(key, kryo.readClassAndObject(input));
        }
        return map;
    }

    private static Class enumOf(EnumMap map) {
        return map.isEmpty()
                ? EnumProbe.enumOf(map)
                : ((Enum) map.keySet().iterator().next()).getDeclaringClass();
    }

    /** Finds the enum of an empty map, which only its Java serialization contains. The bytes are discarded. */
    private static final class EnumProbe extends ObjectOutputStream {

        private @Nullable Class<?> found;

        private EnumProbe() throws IOException {
            super(OutputStream.nullOutputStream());
        }

        static Class<?> enumOf(EnumMap empty) {
            try (EnumProbe probe = new EnumProbe()) {
                probe.writeObject(empty);
                if (probe.found == null) {
                    throw new IllegalArgumentException(
                            "the enum of an empty EnumMap cannot be found; store a map with an entry");
                }
                return probe.found;
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }

        @Override
        protected void annotateClass(Class<?> type) {
            if (found == null && type.isEnum()) {
                found = type;
            }
        }
    }
}
