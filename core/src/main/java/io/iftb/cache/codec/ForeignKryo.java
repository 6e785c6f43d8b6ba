package io.iftb.cache.codec;

import com.esotericsoftware.kryo.ClassResolver;
import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.CollectionSerializer;
import com.esotericsoftware.kryo.serializers.DefaultSerializers.ArraysAsListSerializer;
import com.esotericsoftware.kryo.serializers.DefaultSerializers.PriorityQueueSerializer;
import com.esotericsoftware.kryo.serializers.DefaultSerializers.TreeSetSerializer;
import com.esotericsoftware.kryo.serializers.ImmutableCollectionsSerializers;
import com.esotericsoftware.kryo.serializers.MapSerializer;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Kryo with its own serializers, except that those of collections and arrays make room only for what the bytes can
 * hold, see {@link ForeignInput}.
 */
@SuppressWarnings({"rawtypes", "unchecked", "NonApiType"}) // as Kryo declares it
final class ForeignKryo extends Kryo {

    ForeignKryo(ClassResolver classes) {
        super(classes, null);
    }

    @Override
    public Serializer getDefaultSerializer(Class type) {
        Serializer given = super.getDefaultSerializer(type);
        if (type.isArray()) {
            boolean isReadAtOnce = type.getComponentType().isPrimitive() && type != boolean[].class;
            return isReadAtOnce ? given : new SizedArrays(given); // the input checks what is read at once
        }
        Class<?> kind = given.getClass();
        if (kind == CollectionSerializer.class) {
            return new SizedCollections();
        }
        if (kind == MapSerializer.class) {
            return new SizedMaps();
        }
        if (kind == ArraysAsListSerializer.class) {
            return new SizedViews();
        }
        if (kind == TreeSetSerializer.class) {
            return new SizedTrees();
        }
        if (kind == PriorityQueueSerializer.class) {
            return new SizedQueues();
        }
        boolean isImmutable = kind.getEnclosingClass() == ImmutableCollectionsSerializers.class;
        return isImmutable && Collection.class.isAssignableFrom(type) ? new SizedImmutables() : given;
    }

    private static void requireRoom(Input input, int count) {
        ((ForeignInput) input).requireRoom(count);
    }

    /** Arrays of objects and of booleans. */
    private static final class SizedArrays extends Serializer {

        private final Serializer given;

        SizedArrays(Serializer given) {
            this.given = given;
            setAcceptsNull(true);
        }

        @Override
        public void write(Kryo kryo, Output output, Object object) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object read(Kryo kryo, Input input, Class type) {
            int start = input.position();
            int length = input.readVarInt(true);
            if (length != NULL) {
                requireRoom(input, length - 1);
            }
            input.setPosition(start);
            return given.read(kryo, input, type);
        }
    }

    private static final class SizedCollections extends CollectionSerializer<Collection> {

        @Override
        protected Collection create(Kryo kryo, Input input, Class<? extends Collection> type, int size) {
            requireRoom(input, size);
            return super.create(kryo, input, type, size);
        }
    }

    /** {@code List.of} and {@code Set.of}. */
    private static final class SizedImmutables extends CollectionSerializer<Collection> {

        SizedImmutables() {
            setElementsCanBeNull(false);
        }

        @Override
        protected Collection create(Kryo kryo, Input input, Class<? extends Collection> type, int size) {
            requireRoom(input, size);
            return new ArrayList<>(size);
        }

        @Override
        public @Nullable Collection read(Kryo kryo, Input input, Class<? extends Collection> type) {
            Collection read = super.read(kryo, input, type);
            if (read == null) {
                return null;
            }
            return Set.class.isAssignableFrom(type) ? Set.of(read.toArray()) : List.of(read.toArray());
        }
    }

    /** {@code Arrays.asList}. */
    private static final class SizedViews extends ArraysAsListSerializer {

        @Override
        protected List create(Kryo kryo, Input input, Class type, int size) {
            requireRoom(input, size);
            return super.create(kryo, input, type, size);
        }
    }

    private static final class SizedTrees extends TreeSetSerializer {

        @Override
        protected TreeSet create(Kryo kryo, Input input, Class<? extends TreeSet> type, int size) {
            requireRoom(input, size);
            return super.create(kryo, input, type, size);
        }
    }

    private static final class SizedQueues extends PriorityQueueSerializer {

        @Override
        protected PriorityQueue create(Kryo kryo, Input input, Class<? extends PriorityQueue> type, int size) {
            requireRoom(input, size);
            return super.create(kryo, input, type, size);
        }
    }

    private static final class SizedMaps extends MapSerializer<Map> {

        @Override
        protected Map create(Kryo kryo, Input input, Class<? extends Map> type, int size) {
            requireRoom(input, size);
            return super.create(kryo, input, type, size);
        }
    }
}
