package io.iftb.cache.codec;

import com.esotericsoftware.kryo.KryoException;
import io.iftb.cache.codec.GraphKryo.Causes;
import io.iftb.cache.codec.GraphKryo.Mode;
import java.util.Objects;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import org.jspecify.annotations.Nullable;

/**
 * Objects as bytes, by Kryo. Safe for use by several threads.
 *
 * <p>JDK values and market records are stored under permanent ids; classes of the application by name, and only if they are
 * trusted: as a configured type ({@link #values}), by {@link Builder#trust(Class[])} or {@link Builder#trust(String)},
 * because such a class declares them, or because an object of them was encoded ({@link Builder#trustGiven}). Classes with
 * their own idea of their bytes ({@code writeObject}, {@code Externalizable}) are serialized by the JDK within these bounds.
 * Members are stored by name, so you can add and remove members of a class. Shared objects and cycles survive; a cycle that could not be read again (a record that holds itself, a cycle inside a set or a
 * map's key) is refused.
 */
public final class KryoCodec {

    /** The longest payload before compression, in bytes, unless the builder sets another: 64 MiB. */
    public static final int MAX_BYTES = 64 << 20;

    private static final int KEPT_CONTEXTS =
            Math.max(16, 2 * Runtime.getRuntime().availableProcessors());

    private final Trust trust;
    private final NamedSerializers serializers;
    private final Frame frame;
    private final int maxBytes;
    private final BlockingQueue<SerializationContext> idle = new ArrayBlockingQueue<>(KEPT_CONTEXTS);

    private KryoCodec(Builder builder) {
        trust = builder.trust;
        serializers = new NamedSerializers(trust, builder.loader);
        maxBytes = builder.maxBytes;
        frame = new Frame(maxBytes);
    }

    /** A builder of a codec that trusts no class of the application. */
    public static Builder builder() {
        return new Builder();
    }

    /**
     * A codec for the values of one type, which is trusted from now on with what it declares.
     *
     * @param type the configured type; a value of another one is corrupt
     */
    public <V> ValueCodec<V> values(Class<V> type) {
        trust.configure(type);
        boolean closed = ClosedTypes.isClosed(type);
        return new ValueCodec<>() {
            @Override
            public byte[] encode(V value) {
                return KryoCodec.this.encode(value);
            }

            @Override
            public V decode(byte[] bytes) {
                Object value = KryoCodec.this.decode(bytes);
                if (!type.isInstance(value)) {
                    throw new CorruptValueException(
                            "value is a " + value.getClass().getName() + ", not the configured " + type.getName());
                }
                return type.cast(value);
            }

            @Override
            public boolean needsNoTrust() {
                return closed;
            }
        };
    }

    /**
     * The bytes of an object, compressed if it is large.
     *
     * @throws UntrustedClassException if it holds a class that may not be stored; the message names class and setting
     * @throws IllegalArgumentException if it is too large, nests too deep, or holds itself in a way that cannot be read
     */
    public byte[] encode(Object value) {
        return write(value, Mode.VALUE);
    }

    /**
     * The bytes of a cache key: equal keys give the same bytes, in every JVM. Never compressed. Collections of the JDK are
     * written by their content, whatever their class, and read as the type that a field or an array declares, otherwise as
     * {@code ArrayList}, {@code LinkedHashSet} or {@code LinkedHashMap}.
     *
     * @throws UntrustedClassException if it holds a class that may not be stored, or a collection whose equality is not that
     *     of its content (a queue, a sorted set with a comparator); the message names the class and what to do
     * @throws IllegalArgumentException if it is too large, nests too deep, or holds itself
     */
    public byte[] encodeKey(Object key) {
        return write(key, Mode.KEY);
    }

    /**
     * The object of some bytes, of a value or a key.
     *
     * @throws UntrustedValueException if the bytes name a class that is not trusted
     * @throws CorruptValueException if the bytes are anything else, or name a class that is not found
     */
    public Object decode(byte[] bytes) {
        Objects.requireNonNull(bytes, "bytes");
        SerializationContext context = context();
        Object value = context.decode(frame, bytes);
        idle.offer(context);
        return value;
    }

    /** Reads what Redisson's {@code Kryo5Codec} wrote, of JDK values and of the classes that this trusts. */
    public RedissonKryo redisson() {
        return new RedissonKryo(serializers);
    }

    private byte[] write(Object object, Mode mode) {
        Objects.requireNonNull(object, "object");
        try {
            return write(object, mode, Causes.ALL);
        } catch (UntrustedClassException e) {
            return write(object, mode, Causes.LISTED); // the cause of an exception may be what cannot be stored
        }
    }

    private byte[] write(Object object, Mode mode, Causes causes) {
        SerializationContext context = context();
        try {
            byte[] bytes = context.encode(frame, object, mode, causes);
            idle.offer(context);
            return bytes;
        } catch (KryoException | StackOverflowError e) {
            throw new IllegalArgumentException(
                    "a " + object.getClass().getName() + " cannot be stored: it takes more than " + maxBytes
                            + " bytes, nests deeper than " + GraphKryo.MAX_DEPTH
                            + " levels, or holds itself in a set, a map's key or a cache key",
                    e);
        }
    }

    private SerializationContext context() {
        SerializationContext context = idle.poll();
        return context != null ? context : new SerializationContext(serializers, maxBytes);
    }

    /** Trusts a configured type with what it declares. */
    void trust(Class<?> type) {
        trust.configure(type);
    }

    /** Builds a {@link KryoCodec}. */
    public static final class Builder {

        private final Trust trust = new Trust();
        private ClassLoader loader = defaultLoader();
        private int maxBytes = MAX_BYTES;

        private Builder() {
            FrameworkKeySerializer.trustAll(trust);
            HibernateKeySerializer.trustAll(trust);
        }

        private static ClassLoader defaultLoader() {
            @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
            return context != null ? context : KryoCodec.class.getClassLoader();
        }

        /**
         * The loader of classes that are read, except for those that you trust as classes; by default the context class
         * loader of this thread.
         */
        public Builder classLoader(ClassLoader classLoader) {
            loader = Objects.requireNonNull(classLoader, "classLoader");
            return this;
        }

        /** Trusts classes with what they declare. */
        public Builder trust(Class<?>... types) {
            for (Class<?> type : types) {
                trust.configure(type);
            }
            return this;
        }

        /**
         * Trusts a class, or the classes of a package and the packages below it.
         *
         * @param pattern such as {@code com.acme.Order} or {@code com.acme.*}
         * @throws IllegalArgumentException if it is neither
         */
        public Builder trust(String pattern) {
            trust.add(pattern);
            return this;
        }

        /**
         * Trusts each class of which an object is encoded, a nested one included, from then on.
         *
         * @param classes those that were given before; several codecs of one cache can share them
         */
        public Builder trustGiven(GivenClasses classes) {
            trust.trustGiven(Objects.requireNonNull(classes, "classes"));
            return this;
        }

        /** The longest payload before compression, in bytes. */
        public Builder maxBytes(int bytes) {
            if (bytes < 1) {
                throw new IllegalArgumentException("maxBytes is " + bytes + "; it must be 1 or more");
            }
            maxBytes = bytes;
            return this;
        }

        /** The codec. Do not use this builder again: both share its trusted classes. */
        public KryoCodec build() {
            return new KryoCodec(this);
        }
    }
}
