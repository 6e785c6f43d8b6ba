package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import io.iftb.cache.codec.GraphKryo.Mode;
import io.iftb.cache.codec.Shape.Shaped;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Classes in the bytes: a permanent id plus 2, or 1 for a class that is stored by its name.
 *
 * <pre>
 * mention of a name = 1, varint 0, name, shape      the first time (in keys: every time)
 *                   | 1, varint n                   the n-th name of this graph again, from 1
 * </pre>
 *
 * <p>A shape ({@link Shape}) follows the names of records, objects and exceptions.
 */
@SuppressWarnings({"rawtypes", "unchecked"})
final class ClassNames extends DefaultClassResolver {

    private static final int NAMED = NAME + 2;

    private final NamedSerializers serializers;
    private final Map<Class, Integer> written = new HashMap<>();
    private final List<Registration> read = new ArrayList<>();
    private final List<@Nullable Shape> shapesRead = new ArrayList<>();
    private final Map<Class, Shape> shapes = new HashMap<>();
    private Mode mode = Mode.VALUE;
    private boolean isReading;

    ClassNames(NamedSerializers serializers) {
        this.serializers = serializers;
    }

    void beginReading(Mode next) {
        mode = next;
        isReading = true;
    }

    void beginWriting(Mode next) {
        mode = next;
        isReading = false;
    }

    /** Whether a class is trusted only because the program gave an object of it. */
    boolean isOnlyGiven(Registration registration) {
        return registration.getId() == NAME && serializers.isOnlyGiven(registration.getType());
    }

    Mode mode() {
        return mode;
    }

    /** Writes a hidden class of the JDK as another one. */
    void alias(Class hidden, Class as) {
        classToRegistration.put(hidden, Objects.requireNonNull(getRegistration(as)));
    }

    /** Registers a class that is stored by its name: one that the program gives, or one that was found to be trusted. */
    Registration admit(Class type) {
        Class<?> stored = NamedSerializers.storedClass(type);
        Registration registration = classToRegistration.get(stored);
        if (registration == null) {
            Serializer<?> serializer = isReading ? serializers.serializerOf(stored) : serializers.admit(stored);
            registration = register(new Registration(stored, serializer, NAME));
        }
        if (stored != type) {
            classToRegistration.put(type, registration);
        }
        return registration;
    }

    Shape shapeOf(Class<?> type, Shaped serializer) {
        Shape shape = shapes.get(type);
        return shape != null ? shape : Shape.whole(serializer.names().size());
    }

    @Override
    public @Nullable Registration writeClass(Output output, @Nullable Class type) {
        if (type != null && mode == Mode.KEY) {
            return super.writeClass(output, KeyCollections.writtenAs(type));
        }
        return super.writeClass(output, type);
    }

    @Override
    protected void writeName(Output output, Class type, Registration registration) {
        output.writeByte(NAMED);
        Class stored = registration.getType();
        Integer seen = mode == Mode.KEY ? null : written.get(stored);
        if (seen != null) {
            output.writeVarInt(seen, true);
            return;
        }
        written.put(stored, written.size() + 1);
        output.writeVarInt(0, true);
        output.writeString(stored.getName());
        if (registration.getSerializer() instanceof Shaped shaped) {
            Shape.write(output, shaped.names());
        }
    }

    @Override
    public @Nullable Registration readClass(Input input) {
        int start = input.position();
        int id = input.readVarInt(true);
        if (id < 0) {
            throw new KryoException("class id " + id + " is negative");
        }
        input.setPosition(start);
        Registration registration = super.readClass(input);
        return registration == null || mode != Mode.KEY
                ? registration
                : kryo.getRegistration(KeyCollections.readAs(registration.getType()));
    }

    @Override
    protected Registration readName(Input input) {
        int number = input.readVarInt(true);
        if (number == 0) {
            return readNewName((BoundedInput) input);
        }
        if (number < 0 || number > read.size()) {
            throw new KryoException("class name " + number + " is not among the " + read.size() + " names so far");
        }
        Registration registration = read.get(number - 1);
        Shape shape = shapesRead.get(number - 1);
        if (shape != null) {
            shapes.put(registration.getType(), shape);
        }
        return registration;
    }

    private Registration readNewName(BoundedInput input) {
        String name = input.readString();
        if (name == null) {
            throw new KryoException("a class has no name");
        }
        Registration registration = kryo.getRegistration(serializers.resolve(name));
        Shape shape = null;
        if (registration.getSerializer() instanceof Shaped shaped && registration.getId() == NAME) {
            shape = Shape.read(input, shaped.names());
            shapes.put(registration.getType(), shape);
        }
        read.add(registration);
        shapesRead.add(shape);
        return registration;
    }

    @Override
    public void reset() {
        written.clear();
        read.clear();
        shapesRead.clear();
        shapes.clear();
    }
}
