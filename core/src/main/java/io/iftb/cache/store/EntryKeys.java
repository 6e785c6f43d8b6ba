package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.market.AnalysisKey;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The keys of one cache as keys on the server.
 *
 * @param <K> the type of the keys
 */
interface EntryKeys<K> {

    /** Why a key that is text or a record of ours cannot be read. */
    String NO_KEY = "its key is not one of this cache";

    /** The key on the server. */
    String redisKey(K key);

    /** Whether a key on the server that matches the pattern has the form of this cache; does not decode it. */
    boolean isKey(String redisKey);

    /** The key of the cache, decoded; null if the key on the server is not one of this cache, or cannot be read. */
    @Nullable
    K key(String redisKey);

    /** Why a key on the server that has the form of this cache cannot be read. */
    String unreadable(String redisKey);

    /** Matches all keys of the cache on the server, and possibly others. */
    String pattern();

    /** {@code <cache name>:<key>}. */
    static <K> EntryKeys<K> texts(Keys keys, String cacheName, KeyCodec<K> codec) {
        return new EntryKeys<>() {
            @Override
            public String redisKey(K key) {
                return keys.entry(cacheName, codec.toText(key));
            }

            @Override
            public boolean isKey(String redisKey) {
                return text(redisKey) != null;
            }

            @Override
            public @Nullable K key(String redisKey) {
                String text = text(redisKey);
                return text == null ? null : parsed(() -> codec.fromText(text));
            }

            @Override
            public String unreadable(String redisKey) {
                try {
                    String text = text(redisKey);
                    return text == null ? NO_KEY : "it is now read as key " + codec.fromText(text);
                } catch (CorruptValueException | IllegalArgumentException e) {
                    return e.getMessage() == null ? NO_KEY : e.getMessage();
                }
            }

            private @Nullable String text(String redisKey) {
                String part = keys.keyPart(cacheName, redisKey);
                return part == null || part.indexOf(':') >= 0 ? null : parsed(() -> KeyText.unescape(part));
            }

            @Override
            public String pattern() {
                return keys.entries(cacheName);
            }
        };
    }

    /** {@code llm:<type>:<input hash>}. */
    static EntryKeys<AnalysisKey> analyses(Keys keys, String cacheName) {
        return new EntryKeys<>() {
            @Override
            public String redisKey(AnalysisKey key) {
                return keys.entry(cacheName, key.type(), key.inputHash());
            }

            @Override
            public boolean isKey(String redisKey) {
                return key(redisKey) != null; // decodes only a record of ours
            }

            @Override
            public String unreadable(String redisKey) {
                return NO_KEY;
            }

            @Override
            public @Nullable AnalysisKey key(String redisKey) {
                String part = keys.keyPart(cacheName, redisKey);
                String[] parts = part == null ? new String[0] : part.split(":", -1);
                return parts.length != 2
                        ? null
                        : parsed(() -> new AnalysisKey(KeyText.unescape(parts[0]), KeyText.unescape(parts[1])));
            }

            @Override
            public String pattern() {
                return keys.entries(cacheName);
            }
        };
    }

    /** {@code <cache name>} for the one key that such a cache usually has; other keys as in {@link #texts}. */
    static EntryKeys<String> single(Keys keys, String cacheName, String single, KeyCodec<String> codec) {
        EntryKeys<String> others = texts(keys, cacheName, codec);
        String singleKey = keys.entry(cacheName);
        return new EntryKeys<>() {
            @Override
            public String redisKey(String key) {
                return key.equals(single) ? singleKey : others.redisKey(key);
            }

            @Override
            public boolean isKey(String redisKey) {
                return key(redisKey) != null; // decodes only text
            }

            @Override
            public String unreadable(String redisKey) {
                return NO_KEY;
            }

            @Override
            public @Nullable String key(String redisKey) {
                if (redisKey.equals(singleKey)) {
                    return single;
                }
                String other = others.key(redisKey);
                return other == null || other.equals(single) ? null : other;
            }

            @Override
            public String pattern() {
                return singleKey + "*";
            }
        };
    }

    private static <K> @Nullable K parsed(Supplier<K> parser) {
        try {
            return parser.get();
        } catch (CorruptValueException | IllegalArgumentException e) {
            return null; // another program wrote it
        }
    }
}
