package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.RedisClient;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs each command of the guide, one after the other on one server, and compares what it prints, apart from numbers. With
 * {@code -Dguide.update=true} it writes what they print into the guide.
 */
class CliGuideTest {

    private static final Path GUIDE = Path.of("CLI.md");
    private static final boolean IS_UPDATE = Boolean.getBoolean("guide.update");
    private static final Pattern BLOCK = Pattern.compile("(?ms)^```console\n(.*?)^```\n");
    private static final String PROMPT = "$ ";
    private static final Pattern LINK = Pattern.compile("\\]\\(([^)#:]+)\\)");
    private static final String FILE = "BTC-USD-1h.csv";
    private static final Set<String> FILES = Set.of(FILE, "btc", "backup", "migration.json");
    private static final long HOUR = 3_600_000;

    private final CliRunner cli = new CliRunner();
    private final Set<String> commands = new HashSet<>();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @Test
    void commands_ofTheGuide_printWhatItSays() throws IOException {
        Files.writeString(folder.resolve(FILE), csv());
        String guide = Files.readString(GUIDE);
        try (EmbeddedServer server = EmbeddedServer.start()) {
            cli.with("IFTB_CACHE_REDIS_URI", server.uri()).with("IFTB_CACHE_NAMESPACE", "");
            fetch(server.uri());
            String now = BLOCK.matcher(guide).replaceAll(block -> {
                String printed = run(block, server.uri());
                if (!IS_UPDATE) {
                    assertThat(comparable(printed)).isEqualTo(comparable(block.group()));
                }
                return Matcher.quoteReplacement(printed);
            });
            if (IS_UPDATE) {
                Files.writeString(GUIDE, now);
            }
        }
        commands.add("demo"); // DemoPictureTest and CommandLineIT run it
        commands.add("warm"); // WarmCommandTest runs it
        commands.add("shell"); // ShellCommandTest runs it
        assertThat(commands)
                .isEqualTo(Cli.commandLine(cli.shell(System.out, System.err))
                        .getSubcommands()
                        .keySet());
    }

    /** The block with what its commands print now. */
    private String run(MatchResult block, String address) {
        StringBuilder printed = new StringBuilder("```console\n");
        for (String line : block.group(1).lines().toList()) {
            if (line.startsWith(PROMPT)) {
                printed.append(line).append('\n').append(run(line.substring(PROMPT.length()), address));
            }
        }
        return printed + "```\n";
    }

    /** What a command prints, with the usual address and no folder. */
    private String run(String line, String address) {
        assertThat(line).startsWith(Cli.NAME + " ");
        List<String> words = ExamplesTest.words(line.replaceFirst(" > .*", ""));
        if (commands.add(words.get(1)) && words.get(1).equals("migrate")) {
            fillAsOthersDo(address);
        }
        Run run = cli.run(words.subList(1, words.size()).stream()
                .map(word -> FILES.contains(word) ? folder.resolve(word).toString() : word)
                .toArray(String[]::new));
        assertThat(run.status()).as(line + run.err()).isBetween(0, run.err().isEmpty() ? 0 : 2);
        return line.contains(" > ")
                ? ""
                : (run.out() + run.err()).replace(folder + "/", "").replace(address, "redis://127.0.0.1:6379");
    }

    /**
     * The same text without what differs from run to run: numbers, units, the width of columns, how near the server is,
     * and whether a busy machine left time for enough calls to name a quantile.
     */
    private static String comparable(String text) {
        return text.lines()
                .filter(line -> !line.matches("\\w+ +(latency|clock) .*|\\s+→ .*(in one zone|by NTP).*"))
                .map(line -> line.replaceAll("\\{[^{}]*\"topic\":\"(latency|clock)\"[^{}]*}", "")
                        .replaceAll("(?<=Micros\":)null|(?<= )-(?= )", "0")
                        .replaceAll("-?[0-9][0-9a-f]*([.,:/-][0-9]+)*", "#")
                        .replaceAll("# ?([kMG]?B|µs|ms|s|m|h|d)\\b( #[smhd])?", "#")
                        .replaceAll("\\bwarnings?\\b", "warnings")
                        .replaceAll("[ -]+", " ")
                        .strip())
                .collect(Collectors.joining("\n"));
    }

