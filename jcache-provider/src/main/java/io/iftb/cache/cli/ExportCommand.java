package io.iftb.cache.cli;

import io.iftb.cache.OhlcvCache;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CandleStore.Description;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes bars or entries to files. */
@Command(
        name = "export",
        mixinStandardHelpOptions = true,
        description = {
            "Writes the bars of a series to a file, oldest first, in any number: CSV, which import reads back bit for bit; JSON"
                    + " lines; or columns, a folder with a NumPy array for each and a schema, which pandas, Polars and PyArrow"
                    + " can load without a copy, for example to write Parquet.",
            "--all writes each series to a file of its own in a folder, --cache the entries of another cache as JSON lines. A"
                    + " file appears when it is complete."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache export BTCUSDT 1h > BTCUSDT-1h.csv",
            "  iftb-cache export BTCUSDT 1m --from 2024-01-01 --format columns -o BTCUSDT-1m",
            "  iftb-cache export --all --format jsonl -o backup --force",
            "  iftb-cache export --cache ticker -o ticker.jsonl",
            "",
            "JSON: server, files: a list of objects with file, symbol, timeframe, bars, firstOpenTime, lastOpenTime (of a cache:"
                    + " file, cache, entries, refused), millis."
        })
final class ExportCommand implements Callable<Integer> {

    private static final String STANDARD_OUTPUT = "-";
    private static final String NOT_WHOLE = "is not whole: ";

    /** File systems take 255 bytes, and a file that is not complete has a longer name. */
    private static final int LONGEST_NAME = 220;

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(index = "0", arity = "0..1", paramLabel = "SYMBOL", description = "The symbol, such as BTCUSDT.")
    private @Nullable String symbol;

    @Parameters(index = "1", arity = "0..1", paramLabel = "TF", description = "The length of a bar, such as 4h.")
    private @Nullable String timeframe;

    @Option(names = "--all", description = "All series, each to a file in the folder of -o.")
    private boolean all;

