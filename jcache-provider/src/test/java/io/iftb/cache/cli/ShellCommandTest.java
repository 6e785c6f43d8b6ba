package io.iftb.cache.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore;
import io.iftb.cache.store.Lifetimes;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.jline.terminal.impl.ExternalTerminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellCommandTest {

    private static final String TICKER =
            "put ticker BTCUSDT '{\"bid\":1,\"ask\":2,\"last\":1.5,\"volume\":10,\"high\":3,"
                    + "\"low\":1,\"change\":0,\"time\":1}'";

    private final CliRunner cli = new CliRunner();

    @TempDir
    private Path folder;

    private Run shell(String... lines) {
        return cli.reading(String.join("\n", lines).getBytes(UTF_8)).run("shell");
    }

    @Test
    void lines_ofAPipe_areCommandsOnOneServer() {
        Run run = shell(
                "# a comment", "", TICKER, "iftb-cache get ticker BTCUSDT --json  ", "exit", "get ticker ETHUSDT");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("\"last\":1.5");
        assertThat(run.status()).isZero();
    }

    @Test
    void lines_withoutAnAddress_shareTheServerThatIsStarted() {
        Run run = cli.with("IFTB_CACHE_REDIS_URI", "")
                .with("XDG_DATA_HOME", folder.toString())
                .reading((TICKER + "\nget ticker BTCUSDT\nhealth").getBytes(UTF_8))
                .run("shell");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("1.5", "standalone");
        assertThat(run.status()).isZero();
    }

    /** The options of the shell go before a variable, also where a command looks for them. */
    @Test
    void options_ofTheShell_holdForItsCommands() throws IOException {
        try (EmbeddedServer other = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(other.port())) {
            raw.call("CONFIG", "SET", "requirepass", "right");
            String uri = "redis://default:right@127.0.0.1:" + other.port();
            Run run = cli.with("IFTB_CACHE_REDIS_PASSWORD", "wrong")
                    .with("IFTB_CACHE_NAMESPACE", "other")
                    .reading((TICKER + "\nget ticker BTCUSDT").getBytes(UTF_8))
                    .run("shell", "--redis", uri, "--namespace", "");

            assertThat(run.err()).isEmpty();
            assertThat(run.out()).contains("1.5");
            try (MarketCaches caches = MarketCaches.open(uri)) {
                assertThat(caches.market().ticker("BTCUSDT")).isPresent();
            }
        }
    }

    @Test
    void embeddedServer_ofTheShell_isThatOfItsCommands() throws IOException {
        Path config = Files.writeString(
                folder.resolve("cache.yaml"), "iftb.cache: {redis: {user: bot, password: of another server}}");
        Run run = cli.with("IFTB_CACHE_REDIS_PASSWORD", "of another server")
                .with("IFTB_CACHE_CONFIG", config.toUri().toString())
                .reading((TICKER + "\nget ticker BTCUSDT").getBytes(UTF_8))
                .run("shell", "--redis", "embedded");

        assertThat(run.err()).isEmpty();
        assertThat(run.out()).contains("1.5");
        assertThat(run.status()).isZero();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "get ticker NOTHING | 1 | no",
                "scna BTC 1h        | 2 | scna",
                "shell              | 2 | this is the shell already",
                "iftb-cache         | 2 | this is the shell already",
                "get ticker 'BTC    | 2 | close the quotes"
            })
    void line_thatFails_saysItAndTheNextOneRuns(String line, int status, String part) {
        Run run = shell(line, "health");

        assertThat(run.err()).startsWith("iftb-cache: ").contains(part);
        assertThat(run.out()).contains("standalone");
        assertThat(run.status()).isEqualTo(status);
    }

    @Test
    void help_listsTheCommands() {
        assertThat(shell("help").out()).contains("Usage: iftb-cache", "scan", "doctor");
        assertThat(shell("help scan").out()).contains("Usage: iftb-cache scan", "--limit");
    }

    @Test
    void completion_byPlace_offersWhatTheServerHas() {
        try (MarketCaches caches = cli.caches()) {
            for (String series : List.of("BTCUSDT:1h", "BTCUSDT:4h", "ETHUSDT:1d")) {
                caches.ohlcv().put(SeriesKey.parse(series), List.of(new OhlcvBar(0, 1, 1, 1, 1, 1)));
            }
            WordCompleter completer = new WordCompleter(cli.shell(System.out, System.err), caches);

            assertThat(completer.words(List.of("sc"), 0)).contains("scan", "series", "exit");
            offers(completer, List.of("scan", ""), "BTCUSDT", "ETHUSDT");
            offers(completer, List.of("scan", "--limit", "5", "BTCUSDT", ""), "1h", "4h");
            offers(completer, List.of("iftb-cache", "coverage", "ETHUSDT", ""), "1d");
            assertThat(completer.words(List.of("get", ""), 1)).contains("ohlcv", "fear_greed");
            offers(completer, List.of("ttl", "ohlcv", "ETHUSDT", ""), "1d");
            offers(completer, List.of("clear", "--series", ""), "BTCUSDT:1h", "BTCUSDT:4h", "ETHUSDT:1d");
            assertThat(completer.words(List.of("scan", "--fo"), 1)).contains("--format", "--redis");
            assertThat(completer.words(List.of("scan", "--format", ""), 2)).contains("chart", "csv");
            assertThat(completer.words(List.of("nonsense", ""), 1)).isEmpty();
        }
    }

    /** Asks for the last word as often as it takes: a busy server may need longer than the moment that a key waits for it. */
    private static void offers(WordCompleter completer, List<String> line, String... words) {
        await().pollDelay(Duration.ZERO)
                .atMost(Duration.ofSeconds(30))
                .untilAsserted(
                        () -> assertThat(completer.words(line, line.size() - 1)).containsExactlyInAnyOrder(words));
    }

    @Test
    void completion_ofCachesAndKeys_offersThoseOnTheServer() {
        Ticker ticker = new Ticker(1, 2, 1.5, 10, 3, 1, 0, 1);
        try (MarketCaches caches = cli.caches()) {
            storeOwn(caches, "orders");
            storeOwn(caches, "or\u001b[2Jders");
            caches.market().putTicker("BTC/USDT", ticker);
            caches.market().putTicker("ETHUSDT", ticker);
            caches.market().putTicker("E\u001b[2J", ticker);
            caches.market().putFundingRate("SOLUSDT", new FundingRate(0.0001, 1));
            WordCompleter completer = new WordCompleter(cli.shell(System.out, System.err), caches);

            String[] all = {"ohlcv", "ticker", "funding", "fear_greed", "llm", "orders"};
            offers(completer, List.of("get", ""), all);
            offers(completer, List.of("ttl", ""), all);
            offers(completer, List.of("clear", "--cache", ""), all);
            assertThat(completer.words(List.of("put", ""), 1)).contains("llm").doesNotContain("orders");
            offers(completer, List.of("get", "ticker", ""), "BTC/USDT", "ETHUSDT");
            offers(completer, List.of("put", "funding", ""), "SOLUSDT");
            assertThat(completer.words(List.of("get", "ticker", "ETHUSDT", ""), 3))
                    .isEmpty();
            assertThat(completer.words(List.of("get", "llm", ""), 2)).isEmpty();
        }
    }

    private static void storeOwn(MarketCaches caches, String cache) {
        CacheBackend<String, String> own = caches.backend(cache, String.class, String.class);
        Lifetimes eternal = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.ETERNAL);
        own.store()
                .put("42", own.codec().encode("value"), eternal, EntryStore.Condition.ANY)
                .join();
    }

    /** Who types goes on typing, and finds the names there later. */
    @Test
    void completion_ofASlowServer_waitsForAMomentOnly() throws IOException {
        CountDownLatch answer = new CountDownLatch(1);
        try (EmbeddedServer server = EmbeddedServer.start();
                SlowProxy proxy = new SlowProxy(server.port(), request -> {
                    if (request.contains("SCAN")) {
                        awaitAll(answer);
                    }
                });
                MarketCaches caches = MarketCaches.open(CacheSettings.builder()
                        .redisUri(proxy.uri())
                        .operationTimeout(Duration.ofMinutes(1))
                        .build())) {
            storeOwn(caches, "orders");
            WordCompleter completer = new WordCompleter(cli.shell(System.out, System.err), caches);

            assertThat(completer.words(List.of("get", ""), 1)).contains("llm").doesNotContain("orders");
            answer.countDown();
            await().atMost(Duration.ofSeconds(30))
                    .untilAsserted(() ->
                            assertThat(completer.words(List.of("get", ""), 1)).contains("llm", "orders"));
        }
    }

    private static void awaitAll(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void completion_withoutAServer_offersNothingOfItAndNoError() {
        MarketCaches caches = cli.caches();
        caches.close();
        WordCompleter completer = new WordCompleter(cli.shell(System.out, System.err), caches);

        assertThat(completer.words(List.of("scan", ""), 1)).isEmpty();
        assertThat(completer.words(List.of("get", "ticker", ""), 2)).isEmpty();
        assertThat(completer.words(List.of("get", ""), 1))
                .containsExactlyInAnyOrder("ohlcv", "ticker", "funding", "fear_greed", "llm");
    }

    @Test
    void terminal_tabAndHistory_completeAndKeepWhatIsNoSecret() throws IOException {
        Path history = folder.resolve("history");
        try (MarketCaches caches = cli.caches()) {
            WordCompleter completer = new WordCompleter(cli.shell(System.out, System.err), caches);
            String keys = "heal\t\rget ticker X --redis redis://bot:s3cr3t@127.0.0.1:1\rscan 'A B' 1h\r"
                    + "get ticker 'X\rY' --redis redis://bot:s3cr3t@127.0.0.1:1\r\u0004";
            List<List<String>> lines = new ArrayList<>();
            try (TerminalLines terminal = TerminalLines.of(
                    new ExternalTerminal(
                            "test",
                            "ansi",
                            new ByteArrayInputStream(keys.getBytes(UTF_8)),
                            new ByteArrayOutputStream(),
                            UTF_8),
                    completer,
                    history)) {
                for (List<String> words = terminal.next(); words != null; words = terminal.next()) {
                    lines.add(words);
                }
            }

            assertThat(lines).hasSize(4);
            assertThat(lines.get(0)).containsExactly("health");
            assertThat(lines.get(2)).isEqualTo(List.of("scan", "A B", "1h"));
            assertThat(Files.readString(history)).contains("scan 'A B' 1h").doesNotContain("s3cr3t");
        }
    }

    @Test
    void completion_ofTheFirstWord_offersEveryCommand() {
        try (MarketCaches caches = cli.caches()) {
            Set<String> offered = new WordCompleter(cli.shell(System.out, System.err), caches).words(List.of(""), 0);
            assertThat(offered)
                    .containsAll(Cli.commandLine(cli.shell(System.out, System.err))
                            .getSubcommands()
                            .keySet());
        }
    }
}
