package io.iftb.cache.codec;

import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import com.esotericsoftware.kryo.util.Util;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Facts about the classes in {@link PermanentIds}. */
final class KnownClasses {

    private static final Set<Class<?>> LEAVES = new HashSet<>();
    private static final Map<String, Class<?>> COMPONENTS = new HashMap<>();

    static {
        for (PermanentIds.Entry entry : PermanentIds.entries()) {
            add(entry.type(), entry.serializer() instanceof ImmutableSerializer);
            add(Util.getWrapperClass(entry.type()), entry.serializer() instanceof ImmutableSerializer);
        }
        HiddenClasses.COMPONENTS.forEach(type -> COMPONENTS.put(type.getName(), type));
    }

    private KnownClasses() {}

    private static void add(Class<?> type, boolean isLeaf) {
        COMPONENTS.put(type.getName(), type);
        if (isLeaf) {
            LEAVES.add(type);
        }
    }

    /** Whether objects of a class are always written in full, never as a reference. */
    static boolean isLeaf(Class<?> type) {
        return LEAVES.contains(type);
    }

    /** The class of an array component by its name, if it is of the JDK or a market record. */
    static @Nullable Class<?> component(String name) {
        return COMPONENTS.get(name);
    }
}
