package io.iftb.cache.cli;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows or sets how long an entry still lives. */
@Command(
        name = "ttl",
        mixinStandardHelpOptions = true,
        description =
                "Shows how long an entry still lives, or sets it. The value stays as it is, and need not be readable"
                        + " here.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache ttl ticker BTCUSDT",
            "  iftb-cache ttl llm sentiment 9f86d081884c7d65 --set 1h",
            "  iftb-cache ttl orders 42 --set never",
            "",
            "JSON: cache, key (a list of its parts), lifetimeLeftMillis (null if it never ends, 0 if it has ended)."
        })
final class TtlCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(arity = "1", paramLabel = "NAME", description = EntryName.FORMS)
    private List<String> words = List.of();

    @Option(
            names = "--set",
            paramLabel = "LIFETIME",
            description = "How long it lives from now on: a count and one of ms s m h d, such as 30s, or never.")
    private @Nullable String lifetime;

    TtlCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        EntryName name = EntryName.of(words);
        Duration lives = CacheEntry.lifetime(lifetime);
        if (lives != null && name.isSeries()) {
            throw CommandFailure.wrongUsage(
                    "'" + name + "' is a whole series; name one bar by its open time, or store the" + " bars again by '"
                            + Cli.NAME + " import' with --ttl");
        }
        try (ServerSession session = server.open(shell)) {
            CacheEntry<?, ?> entry = CacheEntry.named(name, session, Object.class);
            long left = lives == null ? entry.left(entry.read()) : entry.live(lives);
            if (json.isWanted()) {
                Map<String, @Nullable Object> document = GetCommand.document(name, entry.key());
                document.put("lifetimeLeftMillis", CacheEntry.json(left));
                JsonOption.print(shell, document);
            } else {
                shell.out().println(CacheEntry.text(left));
            }
        }
        return ExitStatus.DONE;
    }
}
