package io.iftb.cache.codec;

import java.util.Arrays;
import java.util.Comparator;
import java.util.ConcurrentModificationException;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The form of a map: a count, then a key and a value for each entry. Keys are trees, see {@link GraphKryo}. */
class MapSerializer extends ContainerSerializer<Map<Object, Object>> {

    private final Supplier<? extends Map<Object, Object>> empty;

    private MapSerializer(Supplier<? extends Map<Object, Object>> empty) {
        this.empty = empty;
    }

    /** Keys that are hashed when they are added. */
    static MapSerializer hashed(Supplier<? extends Map<Object, Object>> empty) {
        return new MapSerializer(empty);
    }

    /** Keys that are hashed when they are added, in the order of insertion. */
    static MapSerializer linked() {
        return new Linked();
    }

    /** Keys that are compared when they are added. */
    static MapSerializer sorted(
            Function<Map<Object, Object>, @Nullable Comparator<? super Object>> comparator,
            Function<@Nullable Comparator<? super Object>, ? extends Map<Object, Object>> empty) {
        return new Sorted(comparator, empty);
    }

    @Override
    void writeContent(GraphKryo kryo, GraphOutput output, Map<Object, Object> map) {
        List<Map.Entry<Object, Object>> entries = entries(map);
        output.writeVarInt(entries.size(), true);
        if (kryo.isKey()) {
            writeSorted(output, entries, (part, entry) -> writeEntry(kryo, part, entry));
        } else {
            entries.forEach(entry -> writeEntry(kryo, output, entry));
        }
    }

    /** A snapshot, since a concurrent map may change between the count and the entries. */
    @SuppressWarnings({"unchecked", "rawtypes"})
    static List<Map.Entry<Object, Object>> entries(Map<Object, Object> map) {
        return Arrays.asList(map.entrySet().toArray(new Map.Entry[0]));
    }

    static void writeEntry(GraphKryo kryo, GraphOutput output, Map.Entry<Object, Object> entry) {
        kryo.enterTree();
        kryo.writeClassAndObject(output, entry.getKey());
        kryo.leaveTree();
        kryo.writeClassAndObject(output, entry.getValue());
    }

    @Override
    Map<Object, Object> create(GraphKryo kryo) {
        return empty.get();
    }

    @Override
    void fill(GraphKryo kryo, BoundedInput input, Map<Object, Object> map) {
        int count = input.readCount();
        for (int i = 0; i < count; i++) {
            kryo.enterTree();
            Object key = kryo.readClassAndObject(input);
            kryo.leaveTree();
            map.put(key, kryo.readClassAndObject(input));
        }
        requireSize(map.size(), count);
    }

    private static final class Linked extends MapSerializer {

        Linked() {
            super(LinkedHashMap::new);
        }

        @Override
        void writeContent(GraphKryo kryo, GraphOutput output, Map<Object, Object> map) {
            if (!kryo.isKey() && isInAccessOrder((LinkedHashMap<Object, Object>) map)) {
                throw new UntrustedClassException(
                        "a java.util.LinkedHashMap in access order cannot be stored, since that"
                                + " order cannot be read again; store a copy in insertion order: new LinkedHashMap<>(map)");
            }
            super.writeContent(kryo, output, map);
        }

        /** Nothing tells but the change that a look at the eldest of two entries makes. */
        @SuppressWarnings({"unchecked", "NonApiType"}) // only this class has that order
        private static boolean isInAccessOrder(LinkedHashMap<Object, Object> map) {
            Map<Object, Object> copy = (Map<Object, Object>) map.clone();
            Object elder = new Object();
            copy.put(elder, elder);
            copy.put(new Object(), elder);
            Iterator<Object> keys = copy.keySet().iterator();
            copy.get(elder);
            try {
                keys.next();
                return false;
            } catch (ConcurrentModificationException e) {
                return true;
            }
        }
    }

    private static final class Sorted extends MapSerializer {

        private final Function<Map<Object, Object>, @Nullable Comparator<? super Object>> comparator;
        private final Function<@Nullable Comparator<? super Object>, ? extends Map<Object, Object>> empty;

        Sorted(
                Function<Map<Object, Object>, @Nullable Comparator<? super Object>> comparator,
                Function<@Nullable Comparator<? super Object>, ? extends Map<Object, Object>> empty) {
            super(() -> empty.apply(null));
            this.comparator = comparator;
            this.empty = empty;
        }

        @Override
        void writeContent(GraphKryo kryo, GraphOutput output, Map<Object, Object> map) {
            kryo.enterTree();
            kryo.writeClassAndObject(output, comparator.apply(map));
            kryo.leaveTree();
            List<Map.Entry<Object, Object>> entries = entries(map);
            output.writeVarInt(entries.size(), true);
            entries.forEach(entry -> writeEntry(kryo, output, entry));
        }

        @Override
        @SuppressWarnings("unchecked")
        Map<Object, Object> create(GraphKryo kryo, BoundedInput input) {
            kryo.enterTree();
            Comparator<? super Object> order = (Comparator<? super Object>) kryo.readClassAndObject(input);
            kryo.leaveTree();
            return empty.apply(order);
        }
    }
}