    @Test
    void links_ofTheGuide_lead() throws IOException {
        assertThat(LINK.matcher(Files.readString(GUIDE)).results().map(found -> Path.of(found.group(1))))
                .isNotEmpty()
                .allSatisfy(path -> assertThat(path).exists());
    }

    /** The fields of each result are those that the help and the guide name. */
    @Test
    void fields_ofJson_areNamedInTheHelpAndInTheGuide() throws IOException {
        String guide = Files.readString(GUIDE);
        Set<String> checked = new HashSet<>();
        Matcher json = Pattern.compile("(?m)^\\$ iftb-cache (\\S+) .*--json\n([\\[{].*)$")
                .matcher(guide);
        while (json.find()) {
            String name = json.group(1);
            String document = json.group(2).equals("[") ? "[{\"timestamp\":1}]" : json.group(2);
            String help = cli.run(name, "--help").out();
            String section = guide.split("\n## " + name + "\n", 2)[1].split("\n## ", 2)[0];
            assertThat(fields(Json.read(document))).allSatisfy(field -> {
                assertThat(help.substring(help.indexOf("JSON"))).containsPattern("\\b" + field + "\\b");
                assertThat(section).contains("`" + field + "`");
            });
            checked.add(name);
        }
        assertThat(checked)
                .contains("import", "scan", "series", "coverage", "put", "get", "ttl", "keystats", "stats", "health")
                .contains("compact", "clear", "doctor", "bench", "export", "migrate");
    }

    private static Set<String> fields(JsonNode document) {
        Set<String> fields = new HashSet<>();
        document.properties().forEach(each -> {
            fields.add(each.getKey());
            if (!each.getKey().equals("value")) {
                fields.addAll(fields(each.getValue()));
            }
        });
        if (document.isArray()) {
            document.forEach(each -> fields.addAll(fields(each)));
        }
        return fields;
    }

    private static String csv() {
        StringBuilder csv = new StringBuilder("timestamp,open,high,low,close,volume\n");
        for (OhlcvBar bar : RandomWalk.hours(300, 1)) {
            csv.append(bar.openTime() + "," + bar.open() + "," + bar.high() + "," + bar.low() + "," + bar.close() + ","
                    + bar.volume() + "\n");
        }
        return csv.toString();
    }

    /** Stores what Python bots do, and a cache of Redisson. */
    private static void fillAsOthersDo(String uri) {
        try (RedisClient client = RedisClient.connect(uri)) {
            for (OhlcvBar bar : RandomWalk.hours(300, 1)) {
                client.setJson(
                        "ohlcv:BTCUSDT:1h:" + bar.openTime() / 1_000,
                        Map.of(
                                "open", bar.open(),
                                "high", bar.high(),
                                "low", bar.low(),
                                "close", bar.close(),
                                "volume", bar.volume()));
            }
            client.set("funding:BTCUSDT", "{\"funding_rate\": \"0.0001\", \"timestamp\": 1761638400}");
            client.set("fear_greed", "{\"value\": 54, \"classification\": \"Neutral\", \"timestamp\": 1761609600}");
            client.set("orders:7", "theirs");
        }
        String key = "jcache_timeout_set:{sessions}";
        long end = System.currentTimeMillis() + HOUR;
        try (RespConnection raw = RespConnection.tcp(URI.create(uri).getPort())) {
            raw.call("HSET", "sessions", "alice", "BTCUSDT", "bob", "ETHUSDT");
            raw.call("ZADD", key, Long.toString(end), "bob");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Fetches two parts of a series. */
    private void fetch(String uri) {
        try (MarketCaches caches = MarketCaches.open(uri)) {
            var candles = caches.ohlcv()
                    .withSource(
                            (series, from, to, limit) ->
                                    CompletableFuture.completedFuture(LongStream.iterate(from, time -> time + HOUR)
                                            .takeWhile(time -> time < to)
                                            .mapToObj(time -> new OhlcvBar(time, 1, 1, 1, 1, 1))
                                            .toList()),
                            FetchOptions.of("guide").withClock(() -> Instant.parse("2025-10-28T12:00:00Z")));
            long day = Instant.parse("2025-10-26T00:00:00Z").toEpochMilli();
            candles.range(SeriesKey.of("ETHUSDT", "1h"), day, day + 24 * HOUR);
            candles.range(SeriesKey.of("ETHUSDT", "1h"), day + 36 * HOUR, day + 48 * HOUR);
        }
    }
}
