package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.EntryStore;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Removes entries, if {@code --yes} is given. */
@Command(
        name = "clear",
        mixinStandardHelpOptions = true,
        description = "Removes entries. Without --yes it shows what it would remove, and removes nothing.")
final class ClearCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private What what = new What();

    @Option(names = "--yes", description = "Do it.")
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

        @Option(names = "--all", description = "The entries of all caches in the namespace.")
        private boolean all;
    }

    @Override
    public Integer call() {
        SeriesKey series = what.series == null ? null : SeriesKey.parse(what.series);
        if (what.cache != null && what.cache.isBlank()) {
            throw CommandFailure.wrongUsage("the name of the cache is blank; give one such as ticker");
        }
        try (MarketCaches caches = server.open(shell)) {
            Removal removal = removal(caches, series);
            if (!yes) {
                throw CommandFailure.wrongUsage("this would remove " + removal.what() + " from "
                        + server.name(shell, caches) + "; add --yes to do it");
            }
            removal.action().run();
            shell.out().println("removed " + removal.what());
        }
        return ExitStatus.DONE;
    }

    /**
     * Something to remove.
     *
     * @param what a description of it
     * @param action removes it
     */
    private record Removal(String what, Runnable action) {}

    private Removal removal(MarketCaches caches, @Nullable SeriesKey series) {
        if (series != null) {
            return new Removal(bars(caches, series), () -> caches.ohlcv().invalidate(series));
        }
        String name = what.cache;
        if (what.all || name == null) {
            return new Removal("the entries of all caches", caches::clearAll);
        }
        if (name.equals(DomainCache.OHLCV.cacheName())) {
            return new Removal(
                    "cache ohlcv with " + allBars(caches), () -> caches.ohlcv().clear());
        }
        EntryStore<?> store = DomainCache.named(name)
                .<EntryStore<?>>map(cache ->
                        caches.backend(name, cache.keyType(), cache.valueType()).store())
                .orElseGet(
                        () -> caches.backend(name, String.class, String.class).store());
        String entries = Printable.count(size(store), "entry", "entries");
        return new Removal(
                "cache " + Printable.text(name) + " with " + entries,
                () -> store.clear().join());
    }

    private static String bars(MarketCaches caches, SeriesKey series) {
        String name = Printable.text(series.symbol()) + " " + series.timeframe();
        return caches.ohlcv().series().stream()
                .filter(info -> info.series().equals(series))
                .findFirst()
                .map(info -> Printable.count(info.bars(), "bar", "bars") + " of " + name)
                .orElse("nothing: no bars are stored for " + name);
    }

    private static String allBars(MarketCaches caches) {
        List<SeriesInfo> stored = caches.ohlcv().series();
        long bars = stored.stream().mapToLong(SeriesInfo::bars).sum();
        return Printable.count(bars, "bar", "bars") + " in " + Printable.count(stored.size(), "series", "series");
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
