package io.iftb.cache.cli;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes the entries of a cache as JSON, one in each line, and counts them. */
final class EntryLines {

    private static final int MOST_COMPLAINTS = 10;

    private final OutputStream out;
    private final Map<String, String> complaints = new LinkedHashMap<>();
    private long written;
    private long refused;

    EntryLines(OutputStream out) {
        this.out = out;
    }

    /** Writes all entries of a cache. */
    <K, V> void write(CacheBackend<K, V> cache) throws IOException {
        EntryStore.Cursor<K> cursor = cache.exact().cursor();
        for (EntryStore.Page<K> page = ReplyFuture.await(cursor.next());
                page != null;
                page = ReplyFuture.await(cursor.next())) {
            for (Map.Entry<K, byte[]> each : page.entries()) {
                write(cache, each.getKey(), each.getValue());
            }
            page.unreadableKeys().forEach(this::refuse);
        }
    }

    private <K, V> void write(CacheBackend<K, V> cache, K key, byte[] bytes) throws IOException {
        String json;
        try {
            Map<String, @Nullable Object> line = Json.object();
            line.put("key", ValueView.json(key));
            line.put("value", ValueView.json(cache.decode(bytes)));
            json = Json.line(line);
        } catch (CorruptValueException e) {
            refuse(String.valueOf(key), e.getMessage());
            return;
        } catch (RuntimeException
                | StackOverflowError e) { // its class cannot tell its text, or JSON has no such number
            refuse(String.valueOf(key), "it cannot be shown: " + e);
            return;
        }
        out.write((json + "\n").getBytes(StandardCharsets.US_ASCII));
        written++;
    }

    private void refuse(String key, @Nullable String why) {
        refused++;
        if (complaints.size() < MOST_COMPLAINTS) {
            complaints.put(key, String.valueOf(why));
        }
    }

    long written() {
        return written;
    }

    /** How many could not be read. */
    long refused() {
        return refused;
    }

    /** Why, of the first ones, by their keys. */
    Map<String, String> complaints() {
        return Collections.unmodifiableMap(complaints);
    }
}
