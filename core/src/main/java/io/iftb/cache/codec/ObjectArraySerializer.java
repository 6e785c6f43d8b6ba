package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Array;

/** Serializes an array of objects: a count, then the elements, each with its class. */
final class ObjectArraySerializer extends Serializer<Object[]> {

    @Override
    public void write(Kryo kryo, Output output, Object[] array) {
        output.writeVarInt(array.length, true);
        for (Object element : array) {
            kryo.writeClassAndObject(output, element);
        }
    }

    @Override
    public Object[] read(Kryo kryo, Input input, Class<? extends Object[]> type) {
        int count = ((BoundedInput) input).readCount();
        Object[] array = (Object[]) Array.newInstance(type.getComponentType(), count);
        kryo.reference(array);
        for (int i = 0; i < count; i++) {
            array[i] = ((GraphKryo) kryo).fit(type.getComponentType(), kryo.readClassAndObject(input));
        }
        return array;
    }
}
