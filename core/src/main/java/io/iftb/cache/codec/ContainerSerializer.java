package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Serializes a collection or map: its comparator, a count, its content.
 *
 * @param <C> the collection or map
 */
abstract class ContainerSerializer<C> extends Serializer<C> {

    private final @Nullable Function<C, @Nullable Comparator<? super Object>> comparator;
    private final Function<@Nullable Comparator<? super Object>, ? extends C> empty;

    /**
     * @param comparator the comparator of a container; null if its class takes none
     * @param empty makes an empty container with a comparator
     */
    ContainerSerializer(
            @Nullable Function<C, @Nullable Comparator<? super Object>> comparator,
            Function<@Nullable Comparator<? super Object>, ? extends C> empty) {
        this.comparator = comparator;
        this.empty = empty;
    }

    abstract void writeItems(GraphKryo kryo, GraphOutput output, C container);

    abstract void fill(GraphKryo kryo, BoundedInput input, C container);

    final void writeContent(GraphKryo kryo, GraphOutput output, C container) {
        if (comparator != null) {
            kryo.enterTree();
            kryo.writeClassAndObject(output, comparator.apply(container));
            kryo.leaveTree();
        }
        writeItems(kryo, output, container);
    }

    @SuppressWarnings("unchecked")
    private C create(GraphKryo kryo, BoundedInput input) {
        if (comparator == null) {
            return empty.apply(null);
        }
        kryo.enterTree();
        Comparator<? super Object> order = (Comparator<? super Object>) kryo.readClassAndObject(input);
        kryo.leaveTree();
        return empty.apply(order);
    }

    /** Reads a container that only backs the object that is returned. */
    final C readHidden(GraphKryo kryo, BoundedInput input) {
        C container = create(kryo, input);
        fill(kryo, input, container);
        return container;
    }

    @Override
    public final void write(Kryo kryo, Output output, C container) {
        if (((GraphKryo) kryo).isKey()) {
            KeyCollections.requireNaturalOrder(container);
        }
        writeContent((GraphKryo) kryo, (GraphOutput) output, container);
    }

    @Override
    public final C read(Kryo kryo, Input input, Class<? extends C> type) {
        C container = create((GraphKryo) kryo, (BoundedInput) input);
        kryo.reference(container);
        fill((GraphKryo) kryo, (BoundedInput) input, container);
        return container;
    }

    static void requireSize(int size, int count) {
        if (size != count) {
            throw new CorruptValueException("of " + count + " elements, only " + size + " are distinct");
        }
    }

    /** Writes items in the order of their bytes, which is the same in every JVM. */
    static <T> void writeSorted(GraphOutput output, List<T> items, ItemWriter<T> writer) {
        byte[][] parts = new byte[items.size()][];
        for (int i = 0; i < parts.length; i++) {
            GraphOutput part = output.another();
            writer.write(part, items.get(i));
            parts[i] = part.toBytes();
        }
        Arrays.sort(parts, Arrays::compareUnsigned);
        for (byte[] part : parts) {
            output.writeBytes(part);
        }
    }

    /** Writes one element or entry. */
    interface ItemWriter<T> {
        void write(GraphOutput output, T item);
    }
}
