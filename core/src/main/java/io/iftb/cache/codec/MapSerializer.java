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

/**
 * Serializes maps: the comparator if the class takes one, a count, then a key and a value for each entry. Keys are trees,
 * see {@link GraphKryo}.
 */
final class MapSerializer extends ContainerSerializer<Map<Object, Object>> {

    private final @Nullable Hashing hashing;

    private MapSerializer(
            @Nullable Hashing hashing,
            @Nullable Function<Map<Object, Object>, @Nullable Comparator<? super Object>> comparator,
            Function<@Nullable Comparator<? super Object>, ? extends Map<Object, Object>> empty) {
        super(comparator, empty);
        this.hashing = hashing;
    }

    /** Keys that are hashed when they are added. */
    static MapSerializer hashed(Hashing hashing, Supplier<? extends Map<Object, Object>> empty) {
        return new MapSerializer(hashing, null, none -> empty.get());
    }

    /** Keys that are compared when they are added. */
    static MapSerializer sorted(
            Function<Map<Object, Object>, @Nullable Comparator<? super Object>> comparator,
            Function<@Nullable Comparator<? super Object>, ? extends Map<Object, Object>> empty) {
        return new MapSerializer(null, comparator, empty);
    }

    @Override
    @SuppressWarnings({"unchecked", "rawtypes"})
    void writeItems(GraphKryo kryo, GraphOutput output, Map<Object, Object> map) {
        if (!kryo.isKey() && isInAccessOrder(map)) {
            throw new UntrustedClassException("a java.util.LinkedHashMap in access order cannot be stored, because its"
                    + " order cannot be read again; store a copy in insertion order: new LinkedHashMap<>(map)");
        }
        // A snapshot, since a concurrent map may change between the count and the entries.
        List<Map.Entry<Object, Object>> entries = Arrays.asList(map.entrySet().toArray(new Map.Entry[0]));
        output.writeVarInt(entries.size(), true);
        if (kryo.isKey()) {
            writeSorted(output, entries, (part, entry) -> writeEntry(kryo, part, entry));
        } else {
            entries.forEach(entry -> writeEntry(kryo, output, entry));
        }
    }

    private static void writeEntry(GraphKryo kryo, GraphOutput output, Map.Entry<Object, Object> entry) {
        kryo.enterTree();
        kryo.writeClassAndObject(output, entry.getKey());
        kryo.leaveTree();
        kryo.writeClassAndObject(output, entry.getValue());
    }

    /** No method returns the order. In access order, a get of the older of two entries changes the map, so try on a copy. */
    @SuppressWarnings("unchecked")
    private static boolean isInAccessOrder(Map<Object, Object> map) {
        if (map.getClass() != LinkedHashMap.class) {
            return false;
        }
        Map<Object, Object> copy = (Map<Object, Object>) ((LinkedHashMap<Object, Object>) map).clone();
        Object older = new Object();
        copy.put(older, older);
        copy.put(new Object(), older);
        Iterator<Object> keys = copy.keySet().iterator();
        copy.get(older);
        try {
            keys.next();
            return false;
        } catch (ConcurrentModificationException e) {
            return true;
        }
    }

    @Override
    void fill(GraphKryo kryo, BoundedInput input, Map<Object, Object> map) {
        TreeElements keys = new TreeElements(kryo, input);
        Object[] values = new Object[keys.size()];
        for (int i = 0; i < values.length; i++) {
            keys.read();
            values[i] = kryo.readClassAndObject(input);
        }
        Object[] read = hashing == null ? keys.all() : keys.all(hashing);
        for (int i = 0; i < values.length; i++) {
            map.put(read[i], values[i]);
        }
        requireSize(map.size(), values.length);
    }
}
