package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.Maintenance;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.cli.MigrationPlan.OldKeys;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.store.PlainKeys;
import io.iftb.cache.store.PlainValue;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * A migration of the keys of the Python cache. One scan names the keys, and moves all entries but bars. Then bars follow, series
 * by series in order of time. Each batch is read, stored where the new layout has nothing, read back and compared; what is equal
 * may be removed from the old layout if it has not changed.
 */
final class PythonMigration implements Migration {

    /** Why a key of another type cannot be read. */
    static final String NOT_TEXT = "it holds another type than a string";

    /** What stands for bytes that are no text. */
    private static final char NO_TEXT = '\uFFFD';

    private static final int STRETCH = 8_192;
    private static final int ENTRIES = 256;

    private final MarketCaches caches;
    private final Maintenance server;
    private final PlainKeys keys;
    private final MigrationPlan plan;
    private final String target;
    private final OldBars bars = new OldBars();
    private final Map<DomainCache, Map<String, Object>> entries = new EnumMap<>(DomainCache.class);

    /** The keys that the scan has counted, without bars and others: it may give one again. */
    private final Set<String> counted = new HashSet<>();

    private MigrationReport report;
    private boolean entriesAreDone;

    /** What the server's clock showed before the first bar was read. */
    private long asked;

    private OldBars.@Nullable Stretch done;

    /** @param target what the names of the new keys begin with */
    PythonMigration(MarketCaches caches, MigrationPlan plan, String target) {
        this.caches = caches;
        this.server = caches.maintenance();
        this.keys = server.plainKeys();
        this.plan = plan;
        this.report = new MigrationReport(plan.complaints());
        this.target = target;
    }

    @Override
    public void resume(JsonNode state) {
        report = MigrationReport.of(state, plan.complaints());
        report.scansAgain();
        if (state.has("series")) { // a stretch was moved
            entriesAreDone = true;
            done = new OldBars.Stretch(
                    state.path("series").asText(), List.of(state.path("time").asText()));
        }
    }

    @Override
    public Map<String, @Nullable Object> state() {
        OldBars.Stretch last = Objects.requireNonNull(done, "done");
        Map<String, @Nullable Object> state = report.state();
        state.put("series", last.series());
        state.put("time", last.last());
        return state;
    }

    @Override
    public MigrationReport report() {
        return report;
    }

    @Override
    public void run(Shell shell, Runnable moved) {
        long total = ServerInfo.told(server).stream()
                .mapToLong(each -> each.keys(server.database()))
                .sum();
        try (Progress progress = Progress.start(shell, "names", total)) {
            scan(steps -> progress.at(Math.min(total, steps * KeyScan.STEP)));
        }
        long named = bars.size();
        long[] done = new long[1];
        try (Progress progress = Progress.start(shell, "bars", named)) {
            moveBars(more -> {
                done[0] += more;
                progress.at(Math.min(named, done[0]));
                moved.run();
            });
        }
    }

    /**
     * Names all keys, and moves the entries.
     *
     * @param progress takes how many steps of a scan were made
     */
    private void scan(LongConsumer progress) {
        KeyScan scan = keys.scan(plan.prefix());
        long steps = 0;
        for (List<String> found = ReplyFuture.await(scan.next());
                found != null;
                found = ReplyFuture.await(scan.next())) {
            found.forEach(this::sort);
            entries.forEach((cache, names) -> {
                if (names.size() >= ENTRIES) {
                    move(cache, names);
                }
            });
            progress.accept(++steps);
        }
        entries.forEach(this::move);
        entriesAreDone = true;
        counted.clear();
        if (done == null) {
            report.of(DomainCache.OHLCV.cacheName()).add(Fate.FOUND, 0);
        }
    }

    private void sort(String redisKey) {
        String name = redisKey.substring(plan.prefix().length());
        PythonKey key;
        try {
            key = PythonKey.parse(name);
            if (key != null && name.indexOf(NO_TEXT) >= 0) {
                throw new IllegalArgumentException(
                        "its name is not text in UTF-8, so that nothing here can ask for it");
            }
        } catch (IllegalArgumentException e) {
            if (!entriesAreDone && counted.add(redisKey)) {
                String kind = name.substring(0, name.indexOf(':'));
                report.of(kind).add(Fate.FOUND, 1);
                report.refused(kind, redisKey, Fate.UNREADABLE, e.getMessage());
            }
            return;
        }
        if (key == null) {
            report.addOther();
        } else if (key.cache() == DomainCache.OHLCV) {
            bars.add(key.key().toString(), key.time());
        } else if (plan.prefix().equals(target)) {
            if (counted.add(redisKey)) {
                report.addLeftOut();
            }
        } else if (!entriesAreDone && counted.add(redisKey)) {
            entries.computeIfAbsent(key.cache(), cache -> new HashMap<>()).put(redisKey, key.key());
        }
    }

