package io.iftb.cache.codec;

import java.util.Base64;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Function;

/**
 * Cache keys as text: readable for String, Integer, Long, UUID and enums, the key's Kryo bytes in base64url for all other
 * types. The same key gives the same text in every JVM. The text is raw: it may hold any character. Safe for use by
 * several threads.
 *
 * @param <K> the type of the keys
 */
public final class KeyCodec<K> {

    private final Class<K> type;
    private final Function<K, String> writer;
    private final Function<String, ?> reader;

    private KeyCodec(Class<K> type, Function<K, String> writer, Function<String, ?> reader) {
        this.type = type;
        this.writer = writer;
        this.reader = reader;
    }

    /**
     * The codec for a configured key type. That type decides, not the class of a key: an Integer in a cache of Object keys
     * is in base64url.
     *
     * @param type the configured type, trusted from now on with what it declares
     * @param kryo writes the keys that have no readable text
     */
    public static <K> KeyCodec<K> of(Class<K> type, KryoCodec kryo) {
        Objects.requireNonNull(kryo, "kryo");
        if (type == String.class || type == Integer.class || type == Long.class || type == UUID.class) {
            return new KeyCodec<>(type, Object::toString, text -> parse(type, text));
        }
        if (type.isEnum()) {
            return new KeyCodec<>(type, key -> ((Enum<?>) key).name(), text -> EnumSerializer.constant(type, text));
        }
        kryo.trust(type);
        return new KeyCodec<>(type, key -> toBase64(kryo.encodeKey(key)), text -> decoded(type, kryo, text));
    }

    /** Also bytes that are not in base64url as it is written, or not as the key is encoded, are no key. */
    private static Object decoded(Class<?> type, KryoCodec kryo, String text) {
        byte[] bytes = Base64.getUrlDecoder().decode(text);
        Object key = KeyCollections.fit(type, kryo.decode(bytes));
        if (!type.isInstance(key)) {
            throw new CorruptValueException("'" + text + "' is not a key of type " + type.getName());
        }
        return requireSame(key, toBase64(kryo.encodeKey(key)), text);
    }

    /**
     * The text of a key.
     *
     * @throws UntrustedClassException if the key holds a class that may not be stored
     * @throws IllegalArgumentException if the key holds itself, or nests too deep
     */
    public String toText(K key) {
        return writer.apply(Objects.requireNonNull(key, "key"));
    }

    /**
     * The key of a text.
     *
     * @throws CorruptValueException if the text is not one of a key of this type, as {@link #toText} writes it
     */
    public K fromText(String text) {
        Object key;
        try {
            key = reader.apply(text);
        } catch (CorruptValueException e) {
            throw e;
        } catch (RuntimeException | LinkageError e) {
            throw new CorruptValueException("'" + text + "' is not a key of type " + type.getName(), e);
        }
        if (!type.isInstance(key)) {
            throw new CorruptValueException("'" + text + "' is not a key of type " + type.getName());
        }
        return type.cast(key);
    }

    private static Object parse(Class<?> type, String text) {
        Object key = type == Integer.class
                ? Integer.valueOf(text)
                : type == Long.class ? Long.valueOf(text) : type == UUID.class ? UUID.fromString(text) : text;
        return requireSame(key, key.toString(), text);
    }

    private static String toBase64(byte[] bytes) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    /** Refuses a second text of one key, such as {@code 007}, because one key is one entry. */
    private static <T> T requireSame(T key, String written, String text) {
        if (!written.equals(text)) {
            throw new CorruptValueException("'" + text + "' is not the text of its key, which is '" + written + "'");
        }
        return key;
    }
}