    @Option(
            names = "--cache",
            paramLabel = "NAME",
            description = "The entries of a cache: ticker, funding, fear_greed, llm, or another one.")
    private @Nullable String cache;

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description = "Leave out bars that open before this: a date, a date and time, or an epoch number.")
    private @Nullable String from;

    @Option(names = "--to", paramLabel = "TIME", description = "Leave out bars that open at this time or later.")
    private @Nullable String to;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "One of: ${COMPLETION-CANDIDATES}. Default: csv, of entries jsonl.")
    private @Nullable ExportFormat format;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "PATH",
            description = "The file; the folder for --all and for columns. Default: standard output.")
    private String output = STANDARD_OUTPUT;

    @Option(names = "--force", description = "Replace files that are there.")
    private boolean force;

    ExportCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        requireOne();
        long start = System.nanoTime();
        try (ServerSession session = server.open(shell)) {
            List<Exported> files = new ArrayList<>();
            boolean isWhole = cache == null ? bars(session, files) : entries(session, cache, files);
            report(session, files, Duration.ofNanos(System.nanoTime() - start).toMillis());
            return isWhole ? ExitStatus.DONE : ExitStatus.PARTLY_REFUSED;
        } catch (ClosedByInterruptException e) {
            throw CommandFailure.trouble("interrupted; what was being written is not there");
        } catch (IOException e) {
            throw CommandFailure.trouble("'" + Printable.text(output) + "' cannot be written: " + e
                    + "; make room for it, or name another place with -o");
        }
    }

    private void requireOne() {
        int named = (symbol == null ? 0 : 1) + (all ? 1 : 0) + (cache == null ? 0 : 1);
        if (named != 1 || (symbol != null && timeframe == null)) {
            throw CommandFailure.wrongUsage("what to export is not clear; write SYMBOL TF, or --all, or --cache NAME");
        }
        boolean isStandard = output.equals(STANDARD_OUTPUT);
        if (isStandard && (all || format == ExportFormat.COLUMNS || json.isWanted())) {
            throw CommandFailure.wrongUsage((all ? "--all" : json.isWanted() ? "--json" : "--format columns")
                    + " does not go with standard output; name a place with -o");
        }
        if (cache != null && (cache.isBlank() || cache.equals(DomainCache.OHLCV.cacheName()))) {
            throw CommandFailure.wrongUsage("--cache '" + cache + "' has no entries of its own; write --all for bars");
        }
        if (cache != null && format != null && format != ExportFormat.JSONL) {
            throw CommandFailure.wrongUsage("--format " + format + " is for bars; entries are jsonl, leave it out");
        }
    }

    /**
     * A file that was written.
     *
     * @param what the beginning of its document
     * @param count how many bars or entries it has
     */
    private record Exported(String file, Map<String, @Nullable Object> what, long count) {}

    private boolean bars(ServerSession session, List<Exported> files) throws IOException {
        OhlcvCache candles = session.caches().ohlcv();
        long start = from == null ? Long.MIN_VALUE : ScanCommand.moment("--from", from);
        long end = to == null ? Long.MAX_VALUE : ScanCommand.moment("--to", to);
        if (start > end) {
            throw CommandFailure.wrongUsage("--from " + from + " is after --to " + to + "; give the earlier one first");
        }
        List<SeriesKey> wanted = all
                ? candles.series().stream().map(SeriesInfo::series).toList()
                : List.of(SeriesNames.of(String.valueOf(symbol), String.valueOf(timeframe)));
        ExportPlace place = place(all ? BarText.fileNames(wanted) : Map.of());
        wanted.forEach(place::requireFree);
        boolean isWhole = true;
        for (SeriesKey each : wanted) {
            int name = place.names().getOrDefault(each, "").length();
            if (name > LONGEST_NAME) {
                tell(
                        each,
                        "is not exported: the name of its file would have " + name
                                + " characters; export it by itself with -o");
                isWhole = false;
                continue;
            }
            Description described = session.caches().maintenance().describe(each);
            if (described != null) {
                BarWalk walk = new BarWalk(candles, each, described, start, end);
                isWhole &= series(candles, each, described, walk, place, files);
            } else if (!all) {
                throw CommandFailure.trouble(ScanCommand.nothing(each, candles.series()));
            }
        }
        return isWhole;
    }

    /** Writes a series; returns whether all of it could be read. A file that is there is not replaced by less. */
    private boolean series(
            OhlcvCache candles,
            SeriesKey series,
            Description described,
            BarWalk walk,
            ExportPlace places,
            List<Exported> files)
            throws IOException {
        Path place = places.of(series);
        long[] span = {described.firstOpenTime(), described.lastOpenTime()};
        long bars = 0;
        long first = Long.MAX_VALUE;
        long last = Long.MIN_VALUE;
        long holes = candles.holes();
        long unreadable = candles.unreadablePages();
        String lost;
        try (Progress progress = Progress.start(shell, Printable.text(series.toString()), described.rows());
                BarSink sink = places.sink(shell.out(), series, span)) {
            while (walk.hasNext() && isRead(place)) {
                BarSeries some = walk.next();
                sink.add(some);
                bars += some.size();
                first = some.isEmpty() ? first : Math.min(first, some.openTime(0));
                last = some.isEmpty() ? last : some.openTime(some.size() - 1);
                progress.at(Math.min(bars, described.rows()));
            }
            lost = candles.unreadablePages() > unreadable
                    ? "pages of it are damaged, or of a later version"
                    : candles.holes() > holes ? "the server evicted bars of it for want of memory" : "";
            if (!lost.isEmpty() && place != null && places.isThere(place)) {
                tell(
                        series,
                        NOT_WHOLE + lost + "; '" + place + "' stays as it was, name another place for what is left");
                return false;
            }
            sink.complete();
        }
        if (!lost.isEmpty()) {
            tell(series, NOT_WHOLE + lost + "; what is lost is not exported");
        }
        Map<String, @Nullable Object> document = SeriesNames.document(series);
        document.put("bars", bars);
        document.put("firstOpenTime", bars == 0 ? null : first);
        document.put("lastOpenTime", bars == 0 ? null : last);
        files.add(new Exported(String.valueOf(place), document, bars));
        return lost.isEmpty();
    }

    private void tell(SeriesKey series, String what) {
        shell.out().flush();
        shell.err().println(Cli.NAME + ": " + Printable.text(series + " " + what));
    }

    /** Whether standard output is still read: {@code | head} closes it early. */
    private boolean isRead(@Nullable Path place) {
        return place != null || !shell.out().checkError();
    }

    private ExportPlace place(Map<SeriesKey, String> names) {
        Path path = output.equals(STANDARD_OUTPUT) ? null : Path.of(output);
        return new ExportPlace(path, names, format == null ? ExportFormat.CSV : format, force);
    }

    private boolean entries(ServerSession session, String name, List<Exported> files) throws IOException {
        DomainCache domain = DomainCache.named(name).orElse(null);
        CacheBackend<?, ?> backend = domain == null
                ? session.caches().backend(name, String.class, server.valueType(shell, name))
                : session.caches().backend(name, domain.keyType(), domain.valueType());
        EntryLines lines;
        if (output.equals(STANDARD_OUTPUT)) {
            lines = new EntryLines(shell.out());
            lines.write(backend);
        } else {
            place(Map.of()).requireFree(Path.of(output));
            try (NewFile file = NewFile.create(Path.of(output))) {
                lines = new EntryLines(file.stream());
                lines.write(backend);
                file.complete();
            }
        }
        Map<String, @Nullable Object> document = Json.object();
        document.put("cache", name);
        document.put("entries", lines.written());
        document.put("refused", lines.refused());
        files.add(new Exported(output, document, lines.written()));
        shell.out().flush();
        lines.complaints().forEach((key, why) -> shell.err().println(Printable.text(key + ": " + why)));
        return lines.refused() == 0;
    }

    private void report(ServerSession session, List<Exported> files, long millis) {
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("server", session.caches().server());
            document.put("files", files.stream().map(ExportCommand::document).toList());
            document.put("millis", millis);
            JsonOption.print(shell, document);
        } else if (!output.equals(STANDARD_OUTPUT)) {
            files.forEach(each -> shell.out()
                    .println(Printable.count(
                                    each.count(), cache == null ? "bar" : "entry", cache == null ? "bars" : "entries")
                            + " written to " + Printable.text(each.file())));
        }
    }

    private static Object document(Exported file) {
        Map<String, @Nullable Object> document = Json.object();
        document.put("file", file.file());
        document.putAll(file.what());
        return document;
    }
}
