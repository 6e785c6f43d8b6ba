package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.SeriesInfo;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jline.reader.Candidate;
import org.jline.reader.Completer;
import org.jline.reader.LineReader;
import org.jline.reader.ParsedLine;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

/** Completes commands and options as picocli knows them, and caches, symbols and timeframes as the server has them. */
final class WordCompleter implements Completer {

    private final CommandLine commands;
    private final ServerNames<String> caches;
    private final ServerNames<SeriesKey> series;

    /** The keys of caches that have a symbol each. */
    private final Map<String, ServerNames<String>> symbols = new HashMap<>();

    WordCompleter(Shell shell, MarketCaches caches) {
        this.commands = Cli.commandLine(shell);
        this.caches = new ServerNames<>(caches::cacheNames);
        this.series = new ServerNames<>(
                () -> caches.ohlcv().series().stream().map(SeriesInfo::series).toList());
        for (DomainCache each : List.of(DomainCache.TICKER, DomainCache.FUNDING)) {
            symbols.put(
                    each.cacheName(),
                    new ServerNames<>(() -> keys(caches.backend(each.cacheName(), each.keyType(), each.valueType()))));
        }
    }

    private static <K> Set<String> keys(CacheBackend<K, ?> cache) {
        Set<String> keys = new LinkedHashSet<>();
        EntryStore.Cursor<K> cursor = cache.exact().cursor();
        for (EntryStore.Page<K> page = ReplyFuture.await(cursor.next());
                page != null;
                page = ReplyFuture.await(cursor.next())) {
            page.entries().forEach(each -> keys.add(each.getKey().toString()));
        }
        return keys;
    }

    @Override
    public void complete(LineReader reader, ParsedLine line, List<Candidate> candidates) {
        for (String word : words(line.words(), line.wordIndex())) {
            candidates.add(new Candidate(word));
        }
    }

    /**
     * What a word may be.
     *
     * @param line all words
     * @param index of the word to be completed
     */
    Set<String> words(List<String> line, int index) {
        List<String> before = line.subList(0, Math.min(index, line.size()));
        if (!before.isEmpty() && before.get(0).equals(Cli.NAME)) {
            return words(line.subList(1, line.size()), index - 1);
        }
        Set<String> words = new LinkedHashSet<>();
        String word = index < line.size() ? line.get(index) : "";
        if (before.isEmpty()) {
            words.addAll(commands.getSubcommands().keySet());
            words.add("help");
            words.add("exit");
        } else {
            CommandLine command = commands.getSubcommands().get(before.get(0));
            if (command != null) {
                OptionSpec option = option(command, before.get(before.size() - 1));
                if (option != null) {
                    words.addAll(values(option));
                } else if (word.startsWith("-")) {
                    command.getCommandSpec().options().stream()
                            .filter(each -> !each.hidden())
                            .forEach(each -> words.add(each.longestName()));
                } else {
                    words.addAll(named(command, before));
                }
            }
        }
        return words;
    }

    /** The option whose value comes next; null if none does. */
    private static @Nullable OptionSpec option(CommandLine command, String word) {
        OptionSpec option = command.getCommandSpec().findOption(word);
        return option != null && option.arity().max() > 0 ? option : null;
    }

    private List<String> values(OptionSpec option) {
        if (option.longestName().equals("--series")) {
            return series.now().stream().map(SeriesKey::toString).toList();
        }
        if (option.longestName().equals("--cache")) {
            return cacheNames();
        }
        List<String> values = new ArrayList<>();
        if (option.completionCandidates() != null) {
            option.completionCandidates().forEach(values::add);
        }
        return values;
    }

    /** What a parameter without an option may be, by its place. */
    private List<String> named(CommandLine command, List<String> before) {
        List<String> given = given(command, before);
        return switch (command.getCommandName()) {
            case "scan", "coverage", "export" -> seriesPart(given);
            case "get", "ttl" -> given.isEmpty() ? cacheNames() : keyPart(given);
            case "put" -> given.isEmpty() ? domains() : keyPart(given);
            case "completion" ->
                Arrays.stream(CompletionCommand.Kind.values())
                        .map(CompletionCommand.Kind::toString)
                        .toList();
            default -> List.of();
        };
    }

    /** A part of a key, behind the name of its cache. */
    private List<String> keyPart(List<String> given) {
        if (given.get(0).equals(DomainCache.OHLCV.cacheName())) {
            return seriesPart(given.subList(1, given.size()));
        }
        ServerNames<String> keys = symbols.get(given.get(0));
        return keys == null || given.size() > 1 ? List.of() : keys.now();
    }

    private List<String> seriesPart(List<String> given) {
        return switch (given.size()) {
            case 0 -> series.now().stream().map(SeriesKey::symbol).distinct().toList();
            case 1 ->
                series.now().stream()
                        .filter(each -> each.symbol().equals(given.get(0)))
                        .map(each -> each.timeframe().toString())
                        .toList();
            default -> List.of();
        };
    }

    /** The parameters before a word, without options and their values. */
    private static List<String> given(CommandLine command, List<String> before) {
        List<String> given = new ArrayList<>();
        for (int i = 1; i < before.size(); i++) {
            String word = before.get(i);
            if (option(command, word) != null) {
                i++;
            } else if (!word.startsWith("-")) {
                given.add(word);
            }
        }
        return given;
    }

    private static List<String> domains() {
        return Arrays.stream(DomainCache.values()).map(DomainCache::cacheName).toList();
    }

    /** The domain caches, and all others that the server is known to have. */
    private List<String> cacheNames() {
        return Stream.concat(domains().stream(), caches.now().stream())
                .distinct()
                .toList();
    }
}
