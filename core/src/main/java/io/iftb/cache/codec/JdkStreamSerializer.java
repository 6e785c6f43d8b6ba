package io.iftb.cache.codec;

import java.io.ByteArrayOutputStream;
import java.io.Externalizable;
import java.io.IOException;
import java.io.NotSerializableException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Serializes an object of a class with its own idea of its bytes ({@code writeObject}, {@code readObject}, {@code
 * writeReplace}, {@link Externalizable}) by the JDK's serialization.
 *
 * <pre>
 * count of parts, a varint; the parts, each with its class
 * length of the stream, a varint; the stream: the object alone, with a {@link JdkStreamPart} for each object that it holds
 * </pre>
 *
 * <p>So everything that the object holds keeps the rules and bounds of our own format, and no bytes can make the JDK build
 * anything but one object of a trusted class. Parts are trees, since the class may hash them while it is read.
 */
final class JdkStreamSerializer extends WholeSerializer<Object> {

    private final NamedSerializers classes;
    private final boolean isReplaced;
    private final Map<String, Class<?>> hierarchy;

    /** @throws UntrustedClassException if the class is not {@link Serializable} */
    JdkStreamSerializer(Class<?> type, NamedSerializers classes) {
        if (!Serializable.class.isAssignableFrom(type)) {
            throw new UntrustedClassException("class " + type.getName()
                    + " serializes itself (writeObject, readObject or writeReplace) but does not implement"
                    + " java.io.Serializable; implement it, or store a record or a collection of its contents");
        }
        this.classes = classes;
        this.isReplaced = inherits(type, "writeReplace");
        this.hierarchy = hierarchy(type);
    }

    /** For a class of the JDK that is not replaced in its bytes, so that its stream names no class that needs trust. */
    static JdkStreamSerializer ofPlatform(Class<?> type) {
        return new JdkStreamSerializer(type, new NamedSerializers(new Trust(), ClassLoader.getPlatformClassLoader()));
    }

    /** Whether the fields of a class alone may not be all of its objects. */
    static boolean isNeededFor(Class<?> type) {
        if (Externalizable.class.isAssignableFrom(type) || inherits(type, "writeReplace")) {
            return true;
        }
        for (Class<?> next = type; next != null; next = next.getSuperclass()) {
            if (declares(next, "writeObject", ObjectOutputStream.class)
                    || declares(next, "readObject", ObjectInputStream.class)) {
                return true;
            }
        }
        return false;
    }

    private static boolean inherits(Class<?> type, String name) {
        for (Class<?> next = type; next != null; next = next.getSuperclass()) {
            if (declares(next, name)) {
                return true;
            }
        }
        return false;
    }

    private static boolean declares(Class<?> type, String name, Class<?>... parameters) {
        for (Method method : type.getDeclaredMethods()) {
            if (method.getName().equals(name) && Arrays.equals(method.getParameterTypes(), parameters)) {
                return true;
            }
        }
        return false;
    }

    private static Map<String, Class<?>> hierarchy(Class<?> type) {
        Map<String, Class<?>> hierarchy = new LinkedHashMap<>();
        for (Class<?> next = type; next != null; next = next.getSuperclass()) {
            hierarchy.put(next.getName(), next);
        }
        return hierarchy;
    }

    @Override
    void writeParts(GraphKryo kryo, GraphOutput output, Object object) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        JdkStreamWriter stream = written(object, bytes);
        requireReadable(object, stream);
        output.writeVarInt(stream.parts().size(), true);
        kryo.enterTree();
        stream.parts().forEach(part -> kryo.writeClassAndObject(output, part));
        kryo.leaveTree();
        output.writeVarInt(bytes.size(), true);
        output.writeBytes(bytes.toByteArray());
    }

    private static JdkStreamWriter written(Object object, ByteArrayOutputStream bytes) {
        try (JdkStreamWriter stream = new JdkStreamWriter(bytes)) {
            stream.writeObject(object);
            return stream;
        } catch (NotSerializableException e) {
            throw new UntrustedClassException("class " + object.getClass().getName()
                    + " serializes itself and cannot be stored, because " + e.getMessage()
                    + " does not implement java.io.Serializable; implement it there, or leave its objects out");
        } catch (IOException e) {
            throw new IllegalArgumentException(
                    "a " + object.getClass().getName() + " cannot be stored, because it does not serialize itself: "
                            + e,
                    e);
        }
    }

    /** @throws UntrustedClassException if the stream names another class than that of the object, or of what replaces it */
    private void requireReadable(Object object, JdkStreamWriter stream) {
        Class<?> top = stream.top().getClass();
        if (top != object.getClass()) {
            classes.giveReplacement(top, hierarchy.values());
        }
        Map<String, Class<?>> known = hierarchy(top);
        for (Class<?> named : stream.named()) {
            if (named != JdkStreamPart.class && known.get(named.getName()) != named) {
                throw new UntrustedClassException("class " + object.getClass().getName() + " writes the class "
                        + named.getTypeName() + " itself, which is not read again; write its name");
            }
        }
    }

    @Override
    Object readParts(GraphKryo kryo, BoundedInput input, Class<?> type) {
        TreeElements elements = new TreeElements(kryo, input);
        for (int i = 0; i < elements.size(); i++) {
            elements.read();
        }
        // Parts of a map of the application are its values too, of which many may be equal.
        boolean areHashed = type == Properties.class || HashSet.class.isAssignableFrom(type);
        Object[] parts = areHashed ? elements.all(Hashing.TREES) : elements.all();
        byte[] bytes = input.readBytes(input.readVarInt(true));
        Map<String, Class<?>> known = new LinkedHashMap<>(hierarchy);
        try (JdkStreamReader stream = JdkStreamReader.bounded(bytes, parts, name -> resolve(known, name))) {
            Object object = stream.readObject();
            if (!type.isInstance(object) || stream.read() >= 0) {
                throw new CorruptValueException(
                        "a stream of the JDK holds more or another object than one of class " + type.getName());
            }
            return object;
        } catch (IOException | ClassNotFoundException e) {
            throw new CorruptValueException("class " + type.getName() + " cannot be read by itself: " + e, e);
        }
    }

    /** The class of a name in a stream: one of the hierarchy of the object, or the class that replaces it in its bytes. */
    private @Nullable Class<?> resolve(Map<String, Class<?>> known, String name) {
        Class<?> type = known.get(name);
        if (type == null && isReplaced && known.size() == hierarchy.size()) {
            type = classes.resolveReplacement(name, hierarchy.values());
            known.putAll(hierarchy(type));
        }
        return type;
    }
}
