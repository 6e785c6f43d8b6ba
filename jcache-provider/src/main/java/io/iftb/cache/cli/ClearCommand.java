package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.EntryStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes entries, if {@code --yes} is given. */
@Command(
        name = "clear",
        mixinStandardHelpOptions = true,
        description = "Removes entries. Without --yes it shows what it would remove, and removes nothing.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache clear --series BTCUSDT:1h",
            "  iftb-cache clear --cache ticker --yes",
            "  iftb-cache clear --all --namespace test --yes",
            "",
            "JSON: a list of objects with cache, series (null for a whole cache), entries (of candles: bars)."
        })
final class ClearCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private What what = new What();

    @Option(names = "--yes", description = "Remove them; without it, only list.")
    private boolean yes;

    ClearCommand(Shell shell) {
        this.shell = shell;
    }

    /** Exactly one of the options, which picocli ensures. */
    private static final class What {

        @Option(
                names = "--cache",
                paramLabel = "NAME",
                description = "All entries of a cache: ohlcv, ticker, funding, fear_greed, llm, or another one.")
        private @Nullable String cache;

        @Option(names = "--series", paramLabel = "SYMBOL:TF", description = "All bars of a series.")
        private @Nullable String series;

        @Option(
                names = "--all",
                description = "The entries of all caches in the namespace: ohlcv, ticker, funding, fear_greed, llm, and"
                        + " every other one whose values were stored by a cache. Keys of other programs stay.")
        private boolean all;
    }

    @Override
    public Integer call() {
        SeriesKey series = what.series == null ? null : SeriesNames.parse(what.series);
        if (what.cache != null && what.cache.isBlank()) {
            throw CommandFailure.wrongUsage("the name of the cache is blank; give one such as ticker");
        }
        try (ServerSession session = server.open(shell)) {
            List<Removal> removals = removals(session, series);
            if (removals.isEmpty() && !json.isWanted()) {
                shell.out().println("there is nothing to remove, the caches on " + session.name() + " are empty");
                return ExitStatus.DONE;
            }
            String list = removals.stream().map(Removal::what).collect(Collectors.joining(", "));
            if (!yes && !removals.isEmpty()) {
                throw CommandFailure.wrongUsage(
                        "this would remove " + list + " from " + session.name() + "; add --yes to do it");
            }
            removals.forEach(removal -> removal.action().run());
            if (json.isWanted()) {
                JsonOption.print(shell, removals.stream().map(Removal::document).toList());
            } else {
                shell.out().println("removed " + list);
            }
        }
        return ExitStatus.DONE;
    }

    /**
     * Something to remove.
     *
     * @param cache the cache that it belongs to
     * @param series the series that it is; null for a whole cache
     * @param what a description of it
     * @param entries how many entries it has, or bars
     * @param action removes it
     */
    private record Removal(String cache, @Nullable SeriesKey series, String what, long entries, Runnable action) {

        Object document() {
            Map<String, @Nullable Object> document = Json.object();
            document.put("cache", cache);
            document.put("series", series == null ? null : series.toString());
            document.put("entries", entries);
            return document;
        }
    }

    private List<Removal> removals(ServerSession session, @Nullable SeriesKey series) {
        MarketCaches caches = session.caches();
        if (series != null) {
            return List.of(series(caches, series));
        }
        if (!what.all && what.cache != null) {
            return List.of(named(session, what.cache));
        }
        List<Removal> removals = new ArrayList<>();
        for (String name : caches.cacheNames()) {
            Removal removal = cache(caches, name);
            if (removal.entries() > 0) {
                removals.add(removal);
            }
        }
        return removals;
    }

    private static Removal series(MarketCaches caches, SeriesKey series) {
        String name = Printable.text(series.symbol()) + " " + series.timeframe();
        long bars = caches.ohlcv().series().stream()
                .filter(info -> info.series().equals(series))
                .findFirst()
                .orElseThrow(() -> CommandFailure.trouble(
                        "no bars are stored for " + name + "; '" + Cli.NAME + " series' lists what is"))
                .bars();
        return new Removal(
                DomainCache.OHLCV.cacheName(),
                series,
                Printable.count(bars, "bar", "bars") + " of " + name,
                bars,
                () -> caches.ohlcv().invalidate(series));
    }

    private static Removal named(ServerSession session, String name) {
        Removal removal = cache(session.caches(), name);
        if (removal.entries() == 0 && DomainCache.named(name).isEmpty()) {
            throw CommandFailure.trouble("there is no entry of a cache '" + Printable.text(name) + "' on "
                    + session.name() + "; its caches are "
                    + Printable.text(String.join(", ", session.caches().cacheNames())));
        }
        return removal;
    }

    private static Removal cache(MarketCaches caches, String name) {
        if (name.equals(DomainCache.OHLCV.cacheName())) {
            List<SeriesInfo> stored = caches.ohlcv().series();
            long bars = stored.stream().mapToLong(SeriesInfo::bars).sum();
            String what =
                    Printable.count(bars, "bar", "bars") + " in " + Printable.count(stored.size(), "series", "series");
            return new Removal(
                    name,
                    null,
                    "cache ohlcv with " + what,
                    bars,
                    () -> caches.ohlcv().clear());
        }
        EntryStore<?> store = DomainCache.named(name)
                .<EntryStore<?>>map(cache ->
                        caches.backend(name, cache.keyType(), cache.valueType()).store())
                .orElseGet(
                        () -> caches.backend(name, String.class, String.class).store());
        long entries = size(store);
        return new Removal(
                name,
                null,
                "cache " + Printable.text(name) + " with " + Printable.count(entries, "entry", "entries"),
                entries,
                () -> store.clear().join());
    }

    private static <K> long size(EntryStore<K> store) {
        EntryStore.Cursor<K> cursor = store.cursor();
        long size = 0;
        for (EntryStore.Page<K> page = cursor.next().join();
                page != null;
                page = cursor.next().join()) {
            size += page.entries().size();
        }
        return size;
    }
}
