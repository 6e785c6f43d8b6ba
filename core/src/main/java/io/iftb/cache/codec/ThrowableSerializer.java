package io.iftb.cache.codec;

import io.iftb.cache.codec.Shape.Shaped;
import java.lang.reflect.Constructor;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The form of an exception: message, cause, stack trace, suppressed exceptions, and the fields of its class up to the
 * first class of the JDK. It is read without running a constructor of its class, only one of {@link Throwable}.
 *
 * <p>A cause or suppressed exception whose class may not be stored is replaced by an {@link UnstoredThrowable}.
 */
final class ThrowableSerializer extends WholeSerializer<Throwable> implements Shaped {

    private static final StackTraceElement[] NO_FRAMES = {};

    private final Members members;
    private final Constructor<? extends Throwable> withCause;
    private final Constructor<? extends Throwable> withoutCause;

    ThrowableSerializer(Class<? extends Throwable> type) {
        members = Members.of(type);
        withCause = constructor(type, String.class, Throwable.class);
        withoutCause = constructor(type, String.class);
    }

    /** Makes an object of a class by a constructor of {@code Throwable}, as Java's own serialization does by Object's. */
    @SuppressWarnings("unchecked")
    private static Constructor<? extends Throwable> constructor(Class<?> type, Class<?>... parameters) {
        try {
            Class<?> factories = Class.forName("sun.reflect.ReflectionFactory");
            Object factory = factories.getMethod("getReflectionFactory").invoke(null);
            Object made = factories
                    .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                    .invoke(factory, type, Throwable.class.getConstructor(parameters));
            return (Constructor<? extends Throwable>) made;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("module jdk.unsupported is missing; exceptions need it to be stored", e);
        }
    }

    @Override
    public List<String> names() {
        return members.names();
    }

    @Override
    void writeParts(GraphKryo kryo, GraphOutput output, Throwable throwable) {
        output.writeString(throwable.getMessage());
        kryo.writeClassAndObject(output, storable(kryo, throwable.getCause()));
        StackTraceElement[] frames = throwable.getStackTrace();
        output.writeVarInt(frames.length, true);
        for (StackTraceElement frame : frames) {
            write(output, frame);
        }
        Throwable[] suppressed = throwable.getSuppressed();
        output.writeVarInt(suppressed.length, true);
        for (Throwable other : suppressed) {
            kryo.writeClassAndObject(output, storable(kryo, other));
        }
        members.write(kryo, output, throwable);
    }

    private static @Nullable Throwable storable(GraphKryo kryo, @Nullable Throwable throwable) {
        if (throwable == null) {
            return null;
        }
        try {
            kryo.getRegistration(throwable.getClass());
            return throwable;
        } catch (UntrustedClassException e) {
            return UnstoredThrowable.of(throwable);
        }
    }

    @Override
    Throwable readParts(GraphKryo kryo, BoundedInput input, Class<? extends Throwable> type) {
        Shape shape = members.names().isEmpty() ? null : kryo.shapeOf(type);
        String message = input.readString();
        Throwable cause = (Throwable) kryo.readClassAndObject(input);
        StackTraceElement[] frames = new StackTraceElement[input.readCount()];
        for (int i = 0; i < frames.length; i++) {
            frames[i] = readFrame(input);
        }
        Throwable[] suppressed = new Throwable[input.readCount()];
        for (int i = 0; i < suppressed.length; i++) {
            suppressed[i] = Objects.requireNonNull((Throwable) kryo.readClassAndObject(input));
        }
        Object[] values = new Object[shape == null ? 0 : shape.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = kryo.readClassAndObject(input);
        }
        Throwable throwable = newThrowable(message, cause, shape, values);
        // Some classes compute their message from their fields, and would add it to the one they are given.
        if (!Objects.equals(throwable.getMessage(), message)) {
            Throwable unnamed = newThrowable(null, cause, shape, values);
            throwable = Objects.equals(unnamed.getMessage(), message) ? unnamed : throwable;
        }
        throwable.setStackTrace(frames);
        for (Throwable other : suppressed) {
            throwable.addSuppressed(other);
        }
        return throwable;
    }

    Throwable newThrowable(
            @Nullable String message, @Nullable Throwable cause, @Nullable Shape shape, Object[] values) {
        Throwable throwable = (Throwable) Construction.call(
                () -> cause == null ? withoutCause.newInstance(message) : withCause.newInstance(message, cause));
        throwable.setStackTrace(NO_FRAMES);
        for (int i = 0; i < values.length; i++) {
            if (shape != null && shape.isKnown(i)) {
                members.set(throwable, shape.member(i), values[i]);
            }
        }
        return throwable;
    }

    private static void write(GraphOutput output, StackTraceElement frame) {
        output.writeString(frame.getClassLoaderName());
        output.writeString(frame.getModuleName());
        output.writeString(frame.getModuleVersion());
        output.writeString(frame.getClassName());
        output.writeString(frame.getMethodName());
        output.writeString(frame.getFileName());
        output.writeVarInt(frame.getLineNumber(), false);
    }

    private static StackTraceElement readFrame(BoundedInput input) {
        return new StackTraceElement(
                input.readString(),
                input.readString(),
                input.readString(),
                LeafSerializer.text(input),
                LeafSerializer.text(input),
                input.readString(),
                input.readVarInt(false));
    }
}
