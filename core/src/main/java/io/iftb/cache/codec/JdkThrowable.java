package io.iftb.cache.codec;

import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.net.URISyntaxException;
import java.nio.file.FileSystemException;
import java.sql.SQLException;
import java.text.ParseException;
import java.time.format.DateTimeParseException;
import java.util.List;
import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An exception class of the JDK with public access to all its state. Subclasses are made by its constructor, without
 * running one of their own. The state of other exception classes of the JDK cannot be accessed.
 *
 * @param type the class
 * @param names the names of the parts of its state; like ids, they never change
 * @param state returns these parts
 * @param parameters of a public constructor
 * @param arguments of that constructor
 */
record JdkThrowable(
        Class<? extends Throwable> type,
        List<String> names,
        Function<Throwable, @Nullable Object[]> state,
        List<Class<?>> parameters,
        Arguments arguments) {

    private static final List<JdkThrowable> KNOWN = List.of(
            new JdkThrowable(
                    SQLException.class,
                    List.of("SQLState", "vendorCode", "next"),
                    of(SQLException.class, e -> parts(e.getSQLState(), e.getErrorCode(), e.getNextException())),
                    List.of(String.class, String.class, int.class),
                    (message, cause, state) -> parts(message, state[0], number(state[1]))),
            new JdkThrowable(
                    ParseException.class,
                    List.of("errorOffset"),
                    of(ParseException.class, e -> parts(e.getErrorOffset())),
                    List.of(String.class, int.class),
                    (message, cause, state) -> parts(message, number(state[0]))),
            new JdkThrowable(
                    DateTimeParseException.class,
                    List.of("parsedString", "errorIndex"),
                    of(DateTimeParseException.class, e -> parts(e.getParsedString(), e.getErrorIndex())),
                    List.of(String.class, CharSequence.class, int.class),
                    (message, cause, state) -> parts(message, state[0], number(state[1]))),
            new JdkThrowable(
                    InvocationTargetException.class, // its target is its cause
                    List.of(),
                    e -> parts(),
                    List.of(Throwable.class, String.class),
                    (message, cause, state) -> parts(cause, message)),
            new JdkThrowable(
                    FileSystemException.class, // which computes its message from these
                    List.of("file", "other", "reason"),
                    of(FileSystemException.class, e -> parts(e.getFile(), e.getOtherFile(), e.getReason())),
                    List.of(String.class, String.class, String.class),
                    (message, cause, state) -> state),
            new JdkThrowable(
                    URISyntaxException.class, // which computes its message from these
                    List.of("input", "reason", "index"),
                    of(URISyntaxException.class, e -> parts(e.getInput(), e.getReason(), e.getIndex())),
                    List.of(String.class, String.class, int.class),
                    (message, cause, state) -> parts(state[0], state[1], number(state[2]))));

    private static final JdkThrowable TOP = new JdkThrowable(
            Throwable.class, List.of(), e -> parts(), List.of(String.class), (message, cause, state) -> parts(message));

    /** The nearest such class at or above a class. */
    static JdkThrowable above(Class<?> type) {
        return KNOWN.stream()
                .filter(known -> known.type.isAssignableFrom(type))
                .findFirst()
                .orElse(TOP);
    }

    /**
     * Makes objects of a class below by a constructor of this one, as Java's own serialization does by a constructor of
     * {@code Object}.
     */
    Constructor<?> constructorOf(Class<?> below) {
        try {
            Class<?> factories = Class.forName("sun.reflect.ReflectionFactory");
            Object factory = factories.getMethod("getReflectionFactory").invoke(null);
            Object made = factories
                    .getMethod("newConstructorForSerialization", Class.class, Constructor.class)
                    .invoke(factory, below, type.getConstructor(parameters.toArray(new Class<?>[0])));
            return (Constructor<?>) made;
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(
                    "exceptions cannot be stored without module jdk.unsupported; add it to this JVM", e);
        }
    }

    private static <T extends Throwable> Function<Throwable, @Nullable Object[]> of(
            Class<T> type, Function<T, @Nullable Object[]> state) {
        return throwable -> state.apply(type.cast(throwable));
    }

    private static @Nullable Object[] parts(@Nullable Object... parts) {
        return parts;
    }

    private static int number(@Nullable Object part) {
        return (Integer) Objects.requireNonNullElse(part, 0);
    }

    /** Makes the arguments of a constructor. */
    interface Arguments {
        @Nullable
        Object[] of(@Nullable String message, @Nullable Throwable cause, @Nullable Object[] state);
    }
}
