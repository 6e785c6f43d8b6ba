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
 * Kryo as this codec uses it: permanent ids, trusted names, and references that are sound.
 *
 * <p>An object that is met again is written as a reference, so shared objects and cycles survive, with three exceptions:
 * <ul>
 *   <li>immutable leaves (text, numbers, dates, our records) are written again;
 *   <li>elements of sets, keys of maps and whole cache keys are <em>trees</em>, without references: else equal keys could
 *       differ in bytes, and a few bytes of nested shared sets could keep {@code hashCode} busy for years;
 *   <li>an object that exists only when its parts do (a record, {@code List.of}) cannot be part of a cycle.
 * </ul>
 *
 * <p>After an exception an instance must not be used again.
 */
final class GraphKryo extends Kryo {

    /** How deep objects may nest; about 300 KiB of stack. */
    static final int MAX_DEPTH = 400;

    private final ClassNames names;
    private final References references;

    GraphKryo(NamedSerializers forms) {
        this(new ClassNames(forms), new References());
    }

    private GraphKryo(ClassNames names, References references) {
        super(names, references);
        this.names = names;
        this.references = references;
        setRegistrationRequired(true);
        setOptimizedGenerics(false);
        setMaxDepth(MAX_DEPTH);
        for (PermanentIds.Entry entry : PermanentIds.entries()) {
            register(entry.type(), entry.form(), entry.id());
        }
        HiddenClasses.ALIASES.forEach(names::alias);
    }

    /** Chooses how the next graph is written or read. */
    void begin(Mode mode) {
        names.begin(mode);
        references.trees = mode == Mode.KEY ? 1 : 0;
    }

    /** Whether the graph is a cache key, whose bytes must be the same in every JVM. */
    boolean isKey() {
        return names.mode() == Mode.KEY;
    }

    /** What was read for a field or an array, as a type declares it: in keys the bytes do not say which collection. */
    @Nullable
    Object fit(Type declared, @Nullable Object value) {
        return isKey() ? KeyCollections.fit(declared, value) : value;
    }

    void enterTree() {
        references.trees++;
    }

    void leaveTree() {
        references.trees--;
    }

    /** Says that an object is being written which exists only when its parts do. */
    void enterWhole(Object object) {
        references.unfinished.add(object);
    }

    void leaveWhole() {
        references.unfinished.remove(references.unfinished.size() - 1);
    }

    /** Which member of the local class each member in the bytes is. */
    Shape shapeOf(Class<?> type, Shaped form) {
        return names.shapeOf(type, form);
    }

    @Override
    @SuppressWarnings("rawtypes")
    public Registration getRegistration(Class type) {
        Registration known = names.getRegistration(type);
        return known != null ? known : names.admit(type);
    }

    /** What a graph is. */
    enum Mode {
        /** A value: compact, keeps shared objects. */
        VALUE,
        /** A cache key: the same bytes in every JVM. */
        KEY,
        /** A value that is read again at once, so not worth compressing. */
        COPY
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
                        + " holds itself; it exists only when its parts do, so it could not be read again");
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
                throw new CorruptValueException("reference " + id + " is to an object that is not read yet");
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
