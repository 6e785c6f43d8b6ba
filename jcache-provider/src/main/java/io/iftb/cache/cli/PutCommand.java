package io.iftb.cache.cli;

import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Stores one entry of a domain cache, or bars. */
@Command(
        name = "put",
        mixinStandardHelpOptions = true,
        description = {
            "Stores one entry of a domain cache, or the bars of a series, from JSON: the last argument, or standard input if"
                    + " it is -.",
            "ohlcv SYMBOL TF: an object, or a list of objects, with timestamp, open, high, low, close, volume, as scan"
                    + " --format json prints them. ticker SYMBOL: bid, ask, last, volume, high, low, change, time."
                    + " funding SYMBOL: rate, time. fear_greed: value, classification, time. llm TYPE HASH: any document.",
            "Times are epoch milliseconds, or ISO-8601 as text."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache put funding BTCUSDT '{\"rate\":0.0001,\"time\":\"2025-10-28T08:00Z\"}'",
            "  iftb-cache put fear_greed '{\"value\":54,\"classification\":\"Neutral\",\"time\":1761609600000}' --ttl 1h",
            "  iftb-cache put ohlcv BTCUSDT 1h - --ttl never",
            "",
            "JSON: cache, key (a list of its parts), stored (how many entries or bars)."
        })
final class PutCommand implements Callable<Integer> {

    private static final String STANDARD_INPUT = "-";
    private static final int MOST_BYTES = 64 << 20;

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(
            arity = "1",
            paramLabel = "NAME… JSON",
            hideParamSyntax = true,
            description = "The name of the entry, and its value.")
    private List<String> words = List.of();

    @Option(
            names = "--ttl",
            paramLabel = "LIFETIME",
            description = "How long it lives: a count and one of ms s m h d, such as 10s, or never. Default: as the"
                    + " settings say for the cache.")
    private @Nullable String lifetime;

    PutCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (words.size() < 2) {
            throw CommandFailure.wrongUsage("the value is missing; give JSON behind the name, or - for standard input");
        }
        EntryName name = EntryName.of(words.subList(0, words.size() - 1));
        DomainCache domain = name.domain()
                .orElseThrow(() -> CommandFailure.wrongUsage("values of cache '"
                        + Printable.text(name.cache())
                        + "' have a class of your program, so only it can store them; put takes "
                        + Arrays.stream(DomainCache.values())
                                .map(DomainCache::cacheName)
                                .collect(Collectors.joining(", "))));
        if (domain == DomainCache.OHLCV && !name.isSeries()) {
            throw CommandFailure.wrongUsage("the open time of a bar is its field timestamp; write put ohlcv SYMBOL TF");
        }
        Duration lives = CacheEntry.lifetime(lifetime);
        String value = value(words.get(words.size() - 1));
        int stored = domain == DomainCache.OHLCV ? putBars(name, value, lives) : put(name, domain, value, lives);
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("cache", name.cache());
            document.put("key", name.parts());
            document.put("stored", stored);
            JsonOption.print(shell, document);
        } else {
            shell.out()
                    .println("stored "
                            + (domain == DomainCache.OHLCV ? Printable.count(stored, "bar", "bars") + " of " : "")
                            + name);
        }
        return ExitStatus.DONE;
    }

    private int put(EntryName name, DomainCache domain, String text, @Nullable Duration lives) {
        Object value = ValueReader.value(domain, text);
        try (ServerSession session = server.open(shell)) {
            CacheEntry.named(name, session, domain.valueType()).put(value, lives);
        }
        return 1;
    }

    private int putBars(EntryName name, String text, @Nullable Duration lives) {
        List<OhlcvBar> bars = ValueReader.bars(text);
        try (ServerSession session = server.open(shell)) {
            if (lives == null) {
                session.caches().ohlcv().put(name.series(), bars);
            } else {
                session.caches().ohlcv().put(name.series(), bars, lives);
            }
        }
        return bars.size();
    }

    private String value(String word) {
        if (!word.equals(STANDARD_INPUT)) {
            return word;
        }
        try {
            byte[] read = shell.in().readNBytes(MOST_BYTES + 1);
            if (read.length > MOST_BYTES) {
                throw CommandFailure.wrongUsage("standard input has more than " + Printable.bytes(MOST_BYTES)
                        + " of JSON; store bars by '" + Cli.NAME + " import'");
            }
            return new String(read, StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw CommandFailure.trouble("standard input cannot be read: " + e.getMessage());
        }
    }
}
