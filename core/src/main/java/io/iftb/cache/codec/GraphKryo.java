package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import io.iftb.cache.codec.Shape.Shaped;
import java.lang.reflect.Type;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Kryo with permanent ids, trusted class names and safe references.
 *
 * <p>An object that occurs again is written as a reference, so shared objects and cycles survive, with three exceptions:
 * <ul>
 *   <li>immutable leaves (text, numbers, dates, our records) are written again;
 *   <li>elements of sets, keys of maps and whole cache keys are <em>trees</em>, without references: otherwise equal keys
 *       could differ in bytes, and a few bytes of nested shared sets could keep {@code hashCode} busy for years;
 *   <li>an object that exists only when its parts do (a record, {@code List.of}) cannot be part of a cycle.
 * </ul>
 *
 * <p>Do not use an instance again after an exception.
 */
final class GraphKryo extends Kryo {

    /** The deepest nesting of objects; it takes about 300 KiB of stack. */
    static final int MAX_DEPTH = 400;

    private final ClassNames names;
    private final References references;
    private Causes causes = Causes.ALL;

    GraphKryo(NamedSerializers serializers) {
        this(new ClassNames(serializers), new References());
    }

    private GraphKryo(ClassNames names, References references) {
        super(names, references);
        this.names = names;
        this.references = references;
        setRegistrationRequired(true);
        setOptimizedGenerics(false);
        setMaxDepth(MAX_DEPTH);
        for (PermanentIds.Entry entry : PermanentIds.entries()) {
            register(entry.type(), entry.serializer(), entry.id());
        }
        HiddenClasses.ALIASES.forEach(names::alias);
    }

    /** Sets the mode of the next graph, which is read: no class becomes trusted. */
    void beginReading(Mode mode) {
        names.beginReading(mode);
        references.trees = mode == Mode.KEY ? 1 : 0;
    }

    /**
     * Sets the mode of the next graph, which is written.
     *
     * @param causes which causes of exceptions are written
     */
    void beginWriting(Mode mode, Causes causes) {
        names.beginWriting(mode);
        references.trees = mode == Mode.KEY ? 1 : 0;
        this.causes = causes;
    }

    /** Whether an exception may be written as the cause of another one, or suppressed by it. */
    boolean isStorableCause(Throwable throwable) {
        try {
            Registration registration = getRegistration(throwable.getClass());
            return causes == Causes.ALL || !names.isOnlyGiven(registration);
        } catch (UntrustedClassException e) {
            return false;
        }
    }

    /** Whether the graph is a cache key, whose bytes must be the same in every JVM. */
    boolean isKey() {
        return names.mode() == Mode.KEY;
    }

    /** Turns what was read into the declared type: the bytes of a key do not name the class of a collection. */
    @Nullable
    Object fit(Type declared, @Nullable Object value) {
        return isKey() ? KeyCollections.fit(declared, value) : value;
    }

    /** Whether what is read now is an element of a set, a key, or a part of one. */
    boolean isInTree() {
        return references.trees > 0;
    }

    void enterTree() {
        references.trees++;
    }

    void leaveTree() {
        references.trees--;
    }

    /** Marks an object as being written that exists only when its parts do. */
    void enterWhole(Object object) {
        references.unfinished.add(object);
    }

    void leaveWhole() {
        references.unfinished.remove(references.unfinished.size() - 1);
    }

    /** Maps the members in the bytes to those of the class here. */
    Shape shapeOf(Class<?> type, Shaped serializer) {
        return names.shapeOf(type, serializer);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Registration getRegistration(Class type) {
        Registration known = names.getRegistration(type);
        return known != null ? known : names.admit(type);
    }

    /** The kind of a graph. */
    enum Mode {
        /** A value: compact, keeps shared objects. */
        VALUE,
        /** A cache key: the same bytes in every JVM. */
        KEY
    }

    /** The causes of exceptions that are written; an {@link UnstoredThrowable} replaces the others. */
    enum Causes {
        /** all that may be stored */
        ALL,
        /** those whose classes are listed, since the others may hold what cannot be stored */
        LISTED
    }

    private static final class References extends MapReferenceResolver {

        private final List<Object> unfinished = new ArrayList<>();
        private int trees;

        @Override
        @SuppressWarnings("rawtypes")
        public boolean useReferences(Class type) {
            return trees == 0 && !KnownClasses.isLeaf(type) && !Enum.class.isAssignableFrom(type);
        }

        @Override
        public int getWrittenId(Object object) {
            int id = super.getWrittenId(object);
            if (id >= 0 && isUnfinished(object)) {
                throw new IllegalArgumentException("a " + object.getClass().getName()
                        + " holds itself and could not be read again, because it can only be made from its parts;"
                        + " remove the cycle");
            }
            return id;
        }

        private boolean isUnfinished(Object object) {
            for (Object other : unfinished) {
                if (other == object) {
                    return true;
                }
            }
            return false;
        }

        @Override
        @SuppressWarnings("rawtypes")
        public Object getReadObject(Class type, int id) {
            @Nullable Object object = super.getReadObject(type, id);
            if (object == null) {
                throw new CorruptValueException("reference " + id + " points to an object that has not been read yet");
            }
            return object;
        }

        @Override
        public void reset() {
            super.reset();
            unfinished.clear();
        }
    }
}
