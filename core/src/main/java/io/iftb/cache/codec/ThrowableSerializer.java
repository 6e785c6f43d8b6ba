package io.iftb.cache.codec;

import io.iftb.cache.codec.Shape.Shaped;
import java.lang.reflect.Constructor;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Serializes an exception: message, cause, stack trace, suppressed exceptions, the fields of its class, and the state
 * that a {@link JdkThrowable} above it keeps. No constructor of its own class runs when it is read.
 *
 * <p>A cause or suppressed exception whose class may not be stored is replaced by an {@link UnstoredThrowable}.
 */
final class ThrowableSerializer extends WholeSerializer<Throwable> implements Shaped {

    private static final StackTraceElement[] NO_FRAMES = {};

    private final Members members;
    private final JdkThrowable top;
    private final Constructor<?> constructor;
    private final List<String> names;

    /** @throws UntrustedClassException if the class, or one of the JDK above it, keeps state that cannot be accessed */
    ThrowableSerializer(Class<? extends Throwable> type) {
        top = JdkThrowable.above(type);
        members = Members.below(top.type(), type);
        constructor = top.constructorOf(type);
        names = new ArrayList<>(members.names());
        top.names().forEach(name -> names.add(top.type().getName() + "." + name));
    }

    /** An exception in the bytes, without its frames and suppressed exceptions. */
    private record Content(
            @Nullable String message, @Nullable Throwable cause, Map<Integer, @Nullable Object> members) {

        Content withoutMessage() {
            return new Content(null, cause, members);
        }
    }

    @Override
    public List<String> names() {
        return names;
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
        for (Object part : top.state().apply(throwable)) {
            kryo.writeClassAndObject(output, part);
        }
    }

    private static @Nullable Throwable storable(GraphKryo kryo, @Nullable Throwable throwable) {
        return throwable == null || kryo.isStorableCause(throwable) ? throwable : UnstoredThrowable.of(throwable);
    }

    @Override
    Throwable readParts(GraphKryo kryo, BoundedInput input, Class<? extends Throwable> type) {
        Shape shape = kryo.shapeOf(type, this);
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
        Map<Integer, @Nullable Object> values = new HashMap<>();
        for (int i = 0; i < shape.size(); i++) {
            Object value = kryo.readClassAndObject(input);
            if (shape.isKnown(i)) {
                values.put(shape.member(i), value);
            }
        }
        Throwable throwable = newThrowable(new Content(message, cause, values));
        throwable.setStackTrace(frames);
        for (Throwable other : suppressed) {
            throwable.addSuppressed(other);
        }
        return throwable;
    }

    /** Some classes compute their message from their fields, and would add it to the one that they are given. */
    private Throwable newThrowable(Content content) {
        Throwable throwable = make(content);
        if (Objects.equals(throwable.getMessage(), content.message())) {
            return throwable;
        }
        Throwable unnamed = make(content.withoutMessage());
        return Objects.equals(unnamed.getMessage(), content.message()) ? unnamed : throwable;
    }

    private Throwable make(Content content) {
        int fields = members.names().size();
        @Nullable Object[] state = new Object[top.names().size()];
        content.members().forEach((member, value) -> {
            if (member >= fields) {
                state[member - fields] = value;
            }
        });
        @Nullable Object[] arguments = top.arguments().of(content.message(), content.cause(), state);
        Throwable throwable = (Throwable) Construction.call(() -> constructor.newInstance(arguments));
        throwable.setStackTrace(NO_FRAMES);
        content.members().forEach((member, value) -> {
            if (member < fields) {
                members.set(throwable, member, value);
            }
        });
        if (content.cause() != null && throwable.getCause() != content.cause()) {
            throwable.initCause(content.cause());
        }
        if (throwable instanceof SQLException first && state[2] instanceof SQLException next) {
            first.setNextException(next);
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
