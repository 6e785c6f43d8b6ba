package io.iftb.cache.codec;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Writes one object as a stream of the JDK, and leaves out the objects that it holds: they are the parts. */
final class JdkStreamWriter extends ObjectOutputStream {

    private final List<Object> parts = new ArrayList<>();
    private final Map<String, Class<?>> named = new HashMap<>();
    private @Nullable Object top;

    JdkStreamWriter(OutputStream out) throws IOException {
        super(out);
        enableReplaceObject(true);
    }

    /** The objects that the written one holds. */
    List<Object> parts() {
        return parts;
    }

    /** The object that was written; another one if {@code writeReplace} replaced it. */
    Object top() {
        return Objects.requireNonNull(top, "nothing is written yet");
    }

    /** The classes that the stream names. */
    Collection<Class<?>> named() {
        return named.values();
    }

    @Override
    protected void annotateClass(Class<?> type) {
        named.put(type.getName(), type);
    }

    @Override
    protected Object replaceObject(Object object) {
        if (top == null) {
            top = object;
            return object;
        }
        if (object instanceof String) {
            return object;
        }
        parts.add(isReplacement(object.getClass()) ? original(object) : object);
        return new JdkStreamPart(parts.size() - 1);
    }

    /** Whether objects of a class are what the JDK writes instead of a value of its own, such as a date or {@code List.of}. */
    private static boolean isReplacement(Class<?> type) {
        return Trust.isOfPlatform(type)
                && !type.isArray()
                && !Enum.class.isAssignableFrom(type)
                && KnownClasses.component(type.getName()) == null;
    }

    /** The value that such an object stands for: the JDK gives it back only when it reads what it wrote. */
    private static Object original(Object replacement) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JdkStreamWriter writer = new JdkStreamWriter(bytes)) {
            writer.writeObject(replacement);
            writer.flush();
            try (JdkStreamReader reader = new JdkStreamReader(
                    new ByteArrayInputStream(bytes.toByteArray()), writer.parts.toArray(), writer.named::get)) {
                return reader.readObject();
            }
        } catch (IOException | ClassNotFoundException e) {
            return replacement; // it is refused by its name
        }
    }
}
