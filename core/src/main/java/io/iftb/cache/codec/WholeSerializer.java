package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.function.UnaryOperator;

/**
 * Serializes an object that exists only when its parts do, such as a record. It can be shared, but cannot hold itself.
 *
 * @param <T> the object
 */
abstract class WholeSerializer<T> extends Serializer<T> {

    abstract void writeParts(GraphKryo kryo, GraphOutput output, T object);

    abstract T readParts(GraphKryo kryo, BoundedInput input, Class<? extends T> type);

    @Override
    public final void write(Kryo kryo, Output output, T object) {
        GraphKryo graph = (GraphKryo) kryo;
        graph.enterWhole(object);
        writeParts(graph, (GraphOutput) output, object);
        graph.leaveWhole();
    }

    @Override
    public final T read(Kryo kryo, Input input, Class<? extends T> type) {
        return readParts((GraphKryo) kryo, (BoundedInput) input, type);
    }

    /** A collection or map made from a hidden one, such as {@code List.of} or {@code Collections.unmodifiableMap}. */
    static <C> WholeSerializer<C> wrapping(ContainerSerializer<C> hidden, UnaryOperator<C> wrap) {
        return new WholeSerializer<>() {
            @Override
            void writeParts(GraphKryo kryo, GraphOutput output, C container) {
                hidden.writeContent(kryo, output, container);
            }

            @Override
            C readParts(GraphKryo kryo, BoundedInput input, Class<? extends C> type) {
                return wrap.apply(hidden.readHidden(kryo, input));
            }
        };
    }

    /** An object made from a fixed number of parts. */
    static <T> WholeSerializer<T> of(int count, Parts<T> parts, Whole<T> whole) {
        return new WholeSerializer<>() {
            @Override
            void writeParts(GraphKryo kryo, GraphOutput output, T object) {
                for (Object part : parts.of(object)) {
                    kryo.writeClassAndObject(output, part);
                }
            }

            @Override
            T readParts(GraphKryo kryo, BoundedInput input, Class<? extends T> type) {
                Object[] objects = new Object[count];
                for (int i = 0; i < count; i++) {
                    objects[i] = kryo.readClassAndObject(input);
                }
                return whole.of(objects);
            }
        };
    }

    /** Takes an object apart. */
    interface Parts<T> {
        Object[] of(T object);
    }

    /** Puts an object together. */
    interface Whole<T> {
        T of(Object[] parts);
    }
}
