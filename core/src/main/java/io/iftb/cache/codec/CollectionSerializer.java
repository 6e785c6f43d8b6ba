package io.iftb.cache.codec;

import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Serializes collections: the comparator if the class takes one, a count, then the elements, each with its class. */
final class CollectionSerializer extends ContainerSerializer<Collection<Object>> {

    private final boolean isTree;
    private final @Nullable Hashing hashing;

    private CollectionSerializer(
            boolean isTree,
            @Nullable Hashing hashing,
            @Nullable Function<Collection<Object>, @Nullable Comparator<? super Object>> comparator,
            Function<@Nullable Comparator<? super Object>, ? extends Collection<Object>> empty) {
        super(comparator, empty);
        this.isTree = isTree;
        this.hashing = hashing;
    }

    /** Elements in their order. */
    static CollectionSerializer sequence(Supplier<? extends Collection<Object>> empty) {
        return new CollectionSerializer(false, null, null, none -> empty.get());
    }

    /** Elements that are hashed when they are added. */
    static CollectionSerializer hashed(Hashing hashing, Supplier<? extends Collection<Object>> empty) {
        return new CollectionSerializer(true, hashing, null, none -> empty.get());
    }

    /** Elements that are compared when they are added. */
    static CollectionSerializer sorted(
            Function<Collection<Object>, @Nullable Comparator<? super Object>> comparator,
            Function<@Nullable Comparator<? super Object>, ? extends Collection<Object>> empty) {
        return new CollectionSerializer(true, null, comparator, empty);
    }

    @Override
    void writeItems(GraphKryo kryo, GraphOutput output, Collection<Object> collection) {
        // A snapshot, since a concurrent collection may change between the count and the elements.
        Object[] elements = collection.toArray();
        output.writeVarInt(elements.length, true);
        if (isTree && kryo.isKey()) {
            writeSorted(output, Arrays.asList(elements), kryo::writeClassAndObject);
            return;
        }
        enter(kryo);
        for (Object element : elements) {
            kryo.writeClassAndObject(output, element);
        }
        leave(kryo);
    }

    @Override
    void fill(GraphKryo kryo, BoundedInput input, Collection<Object> collection) {
        Object[] elements = isTree ? trees(kryo, input) : sequence(kryo, input);
        collection.addAll(Arrays.asList(elements));
        requireSize(collection.size(), elements.length);
    }

    private Object[] trees(GraphKryo kryo, BoundedInput input) {
        TreeElements elements = new TreeElements(kryo, input);
        for (int i = 0; i < elements.size(); i++) {
            elements.read();
        }
        return hashing == null ? elements.all() : elements.all(hashing);
    }

    private static Object[] sequence(GraphKryo kryo, BoundedInput input) {
        Object[] elements = new Object[input.readCount()];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = kryo.readClassAndObject(input);
        }
        return elements;
    }

    private void enter(GraphKryo kryo) {
        if (isTree) {
            kryo.enterTree();
        }
    }

    private void leave(GraphKryo kryo) {
        if (isTree) {
            kryo.leaveTree();
        }
    }
}
