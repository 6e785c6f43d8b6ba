package io.iftb.cache.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A page of entries as they were read, which decodes their keys when it is asked for them. */
final class DecodingPage<K> implements EntryStore.Page<K> {

    private final EntryKeys<K> keys;
    private final List<Map<String, byte[]>> pieces;
    private final Map<String, String> unreadable = new LinkedHashMap<>();

    /** @param pieces the values by their keys on the server */
    DecodingPage(EntryKeys<K> keys, List<Map<String, byte[]>> pieces) {
        this.keys = keys;
        this.pieces = pieces;
    }

    @Override
    public List<Map.Entry<K, byte[]>> entries() {
        List<Map.Entry<K, byte[]>> entries = new ArrayList<>();
        pieces.forEach(piece -> piece.forEach((redisKey, value) -> {
            K key = keys.key(redisKey);
            if (key != null) {
                entries.add(Map.entry(key, value));
            } else {
                unreadable.put(redisKey, keys.unreadable(redisKey));
            }
        }));
        return entries;
    }

    @Override
    public Map<String, String> unreadableKeys() {
        return unreadable;
    }
}
