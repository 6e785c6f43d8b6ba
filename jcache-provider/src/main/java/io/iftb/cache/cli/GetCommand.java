package io.iftb.cache.cli;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.store.EntryStore.TimedValue;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows one entry. */
@Command(
        name = "get",
        mixinStandardHelpOptions = true,
        description = "Shows one entry of a cache, and how long it still lives. Reading it here does not extend its"
                + " lifetime.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache get ticker BTCUSDT",
            "  iftb-cache get ohlcv BTCUSDT 1h 2025-10-28T00:00Z --json",
            "  java -cp iftb-cache.jar:yours.jar io.iftb.cache.cli.Main \\",
            "    get orders 42 --type com.acme.Order",
            "",
            "JSON: cache, key (a list of its parts), value, lifetimeLeftMillis (null if it never ends, 0 if it has"
                    + " ended)."
        })
final class GetCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(arity = "1", paramLabel = "NAME", description = EntryName.FORMS)
    private List<String> words = List.of();

    @Option(
            names = "--type",
            paramLabel = "CLASS",
            description =
                    "The class of the values of another cache. Default: as the settings say, otherwise any value of"
                            + " the JDK.")
    private @Nullable String type;

    GetCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        EntryName name = EntryName.of(words);
        if (type != null && name.domain().isPresent()) {
            throw CommandFailure.wrongUsage(
                    "the values of cache " + name.cache() + " have a class of their own; leave" + " --type out");
        }
        Class<?> valueType = type == null ? server.valueType(shell, name.cache()) : ValueTypes.named(type);
        try (ServerSession session = server.open(shell)) {
            show(name, CacheEntry.named(name, session, valueType));
        }
        return ExitStatus.DONE;
    }

    private <K, V> void show(EntryName name, CacheEntry<K, V> entry) {
        TimedValue found = entry.read();
        V value = entry.decode(found.value());
        long left = entry.left(found);
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = document(name, entry.key());
            document.put("value", ValueView.json(value));
            document.put("lifetimeLeftMillis", CacheEntry.json(left));
            JsonOption.print(shell, document);
            return;
        }
        Map<String, String> fields = ValueView.fields(value);
        fields.put("lifetime", CacheEntry.text(left) + (left > 0 ? " left" : ""));
        int widest = fields.keySet().stream().mapToInt(String::length).max().orElse(0);
        fields.forEach((field, text) -> shell.out()
                .println(Printable.text(field) + " ".repeat(widest - field.length() + 2) + Printable.text(text)));
    }

    /** The beginning of the JSON of an entry: which one it is. */
    static Map<String, @Nullable Object> document(EntryName name, Object key) {
        Map<String, @Nullable Object> document = Json.object();
        document.put("cache", name.cache());
        document.put(
                "key",
                key instanceof BarKey bar
                        ? List.of(bar.symbol(), bar.timeframe().toString(), Long.toString(bar.openTime()))
                        : name.parts());
        return document;
    }
}
