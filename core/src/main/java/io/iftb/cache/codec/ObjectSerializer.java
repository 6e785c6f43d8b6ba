package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import io.iftb.cache.codec.Shape.Shaped;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objenesis.instantiator.ObjectInstantiator;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Serializes an ordinary object by the names of its fields. Reading calls its constructor without parameters, or none if
 * the class has no such constructor, and then {@code readResolve}, so that singletons stay single.
 */
final class ObjectSerializer extends Serializer<Object> implements Shaped {

    private final Members members;
    private final Construction newObject;
    private final @Nullable Method readResolve;

    /** @throws UntrustedClassException if the class has fields that cannot be accessed */
    ObjectSerializer(Class<?> type) {
        members = Members.of(type);
        newObject = newObject(type);
        readResolve = method(type, "readResolve");
    }

    private static @Nullable Method declared(Class<?> type, String name) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name) && method.getParameterCount() == 0) {
                return method;
            }
        }
        return null;
    }

    private static @Nullable Method method(Class<?> type, String name) {
        for (Class<?> next = type; next != null; next = next.getSuperclass()) {
            Method method = declared(next, name);
            if (method != null) {
                method.setAccessible(true);
                return method;
            }
        }
        return null;
    }

    private static Construction newObject(Class<?> type) {
        try {
            Constructor<?> constructor = type.getDeclaredConstructor();
            constructor.setAccessible(true);
            return constructor::newInstance;
        } catch (NoSuchMethodException e) {
            ObjectInstantiator<?> instantiator = new StdInstantiatorStrategy().newInstantiatorOf(type);
            return instantiator::newInstance;
        }
    }

    @Override
    public List<String> names() {
        return members.names();
    }

    @Override
    public void write(Kryo kryo, Output output, Object object) {
        members.write((GraphKryo) kryo, (GraphOutput) output, object);
    }

    @Override
    public Object read(Kryo kryo, Input input, Class<?> type) {
        GraphKryo graph = (GraphKryo) kryo;
        Shape shape = graph.shapeOf(type, this);
        Object object = Construction.call(newObject);
        if (readResolve == null) {
            kryo.reference(object);
            members.read(graph, (BoundedInput) input, shape, (member, value) -> members.set(object, member, value));
            return object;
        }
        Method resolve = readResolve;
        members.read(graph, (BoundedInput) input, shape, (member, value) -> members.set(object, member, value));
        return Construction.call(() -> resolve.invoke(object));
    }
}
