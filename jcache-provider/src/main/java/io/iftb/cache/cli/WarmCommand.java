package io.iftb.cache.cli;

import io.iftb.cache.OhlcvCache;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.fetch.WarmUp;
import io.iftb.cache.redis.ReplyFuture;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Fetches what is missing of many series from a source. */
@Command(
        name = "warm",
        mixinStandardHelpOptions = true,
        description = {
            "Fetches what is missing of many series from a source, with the lowest priority. Run it again to continue.",
            "FILE is YAML: source (a class of yours that is a BarSource, on the class path), series (a list such as"
                    + " [BTCUSDT:1h, ETHUSDT:1h]), from (such as 2024-01-01); optional: name, requests and/or weight (what"
                    + " the source allows all programs together, such as 6000/1m), and weight-of-request."
        },
        footer = {
            "",
            "Examples:",
            "  java -cp iftb-cache.jar:bot.jar io.iftb.cache.cli.Main warm --config warm.yaml",
            "  java -cp iftb-cache.jar:bot.jar io.iftb.cache.cli.Main \\",
            "    warm --config warm.yaml --json",
            "",
            "bot.jar has the source. warm.yaml, for example:",
            "  source: com.acme.bot.BinanceBarSource",
            "  from: 2024-01-01",
            "  series: [BTCUSDT:1h, ETHUSDT:1h]",
            "",
            "JSON: source, series, parts, failures: an object of series and reasons, millis."
        })
final class WarmCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--config", paramLabel = "FILE", required = true, description = "What to fetch, and from where.")
    @SuppressWarnings("NullAway.Init") // picocli
    private Path config;

    private @Nullable Progress bar;

    WarmCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        WarmConfig wanted = WarmConfig.read(config);
        var source = wanted.newSource();
        long start = System.nanoTime();
        try (ServerSession session = server.open(shell)) {
            FetchOptions options = FetchOptions.of(wanted.name());
            if (wanted.limits() != null) {
                options = options.withBudget(session.caches().budget(wanted.name(), wanted.limits()), wanted.weight());
            }
            OhlcvCache candles = session.caches().ohlcv().withSource(source, options);
            WarmUp.Result result = fetched(candles, wanted);
            long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
            report(wanted, result, millis);
            return result.failures().isEmpty() ? ExitStatus.DONE : ExitStatus.TROUBLE;
        }
    }

    private WarmUp.Result fetched(OhlcvCache candles, WarmConfig wanted) {
        try {
            return ReplyFuture.await(candles.fetching()
                    .warm(wanted.series(), wanted.from(), this::show)
                    .toCompletableFuture());
        } finally {
            if (bar != null) {
                bar.close();
            }
        }
    }

    private void show(WarmUp.Progress progress) {
        Progress shown = bar;
        if (shown == null) {
            shown = Progress.start(shell, "parts", progress.parts());
            bar = shown;
        }
        shown.at(progress.done());
    }

    private void report(WarmConfig wanted, WarmUp.Result result, long millis) {
        Map<String, String> failures = new LinkedHashMap<>();
        result.failures().forEach((series, why) -> failures.put(series.toString(), String.valueOf(why.getMessage())));
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("source", wanted.name());
            document.put("series", List.copyOf(wanted.series()).size());
            document.put("parts", result.parts());
            document.put("failures", failures);
            document.put("millis", millis);
            JsonOption.print(shell, document);
        } else {
            shell.out()
                    .println(Printable.count(result.parts(), "part", "parts") + " of "
                            + Printable.count(wanted.series().size(), "series", "series") + " from "
                            + Printable.text(wanted.name()) + " complete in " + Printable.count(millis) + " ms");
        }
        shell.out().flush();
        failures.forEach((series, why) -> shell.err().println(Cli.NAME + ": " + Printable.text(series + ": " + why)));
    }
}
