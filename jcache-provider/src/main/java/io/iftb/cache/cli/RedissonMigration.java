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
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A migration of a cache of Redisson's own provider into the cache of the same name. */
final class RedissonMigration<K, V> implements Migration {

    private static final int MOST_TEXT = 200;

    private final RedissonMap old;
    private final Maintenance server;
    private final CacheBackend<K, V> cache;
    private final RedissonCodec.Reader reader;
    private final MigrationPlan plan;

    /** Which processes the servers are: cursors are those of one. */
    private String runs;

    private MigrationReport report;
    private @Nullable String cursor;

    /** @param reader reads keys and values of the old cache */
    RedissonMigration(Maintenance server, CacheBackend<K, V> cache, RedissonCodec.Reader reader, MigrationPlan plan) {
        this.server = server;
        this.old = server.redissonMap(plan.prefix() + cache.name());
        this.cache = cache;
        this.reader = reader;
        this.plan = plan;
        this.report = new MigrationReport(plan.complaints());
        this.runs = runs();
    }

    @Override
    public void resume(JsonNode state) {
        boolean isSame = state.path("runs").asText().equals(runs);
        if (state.has("cursor")) { // else it had come nowhere
            cursor = isSame
                    ? state.path("cursor").asText()
                    : RedissonMap.START; // a server that has started anew has others
        }
        report = MigrationReport.of(isSame ? state : Json.read("{}"), plan.complaints());
    }

    @Override
    public Map<String, @Nullable Object> state() {
        Map<String, @Nullable Object> state = report.state();
        state.put("cursor", Objects.requireNonNull(cursor, "cursor"));
        state.put("runs", runs);
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
        if (total == 0 && cursor == null) {
            throw CommandFailure.trouble("there is no entry of a Redisson cache '" + old.name()
                    + "'; name it with --cache as the program does that fills it");
        }
        try (Progress progress = Progress.start(shell, "entries", total)) {
            Runnable shown = () -> progress.at(Math.min(total, report.sum(Fate.FOUND)));
            walk(cursor == null ? RedissonMap.START : cursor, moved, shown);
            for (String now = runs(); !now.equals(runs); now = runs()) {
                runs = now; // another server goes on with the walk of the one before, and leaves out entries
                walk(RedissonMap.START, moved, shown);
            }
        }
    }

    private void walk(String start, Runnable moved, Runnable shown) {
        String next = start;
        do {
            RedissonMap.Step step = ReplyFuture.await(old.read(next));
            move(step.entries());
            step.later().forEach(key -> move(ReplyFuture.await(old.entry(key))));
            next = step.next();
            if (!next.equals(RedissonMap.START)) {
                cursor = next;
                moved.run();
            }
            shown.run();
        } while (!next.equals(RedissonMap.START));
    }

    private String runs() {
        return ServerInfo.told(server).stream()
                .map(each -> each.text("run_id"))
                .sorted()
                .collect(Collectors.joining(","));
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
            name = old.name() + " " + shown(key);
            requireType("key", key, cache.options().keyType(), "--key-type");
            Object value = reader.read(entry.value());
            requireType("value", value, cache.options().valueType(), "--type");
            return new OldEntries.Entry(key, value, new PlainValue(name, entry.value(), entry.expires()));
        } catch (IllegalArgumentException | CorruptValueException e) {
            report.refused(cache.name(), name, Fate.UNREADABLE, e.getMessage());
            return null;
        }
    }

    /** The text of a key; those of classes of users may fail, or have no end. */
    private static String shown(Object key) {
        try {
            String text = String.valueOf(key);
            return text.length() > MOST_TEXT ? text.substring(0, MOST_TEXT) + "…" : text;
        } catch (RuntimeException | StackOverflowError e) {
            return "(a " + key.getClass().getName() + ")";
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
