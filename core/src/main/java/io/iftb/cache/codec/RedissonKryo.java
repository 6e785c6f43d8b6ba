package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.DefaultSerializers;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import com.esotericsoftware.kryo.util.DefaultInstantiatorStrategy;
import com.esotericsoftware.kryo.util.IntMap;
import java.net.InetAddress;
import java.net.SocketAddress;
import java.net.URI;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.objenesis.strategy.StdInstantiatorStrategy;

/**
 * Reads what Redisson's {@code Kryo5Codec} wrote without references, as it does by default: JDK values, and objects of trusted
 * classes whose fields are still those that were written. The name of any other class is refused before the class is loaded.
 * Not safe for use by several threads.
 */
public final class RedissonKryo {

    private static final int MAX_DEPTH = 400;

    /** Classes that Redisson writes by the serialization of the JDK, whose bytes name classes of their own. */
    private static final List<Class<?>> BY_JDK =
            List.of(Throwable.class, EnumMap.class, SocketAddress.class, InetAddress.class);

    /** Classes of {@code List.of} and so on, which our own format stores as others. */
    private static final Map<String, Class<?>> HIDDEN = Stream.of(
                    HiddenClasses.LIST_OF_FEW,
                    HiddenClasses.SUBLIST_OF,
                    HiddenClasses.SET_OF_FEW,
                    HiddenClasses.MAP_OF_ONE)
            .collect(Collectors.toUnmodifiableMap(Class::getName, type -> type));

    private final NamedSerializers classes;
    private Kryo kryo;

    RedissonKryo(NamedSerializers classes) {
        this.classes = classes;
        this.kryo = kryo();
    }

    /**
     * The object of some bytes.
     *
     * @throws UntrustedValueException if they name a class that is not trusted
     * @throws CorruptValueException if they are anything else, or hold what is not read here; the message says what
     */
    public Object read(byte[] bytes) {
        ForeignInput input = new ForeignInput(bytes);
        try {
            Object object = kryo.readClassAndObject(input);
            if (object == null || input.position() != input.limit()) {
                throw new CorruptValueException(
                        object == null
                                ? "the bytes hold null"
                                : input.limit() - input.position() + " bytes remain after the value");
            }
            return object;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            kryo = kryo(); // its state is unknown
            throw failure(e);
        }
    }

    private static CorruptValueException failure(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof CorruptValueException corrupt) {
                return corrupt;
            }
        }
        String text = String.valueOf(error instanceof KryoException ? error.getMessage() : error);
        return new CorruptValueException(
                "bytes cannot be read by Kryo 5: " + text.lines().findFirst().orElse(""), error);
    }

    private Kryo kryo() {
        Kryo made = new ForeignKryo(new Names(classes));
        made.setRegistrationRequired(false);
        made.setReferences(false);
        made.setMaxDepth(MAX_DEPTH);
        made.setInstantiatorStrategy(new DefaultInstantiatorStrategy(new StdInstantiatorStrategy()));
        made.addDefaultSerializer(UUID.class, new DefaultSerializers.UUIDSerializer());
        made.addDefaultSerializer(URI.class, new DefaultSerializers.URISerializer());
        made.addDefaultSerializer(Pattern.class, new DefaultSerializers.PatternSerializer());
        made.addDefaultSerializer(AtomicBoolean.class, new DefaultSerializers.AtomicBooleanSerializer());
        made.addDefaultSerializer(AtomicInteger.class, new DefaultSerializers.AtomicIntegerSerializer());
        made.addDefaultSerializer(AtomicLong.class, new DefaultSerializers.AtomicLongSerializer());
        made.addDefaultSerializer(AtomicReference.class, new DefaultSerializers.AtomicReferenceSerializer());
        BY_JDK.forEach(type -> made.addDefaultSerializer(type, new Refusing()));
        return made;
    }

    /** The names of classes in the bytes. */
    @SuppressWarnings("rawtypes")
    private static final class Names extends DefaultClassResolver {

        private final NamedSerializers classes;

        Names(NamedSerializers classes) {
            this.classes = classes;
        }

        @Override
        protected Registration readName(Input input) {
            int number = input.readVarInt(true);
            if (nameIdToClass == null) {
                nameIdToClass = new IntMap<>();
            }
            Class type = nameIdToClass.get(number);
            if (type == null) {
                type = named(input.readString());
                nameIdToClass.put(number, type);
            }
            return kryo.getRegistration(type);
        }

        private Class<?> named(String name) {
            if (name.startsWith("java.util.Collections$")
                    && !name.startsWith("java.util.Collections$Empty")
                    && !name.startsWith("java.util.Collections$Singleton")) {
                throw byJdk(name);
            }
            @Nullable Class<?> hidden = HIDDEN.get(name);
            Class<?> known = hidden != null ? hidden : KnownClasses.component(name);
            return known != null ? known : classes.resolve(name);
        }

        @Override
        protected Class getTypeByName(String className) {
            return named(className);
        }
    }

    private static CorruptValueException byJdk(String className) {
        return new CorruptValueException("class " + className
                + " is written by the serialization of the JDK there, which is not read; copy it by a program");
    }

    /** What Redisson writes by the serialization of the JDK. */
    private static final class Refusing extends Serializer<Object> {

        @Override
        public void write(Kryo kryo, Output output, Object object) {
            throw new UnsupportedOperationException();
        }

        @Override
        public Object read(Kryo kryo, Input input, Class<? extends Object> type) {
            throw byJdk(type.getName());
        }
    }
}