    private void move(DomainCache cache, Map<String, Object> names) {
        while (!names.isEmpty()) {
            PlainKeys.Read read = ReplyFuture.await(keys.read(List.copyOf(names.keySet())));
            MigrationCount count = report.of(cache.cacheName());
            int looked = names.size() - read.later().size();
            count.add(Fate.FOUND, looked);
            count.add(Fate.GONE, looked - read.values().size());
            move(cache, names, read.values());
            names.keySet().retainAll(Set.copyOf(read.later()));
        }
    }

    private void move(DomainCache cache, Map<String, Object> names, List<PlainValue> values) {
        List<OldEntries.Entry> read = new ArrayList<>();
        for (PlainValue each : values) {
            byte[] bytes = each.bytes();
            try {
                if (bytes == null) {
                    throw new IllegalArgumentException(NOT_TEXT);
                }
                Object key = names.get(each.redisKey());
                if (key != null) {
                    read.add(new OldEntries.Entry(key, PythonJson.entry(cache, bytes), each));
                }
            } catch (IllegalArgumentException e) {
                report.refused(cache.cacheName(), each.redisKey(), Fate.UNREADABLE, e.getMessage());
            }
        }
        if (!plan.isDry() && !read.isEmpty()) {
            remove(cache, OldEntries.of(caches, cache, report).move(read, server.now()));
        }
    }

    /**
     * Moves the bars.
     *
     * @param moved takes how many were moved, after each stretch
     */
    private void moveBars(LongConsumer moved) {
        asked = server.now();
        Iterator<OldBars.Stretch> stretches = bars.stretches(done, STRETCH);
        OldBars.Stretch next = stretches.hasNext() ? stretches.next() : null;
        CompletableFuture<PlainKeys.Read> reading = next == null ? null : read(next);
        while (next != null && reading != null) {
            OldBars.Stretch stretch = next;
            PlainKeys.Read values = ReplyFuture.await(reading);
            next = stretches.hasNext() ? stretches.next() : null;
            reading = next == null ? null : read(next); // while this one is stored
            move(stretch, values);
            done = stretch;
            moved.accept(stretch.times().size());
        }
    }

    private CompletableFuture<PlainKeys.Read> read(OldBars.Stretch stretch) {
        String start = PythonKey.start(plan.prefix(), stretch.series());
        return keys.read(stretch.times().stream().map(start::concat).toList());
    }

    private void move(OldBars.Stretch stretch, PlainKeys.Read first) {
        MigrationCount count = report.of(DomainCache.OHLCV.cacheName());
        count.add(Fate.FOUND, stretch.times().size());
        int left = stretch.times().size();
        PlainKeys.Read read = first;
        while (true) {
            int looked = left - read.later().size();
            count.add(Fate.GONE, looked - read.values().size());
            move(stretch, read.values());
            left = read.later().size();
            if (left == 0) {
                return;
            }
            read = ReplyFuture.await(keys.read(read.later()));
        }
    }

    private void move(OldBars.Stretch stretch, List<PlainValue> values) {
        OldBatch old = new OldBatch(SeriesKey.parse(stretch.series()), report, asked);
        int start = PythonKey.start(plan.prefix(), stretch.series()).length();
        values.forEach(each -> old.add(each, each.redisKey().substring(start)));
        if (!plan.isDry()) {
            List<PlainValue> arrived = List.of();
            try {
                old.store(server);
                arrived = old.compare(caches.ohlcv(), server.now());
            } catch (WrongTypeException | CorruptValueException e) {
                old.refuse(e.getMessage()); // others have a key of this series; that is no matter of the next one
            }
            remove(DomainCache.OHLCV, arrived);
        }
    }

    private void remove(DomainCache cache, List<PlainValue> arrived) {
        if (plan.old() == OldKeys.COUNTED) {
            report.of(cache.cacheName()).add(Fate.REMOVED, arrived.size());
        } else if (plan.old() == OldKeys.REMOVED && !arrived.isEmpty()) {
            report.of(cache.cacheName()).add(Fate.REMOVED, ReplyFuture.await(keys.removeUnchanged(arrived)));
        }
    }
}
