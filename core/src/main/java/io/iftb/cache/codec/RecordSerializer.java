package io.iftb.cache.codec;

import java.lang.reflect.Array;
import java.lang.reflect.Constructor;
import java.lang.reflect.RecordComponent;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Serializes a record by the names of its components. Reading calls the canonical constructor, so the rules of a record
 * always hold. A component that is missing in the bytes is null, zero or false.
 */
final class RecordSerializer extends WholeSerializer<Object> implements Shape.Shaped {

    private final Members members;
    private final Constructor<?> constructor;
    private final Object[] absent;
    private final int[] parameters;

    RecordSerializer(Class<?> type) {
        members = Members.of(type);
        RecordComponent[] components = type.getRecordComponents();
        Class<?>[] types = new Class<?>[components.length];
        absent = new Object[components.length];
        parameters = new int[components.length];
        for (int i = 0; i < components.length; i++) {
            types[i] = components[i].getType();
            absent[i] = Array.get(Array.newInstance(types[i], 1), 0);
            parameters[members.names().indexOf(components[i].getName())] = i;
        }
        try {
            constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException(e);
        }
        constructor.setAccessible(true);
    }

    @Override
    public List<String> names() {
        return members.names();
    }

    @Override
    void writeParts(GraphKryo kryo, GraphOutput output, Object object) {
        members.write(kryo, output, object);
    }

    @Override
    Object readParts(GraphKryo kryo, BoundedInput input, Class<?> type) {
        Shape shape = kryo.shapeOf(type, this);
        @Nullable Object[] arguments = absent.clone();
        members.read(kryo, input, shape, (member, value) -> arguments[parameters[member]] = value);
        return Construction.call(() -> constructor.newInstance(arguments));
    }
}
