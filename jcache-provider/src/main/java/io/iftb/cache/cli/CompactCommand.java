package io.iftb.cache.cli;

import io.iftb.cache.OhlcvCache;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.WrongTypeException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Packs the history of series. */
@Command(
        name = "compact",
        mixinStandardHelpOptions = true,
        description =
                "Packs history that an earlier version stored, and joins small pages. Bars and lifetimes stay. Programs"
                        + " of an earlier version cannot write these series afterwards. A series that cannot be read is named,"
                        + " and the others are packed.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache compact --series BTCUSDT:1h",
            "  iftb-cache compact --all",
            "",
            "JSON: a list of objects with symbol, timeframe, pages (how many were packed), bytesBefore, bytesAfter."
        })
final class CompactCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @ArgGroup(exclusive = true, multiplicity = "1")
    private Which which = new Which();

    CompactCommand(Shell shell) {
        this.shell = shell;
    }

    /** Exactly one of the options, which picocli ensures. */
    private static final class Which {

        @Option(names = "--series", paramLabel = "SYMBOL:TF", description = "One series.")
        private @Nullable String series;

        @Option(names = "--all", description = "All series.")
        private boolean all;
    }

    @Override
    public Integer call() {
        SeriesKey series = which.series == null ? null : SeriesNames.parse(which.series);
        try (ServerSession session = server.open(shell)) {
            OhlcvCache candles = session.caches().ohlcv();
            Map<SeriesKey, SeriesInfo> stored = stored(candles);
            if (series != null && !stored.containsKey(series)) {
                throw CommandFailure.trouble(
                        "no bars are stored for " + name(series) + "; '" + Cli.NAME + " series' lists what is");
            }
            List<SeriesKey> wanted = which.all || series == null ? List.copyOf(stored.keySet()) : List.of(series);
            if (wanted.isEmpty() && !json.isWanted()) {
                shell.out().println("there is nothing to compact, no series are stored on " + session.name());
            }
            Map<SeriesKey, Integer> made = new LinkedHashMap<>();
            Map<SeriesKey, SeriesInfo> after = Map.of();
            try {
                wanted.forEach(each -> compact(candles, each, made));
                after = stored(candles);
            } finally { // a failure leaves those before it compacted
                report(stored, made, after);
            }
            return made.size() == wanted.size() ? ExitStatus.DONE : ExitStatus.PARTLY_REFUSED;
        }
    }

    /** Packs a series; one that cannot be read is named, so that those behind it have their turn. */
    private void compact(OhlcvCache candles, SeriesKey series, Map<SeriesKey, Integer> made) {
        try {
            made.put(series, candles.compact(series));
        } catch (CorruptValueException | WrongTypeException e) {
            String why = Printable.text(String.valueOf(e.getMessage()));
            shell.err().println(Cli.NAME + ": " + name(series) + " is not compacted: " + why);
        }
    }

    private void report(
            Map<SeriesKey, SeriesInfo> before, Map<SeriesKey, Integer> made, Map<SeriesKey, SeriesInfo> after) {
        if (json.isWanted()) {
            List<Object> documents = new ArrayList<>();
            made.forEach(
                    (series, pages) -> documents.add(document(series, pages, before.get(series), after.get(series))));
            JsonOption.print(shell, documents);
            return;
        }
        made.forEach((series, pages) -> {
            SeriesInfo was = before.get(series);
            SeriesInfo is = after.get(series);
            String what = pages == 0 ? "nothing to do" : Printable.count(pages, "page", "pages") + " packed";
            if (pages > 0 && was != null && is != null) {
                what += ", " + Printable.count(was.bytes()) + " bytes before, " + Printable.count(is.bytes()) + " now";
            }
            shell.out().println(name(series) + ": " + what);
        });
    }

    private static Object document(
            SeriesKey series, int pages, @Nullable SeriesInfo before, @Nullable SeriesInfo after) {
        Map<String, @Nullable Object> document = SeriesNames.document(series);
        document.put("pages", pages);
        document.put("bytesBefore", before == null ? null : before.bytes());
        document.put("bytesAfter", after == null ? null : after.bytes());
        return document;
    }

    private static Map<SeriesKey, SeriesInfo> stored(OhlcvCache candles) {
        return candles.series().stream()
                .collect(Collectors.toMap(
                        SeriesInfo::series, Function.identity(), (one, other) -> one, LinkedHashMap::new));
    }

    private static String name(SeriesKey series) {
        return Printable.text(series.symbol()) + " " + series.timeframe();
    }
}
