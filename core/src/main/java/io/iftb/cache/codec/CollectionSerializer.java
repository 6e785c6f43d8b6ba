package io.iftb.cache.codec;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The form of a collection: a count, then the elements, each with its class. */
class CollectionSerializer extends ContainerSerializer<Collection<Object>> {

    private final Supplier<? extends Collection<Object>> empty;

    private CollectionSerializer(Supplier<? extends Collection<Object>> empty) {
        this.empty = empty;
    }

    /** Elements in their order. */
    static CollectionSerializer sequence(Supplier<? extends Collection<Object>> empty) {
        return new CollectionSerializer(empty);
    }

    /** Elements that are hashed when they are added. */
    static CollectionSerializer hashed(Supplier<? extends Collection<Object>> empty) {
        return new Hashed(empty);
    }

    /** Elements that are compared when they are added. */
    static CollectionSerializer sorted(
            Function<Collection<Object>, @Nullable Comparator<? super Object>> comparator,
            Function<@Nullable Comparator<? super Object>, ? extends Collection<Object>> empty) {
        return new Sorted(comparator, empty);
    }

    @Override
    void writeContent(GraphKryo kryo, GraphOutput output, Collection<Object> collection) {
        // A snapshot, since a concurrent collection may change between the count and the elements.
        Object[] elements = collection.toArray();
        output.writeVarInt(elements.length, true);
        for (Object element : elements) {
            kryo.writeClassAndObject(output, element);
        }
    }

    @Override
    Collection<Object> create(GraphKryo kryo) {
        return empty.get();
    }

    @Override
    void fill(GraphKryo kryo, BoundedInput input, Collection<Object> collection) {
        Object[] elements = new Object[input.readCount()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = kryo.readClassAndObject(input);
        }
        collection.addAll(Arrays.asList(elements));
        requireSize(collection.size(), elements.length);
    }

    private static class Hashed extends CollectionSerializer {

        Hashed(Supplier<? extends Collection<Object>> empty) {
            super(empty);
        }

        @Override
        void writeContent(GraphKryo kryo, GraphOutput output, Collection<Object> collection) {
            if (kryo.isKey()) {
                List<Object> elements = Arrays.asList(collection.toArray());
                output.writeVarInt(elements.size(), true);
                writeSorted(output, elements, kryo::writeClassAndObject);
                return;
            }
            kryo.enterTree();
            super.writeContent(kryo, output, collection);
            kryo.leaveTree();
        }

        @Override
        void fill(GraphKryo kryo, BoundedInput input, Collection<Object> collection) {
            kryo.enterTree();
            super.fill(kryo, input, collection);
            kryo.leaveTree();
        }
    }

    private static final class Sorted extends CollectionSerializer {

        private final Function<Collection<Object>, @Nullable Comparator<? super Object>> comparator;
        private final Function<@Nullable Comparator<? super Object>, ? extends Collection<Object>> empty;

        Sorted(
                Function<Collection<Object>, @Nullable Comparator<? super Object>> comparator,
                Function<@Nullable Comparator<? super Object>, ? extends Collection<Object>> empty) {
            super(() -> empty.apply(null));
            this.comparator = comparator;
            this.empty = empty;
        }

        @Override
        void writeContent(GraphKryo kryo, GraphOutput output, Collection<Object> collection) {
            kryo.enterTree();
            kryo.writeClassAndObject(output, comparator.apply(collection));
            super.writeContent(kryo, output, collection);
            kryo.leaveTree();
        }

        @Override
        @SuppressWarnings("unchecked")
        Collection<Object> create(GraphKryo kryo, BoundedInput input) {
            kryo.enterTree();
            Comparator<? super Object> order = (Comparator<? super Object>) kryo.readClassAndObject(input);
            kryo.leaveTree();
            return empty.apply(order);
        }

        @Override
        void fill(GraphKryo kryo, BoundedInput input, Collection<Object> collection) {
            kryo.enterTree();
            super.fill(kryo, input, collection);
            kryo.leaveTree();
        }
    }
}
