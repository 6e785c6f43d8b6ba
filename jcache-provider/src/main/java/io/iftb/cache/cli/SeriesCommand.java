package io.iftb.cache.cli;

import io.iftb.cache.SeriesInfo;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Lists the series that are stored. */
@Command(
        name = "series",
        mixinStandardHelpOptions = true,
        description = "Lists the series that are stored, with the memory of the server that each takes.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache series",
            "  iftb-cache series --redis redis://127.0.0.1:6379 --json",
            "",
            "JSON: a list of objects with symbol, timeframe, bars, firstOpenTime, lastOpenTime, bytes, lifetimeLeftMillis (null if it never ends)."
        })
final class SeriesCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    SeriesCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (ServerSession session = server.open(shell)) {
            List<SeriesInfo> stored = session.caches().ohlcv().series();
            if (json.isWanted()) {
                JsonOption.print(
                        shell, stored.stream().map(SeriesCommand::document).toList());
                return ExitStatus.DONE;
            }
            if (stored.isEmpty()) {
                shell.err()
                        .println(Cli.NAME + ": no series are stored on " + session.name() + "; '" + Cli.NAME
                                + " import' stores one");
                return ExitStatus.DONE;
            }
            TextTable table = new TextTable(
                    "symbol", "tf", ">bars", "first (UTC)", "last (UTC)", ">bytes", ">bytes/bar", "lifetime left");
            stored.forEach(info -> table.row(cells(info)));
            table.print(shell.out());
        }
        return ExitStatus.DONE;
    }

    private static Map<String, @Nullable Object> document(SeriesInfo info) {
        Map<String, @Nullable Object> document = SeriesNames.document(info.series());
        document.put("bars", info.bars());
        document.put("firstOpenTime", info.firstOpenTime());
        document.put("lastOpenTime", info.lastOpenTime());
        document.put("bytes", info.bytes());
        Duration left = info.lifetimeLeft();
        document.put("lifetimeLeftMillis", left == null ? null : left.toMillis());
        return document;
    }

    private static String[] cells(SeriesInfo info) {
        Duration left = info.lifetimeLeft();
        return new String[] {
            Printable.text(info.series().symbol()),
            info.series().timeframe().toString(),
            Printable.count(info.bars()),
            Moment.text(info.firstOpenTime()),
            Moment.text(info.lastOpenTime()),
            Printable.count(info.bytes()),
            info.bars() == 0 ? "-" : String.format(Locale.ROOT, "%.1f", (double) info.bytes() / info.bars()),
            left == null ? "never ends" : Lifetime.text(left)
        };
    }
}
