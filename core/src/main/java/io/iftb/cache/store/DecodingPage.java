package io.iftb.cache.store;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A page of entries as they were read, which decodes their keys when it is asked for them. */
final class DecodingPage<K> implements EntryStore.Page<K> {

    private final EntryKeys<K> keys;
    private final Map<String, byte[]> values;
    private final Runnable taken;
    private final Map<String, String> unreadable = new LinkedHashMap<>();

    /**
     * @param values by their keys on the server
     * @param taken is told when somebody has asked for them
     */
    DecodingPage(EntryKeys<K> keys, Map<String, byte[]> values, Runnable taken) {
        this.keys = keys;
        this.values = values;
        this.taken = taken;
    }

    @Override
    public List<Map.Entry<K, byte[]>> entries() {
        List<Map.Entry<K, byte[]>> entries = new ArrayList<>();
        values.forEach((redisKey, value) -> {
            K key = keys.key(redisKey);
            if (key != null) {
                entries.add(Map.entry(key, value));
            } else {
                unreadable.put(redisKey, keys.unreadable(redisKey));
            }
        });
        taken.run();
        return entries;
    }

    @Override
    public Map<String, String> unreadableKeys() {
        return unreadable;
    }
}
