package io.iftb.cache.codec;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.ObjectInputFilter.FilterInfo;
import java.io.ObjectInputFilter.Status;
import java.io.ObjectInputStream;
import java.io.ObjectStreamClass;
import java.util.HashSet;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads a stream of the JDK that holds one object, whose parts are given. A class is neither loaded nor looked up by any
 * loader: the stream can only name those that its reader knows.
 */
final class JdkStreamReader extends ObjectInputStream {

    /** What a collection of the JDK may allocate for content that is still to come, whatever the length of the stream. */
    private static final int SMALL_ARRAY = 65_536;

    /** The depth of a part of an object whose class has that many superclasses. */
    private static final int MAX_DEPTH = 100;

    private static final int MOST_BYTES_TO_SLOTS = 8;

    private final @Nullable Object[] parts;
    private final Function<String, @Nullable Class<?>> classes;
    private final Set<Class<?>> named = new HashSet<>();
    private @Nullable Class<?> partType;

    /** Whether the one object has been read, which comes after all that it holds. */
    private boolean isComplete;

    /** @param classes the class of a name; null if it may not be read */
    JdkStreamReader(ByteArrayInputStream in, @Nullable Object[] parts, Function<String, @Nullable Class<?>> classes)
            throws IOException {
        super(in);
        this.parts = parts;
        this.classes = classes;
        enableResolveObject(true);
    }

    /** A reader for bytes that anybody may have written. */
    static JdkStreamReader bounded(byte[] bytes, Object[] parts, Function<String, @Nullable Class<?>> classes)
            throws IOException {
        JdkStreamReader reader = new JdkStreamReader(new ByteArrayInputStream(bytes), parts, classes);
        long slots = Math.max(SMALL_ARRAY, MOST_BYTES_TO_SLOTS * ((long) bytes.length + parts.length));
        reader.setObjectInputFilter(info -> reader.status(info, slots));
        return reader;
    }

    /** The classes that the stream names are known by then; others are those of parts, and of what the object resolves to. */
    private Status status(FilterInfo info, long slots) {
        Class<?> type = info.serialClass();
        if (type != null && type == partType) {
            return Status.ALLOWED;
        }
        if (info.depth() > MAX_DEPTH || info.arrayLength() > slots) {
            return Status.REJECTED;
        }
        boolean isKnown = type == null || info.arrayLength() >= 0 || info.depth() == 1 || named.contains(type);
        return isKnown ? Status.ALLOWED : Status.REJECTED;
    }

    @Override
    protected Class<?> resolveClass(ObjectStreamClass description) {
        String name = description.getName();
        Class<?> type = name.equals(JdkStreamPart.class.getName()) ? JdkStreamPart.class : classes.apply(name);
        if (type == null) {
            throw new CorruptValueException(
                    "a stream of the JDK names class " + name + ", which is not part of its object");
        }
        named.add(type);
        return type;
    }

    @Override
    protected Class<?> resolveProxyClass(String[] interfaces) {
        throw new CorruptValueException(
                "a stream of the JDK names a proxy of " + String.join(", ", interfaces) + ", which is never read");
    }

    @Override
    protected @Nullable Object resolveObject(@Nullable Object object) {
        if (isComplete) {
            throw new CorruptValueException("a stream of the JDK holds an object beside its parts");
        }
        if (!(object instanceof JdkStreamPart part)) {
            isComplete = !(object instanceof String);
            return object;
        }
        if (part.index() < 0 || part.index() >= parts.length) {
            throw new CorruptValueException("a stream of the JDK names part " + part.index() + " of " + parts.length);
        }
        Object resolved = parts[part.index()];
        partType = resolved == null ? null : resolved.getClass();
        return resolved;
    }
}
