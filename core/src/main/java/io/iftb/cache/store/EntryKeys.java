package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.codec.KeyCodec;
import io.iftb.cache.market.AnalysisKey;
import org.jspecify.annotations.Nullable;

/**
 * How the keys of one cache are written on the server.
 *
 * @param <K> the type of the keys
 */
interface EntryKeys<K> {

    /** The key on the server. */
    String redisKey(K key);

    /** The key of the cache; null if the key on the server is not one of this cache. */
    @Nullable
    K key(String redisKey);

    /** Matches all keys of the cache on the server, and maybe others. */
    String pattern();

    /** {@code <cache name>:<key>}. */
    static <K> EntryKeys<K> texts(Keys keys, String cacheName, KeyCodec<K> codec) {
        return new EntryKeys<>() {
            @Override
            public String redisKey(K key) {
                return keys.entry(cacheName, codec.toText(key));
            }

            @Override
            public @Nullable K key(String redisKey) {
                String part = keys.keyPart(cacheName, redisKey);
                return part.indexOf(':') >= 0 ? null : parsed(() -> codec.fromText(Keys.unescape(part)));
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
            public @Nullable AnalysisKey key(String redisKey) {
                String[] parts = keys.keyPart(cacheName, redisKey).split(":", -1);
                return parts.length != 2
                        ? null
                        : parsed(() -> new AnalysisKey(Keys.unescape(parts[0]), Keys.unescape(parts[1])));
            }

            @Override
            public String pattern() {
                return keys.entries(cacheName);
            }
        };
    }

    /** {@code <cache name>} for one key, which is the only one there is in practice; else like {@link #texts}. */
    static EntryKeys<String> single(Keys keys, String cacheName, String single, KeyCodec<String> codec) {
        EntryKeys<String> others = texts(keys, cacheName, codec);
        String singleKey = keys.entry(cacheName);
        return new EntryKeys<>() {
            @Override
            public String redisKey(String key) {
                return key.equals(single) ? singleKey : others.redisKey(key);
            }

            @Override
            public @Nullable String key(String redisKey) {
                if (redisKey.equals(singleKey)) {
                    return single;
                }
                String other = redisKey.startsWith(singleKey + ":") ? others.key(redisKey) : null;
                return other == null || other.equals(single) ? null : other;
            }

            @Override
            public String pattern() {
                return singleKey + "*";
            }
        };
    }

    private static <K> @Nullable K parsed(java.util.function.Supplier<K> parser) {
        try {
            return parser.get();
        } catch (CorruptValueException | IllegalArgumentException e) {
            return null; // written by somebody else
        }
    }
}
