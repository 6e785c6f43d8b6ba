package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.Maintenance;
import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.cli.MigrationPlan.OldKeys;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.PlainValue;
import io.iftb.cache.store.RedissonEntry;
import io.iftb.cache.store.RedissonMap;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A migration of a cache of Redisson's own provider into the cache of the same name. */
final class RedissonMigration<K, V> implements Migration {

    private final RedissonMap old;
    private final Maintenance server;
    private final CacheBackend<K, V> cache;
    private final RedissonCodec.Reader reader;
    private final MigrationPlan plan;
    private MigrationReport report = new MigrationReport();
    private @Nullable String cursor;

    /** @param reader reads keys and values of the old cache */
    RedissonMigration(Maintenance server, CacheBackend<K, V> cache, RedissonCodec.Reader reader, MigrationPlan plan) {
        this.server = server;
        this.old = server.redissonMap(plan.prefix() + cache.name());
        this.cache = cache;
        this.reader = reader;
        this.plan = plan;
    }

    @Override
    public void resume(JsonNode state) {
        report = MigrationReport.of(state);
        cursor = state.path("cursor").asText();
    }

    @Override
    public boolean hasState() {
        return cursor != null;
    }

    @Override
    public Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> state = report.document();
        state.put("cursor", Objects.requireNonNull(cursor, "cursor"));
        return state;
    }

    @Override
    public MigrationReport report() {
        return report;
    }

    @Override
    public void run(Shell shell, Runnable moved) {
        report.of(cache.name()).add(Fate.FOUND, 0);
        long total = ReplyFuture.await(old.size());
        try (Progress progress = Progress.start(shell, "entries", total)) {
            String next = cursor == null ? RedissonMap.START : cursor;
            do {
                RedissonMap.Step step = ReplyFuture.await(old.read(next));
                move(step.entries());
                next = step.next();
                if (!next.equals(RedissonMap.START)) {
                    cursor = next;
                    moved.run();
                }
                progress.at(Math.min(total, report.sum(Fate.FOUND)));
            } while (!next.equals(RedissonMap.START));
        }
    }

    private void move(List<RedissonEntry> entries) {
        MigrationCount count = report.of(cache.name());
        count.add(Fate.FOUND, entries.size());
        long now = server.now();
        List<OldEntries.Entry> read = new ArrayList<>();
        IdentityHashMap<PlainValue, RedissonEntry> sources = new IdentityHashMap<>();
        for (RedissonEntry each : entries) {
            OldEntries.Entry entry = each.expires() <= now ? null : read(each);
            if (each.expires() <= now) {
                count.add(Fate.GONE, 1);
            } else if (entry != null) {
                read.add(entry);
                sources.put(entry.old(), each);
            }
        }
        if (plan.isDry() || read.isEmpty()) {
            return;
        }
        List<RedissonEntry> arrived = new OldEntries<>(cache, cache.name(), report)
                .move(read, now).stream()
                        .map(sources::get)
                        .filter(Objects::nonNull)
                        .toList();
        if (plan.old() == OldKeys.COUNTED) {
            count.add(Fate.REMOVED, arrived.size());
        } else if (plan.old() == OldKeys.REMOVED && !arrived.isEmpty()) {
            count.add(Fate.REMOVED, ReplyFuture.await(old.removeUnchanged(arrived)));
        }
    }

    /** An entry, if it can be read. */
    private OldEntries.@Nullable Entry read(RedissonEntry entry) {
        String name = old.name() + " (a key of " + entry.key().length + " bytes)";
        try {
            Object key = reader.read(entry.key());
            name = old.name() + " " + key;
            requireType("key", key, cache.options().keyType(), "--key-type");
            Object value = reader.read(entry.value());
            requireType("value", value, cache.options().valueType(), "--type");
            return new OldEntries.Entry(key, value, new PlainValue(name, entry.value(), entry.expires()));
        } catch (IllegalArgumentException | CorruptValueException e) {
            report.refused(cache.name(), name, Fate.UNREADABLE, e.getMessage());
            return null;
        }
    }

    private static void requireType(String what, Object object, Class<?> type, String option) {
        if (!type.isInstance(object)) {
            throw new IllegalArgumentException(
                    "its " + what + " is a " + object.getClass().getName() + ", not a " + type.getName()
                            + "; name the type of the new cache with " + option);
        }
    }
}
