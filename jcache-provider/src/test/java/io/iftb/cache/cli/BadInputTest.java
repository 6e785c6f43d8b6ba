package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Errors caused by the user, the server, or another program on the server. */
class BadInputTest {

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                " | no command is given; see 'iftb-cache --help'",
                "scna | there is no command 'scna', did you mean scan?; see 'iftb-cache --help'",
                "scan BTC 1h --limt 5 | there is no option '--limt', did you mean --limit?; see 'iftb-cache scan --help'",
                "scan BTC | Missing required parameter: 'TF'; see 'iftb-cache scan --help'",
                "scan BTC 1x | timeframe '1x' is not known; write a count from 1 to 99999 and one of s m h d w M",
                "scan BTC 1h --limit 0 | --limit 0 is not positive; give 1 or more",
                "scan BTC 1h --limit -1 | --limit -1 is not positive; give 1 or more",
                "scan BTC 1h --limit many | Invalid value for option '--limit': 'many' is not a whole number; see",
                "scan BTC 1h --limit 1000000000000 | '1000000000000' is too large, at most 2,147,483,647; see",
                "scan BTC 1h --format xml | format 'xml' is not known; write one of table, csv, json, chart; see",
                "scan BTC 1h --from soon | --from: time 'soon' is not known; write a date such as 2024-01-31",
                "scan BTC 1h --from 2024-02-01 --to 2024-01-01 | --from 2024-02-01 is after --to 2024-01-01; give the"
                        + " earlier one first",
                "import none.csv --symbol BTC --timeframe 1h | there is no file 'none.csv'; give the path of a file",
                "import pom.xml --symbol BTC | 'pom.xml' has no name such as BTC-USD-4h.csv that tells the series; give"
                        + " --timeframe",
                "import - | standard input has no name such as BTC-USD-4h.csv that tells the series; give --symbol and"
                        + " --timeframe",
                "import pom.xml --time-unit weeks | unit 'weeks' is not known; write one of seconds, millis, micros,"
                        + " nanos",
                "scan BTC 1h 2h | '2h' is one argument too many; see 'iftb-cache scan --help'",
                "import pom.xml --symbol BTC --timeframe h | timeframe 'h' is not known",
                "import pom.xml --symbol BTC --timeframe 1h --ttl 5 | lifetime '5' is not known; write a positive count",
                "import pom.xml --symbol= --timeframe 1h | symbol '' is blank; give one such as BTCUSDT",
                "clear | Missing required argument (specify one of these): (--cache=NAME | --series=SYMBOL:TF | --all)",
                "clear --all --cache ticker | are mutually exclusive",
                "clear --series BTC | series 'BTC' has no timeframe; write SYMBOL:TF, such as BTCUSDT:1h",
                "clear --cache= | the name of the cache is blank; give one such as ticker",
                "health --redis http://h:1 | --redis is 'http://h:1'; accepted is redis://",
                "health --redis= | --redis is ''; accepted is redis://",
                "health --redis-password-file none.txt | --redis-password-file is 'none.txt'; accepted is the path of a"
                        + " readable file",
                "demo --csv none-1h.csv | there is no file 'none-1h.csv'",
                "demo --csv pom.xml | 'pom.xml' has no name such as BTC-USD-4h.csv",
            })
    void run_wrongUsage_isOneSentenceAndStatus2(String line, String sentence) {
        Run run = cli.run(line == null ? new String[0] : line.split(" ", -1));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("iftb-cache: ").contains(sentence).hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "series",
                "health",
                "scan BTC 1h",
                "clear --all --yes",
                "clear --cache ticker",
                "clear --cache own"
            })
    void run_serverNotThere_isOneSentenceAndStatus1(String line) throws IOException {
        String uri = "redis://bob:" + CliRunner.PASSWORD + "@127.0.0.1:" + closedPort();
        Run run = cli.run(List.of(line.split(" ")), "--redis", uri);
        assertServerTrouble(run, uri.substring(uri.indexOf("127")));
    }

    @Test
    void run_wrongPassword_isOneSentenceAndStatus1() {
        try (EmbeddedServer server =
                EmbeddedServer.builder().arguments("--requirepass", "right").start()) {
            String address = "127.0.0.1:" + server.port();
            Run inUri = cli.run("health", "--redis", "redis://:" + CliRunner.PASSWORD + "@" + address);
            assertServerTrouble(inUri, address);
            Run inEnvironment =
                    cli.with("IFTB_CACHE_REDIS_PASSWORD", CliRunner.PASSWORD).run("health", "--redis", server.uri());
            assertServerTrouble(inEnvironment, address);
        }
    }

    @Test
    void run_rightPassword_fileGoesBeforeUriAndUriBeforeEnvironment() throws IOException {
        try (EmbeddedServer server =
                EmbeddedServer.builder().arguments("--requirepass", "right").start()) {
            String address = "127.0.0.1:" + server.port();
            Path file = Files.writeString(folder.resolve("password"), "right\n");
            cli.with("IFTB_CACHE_REDIS_PASSWORD", "wrong");
            assertThat(cli.run("health", "--redis", "redis://:right@" + address).status())
                    .isEqualTo(0);
            assertThat(cli.run(
                                    "health",
                                    "--redis",
                                    "redis://:wrong@" + address,
                                    "--redis-password-file",
                                    file.toString())
                            .status())
                    .isEqualTo(0);
            cli.with("IFTB_CACHE_REDIS_PASSWORD", "right");
            assertThat(cli.run("health", "--redis", server.uri()).status()).isEqualTo(0);
        }
    }

    @Test
    void run_noCredentialsInSentencesThatQuoteTheCommandLine() {
        String uri = "redis://bob:" + CliRunner.PASSWORD + "@host";
        for (Run run : List.of(cli.run(uri), cli.run("scan", "BTC", "1h", uri), cli.run("scan", uri, "1x", uri))) {
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err()).doesNotContain(CliRunner.PASSWORD).hasLineCount(1);
        }
        String withBlank = "redis://bob:my " + CliRunner.PASSWORD + "@host";
        assertThat(cli.run("scan", "BTC", "1h", withBlank).err()).doesNotContain(CliRunner.PASSWORD);
        assertThat(cli.run("--debug", "series", uri).err())
                .contains("UnmatchedArgumentException")
                .doesNotContain(CliRunner.PASSWORD);
    }

    @ParameterizedTest
    @CsvSource({"help, --help", "help scan, scan --help"})
    void run_help_isTheOption(String words, String option) {
        Run run = cli.run(words.split(" "));
        assertThat(run.err()).isEmpty();
        assertThat(run.out())
                .startsWith("Usage: iftb-cache")
                .isEqualTo(cli.run(option.split(" ")).out());
        assertThat(run.status()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"frobnicate", "x", "liste", "show", "delete-everything"})
    void run_commandThatIsLikeNone_suggestsNothing(String command) {
        Run run = cli.run(command);
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).isEqualTo("iftb-cache: there is no command '" + command + "'; see 'iftb-cache --help'\n");
    }

    @Test
    void run_dataFolderThatCannotBe_isOneSentenceAndStatus1() throws IOException {
        Path file = Files.writeString(folder.resolve("file"), "x");
        for (String place : List.of("/proc/x", file.toString(), file + "/below")) {
            Run run = cli.run("series", "--redis", "embedded:" + place);
            assertServerTrouble(run, "the data folder '" + place + "' cannot be used");
            assertThat(run.err()).doesNotContain("Exception");
        }
    }

    @Test
    void run_argumentOrSettingThatWasNotDecoded_isRefused() {
        Run argument = cli.run("scan", "\uFFFD\uFFFD", "1h");
        assertThat(argument.status()).isEqualTo(2);
        assertThat(argument.err()).startsWith("iftb-cache: argument 2 has characters that cannot be decoded");
        Run setting = cli.with("IFTB_CACHE_NAMESPACE", "\uFFFD").run("series");
        assertThat(setting.status()).isEqualTo(2);
        assertThat(setting.err())
                .startsWith("iftb-cache: the environment variable IFTB_CACHE_NAMESPACE has characters")
                .hasLineCount(1);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "scan B?C 1h",
                "clear --series B?C:1h",
                "import pom.xml --symbol B?C --timeframe 1h",
                "demo --symbol B?C"
            })
    void run_symbolWithControlCharacters_isRefused(String line) {
        Run run = cli.run(line.replace('?', '\u001b').split(" "));
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("symbol 'B?C' has control characters").hasLineCount(1);
    }

    @Test
    void run_argumentThatMovesTheCursor_isMadeHarmless() {
        assertThat(cli.run("scan", "BTC", "\u001b[2J").err()).contains("timeframe '?[2J' is not known");
    }

    @Test
    void run_dataFolderInUse_isOneSentenceAndStatus1() {
        try (EmbeddedServer server = EmbeddedServer.builder()
                .dataDirectory(folder.resolve("iftb-cache"))
                .start()) {
            assertThat(server.isAlive()).isTrue();
            Run run = cli.with("IFTB_CACHE_REDIS_URI", "")
                    .with("XDG_DATA_HOME", folder.toString())
                    .run("series");
            assertServerTrouble(run, folder.toString());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "SET %s text",
                "SET %s 1234567890123456789012345678901234567890123456789012345",
                "LPUSH %s a",
                "SADD %s a"
            })
    void run_foreignValueInPlaceOfASeries_othersKeepWorkingAndItIsNotLost(String command) {
        store("GOOD");
        store("FOREIGN");
        String key = cli.key("FOREIGN:1h}");
        CliRunner.raw("DEL " + key);
        CliRunner.raw(command.formatted(key));
        String before = CliRunner.raw("TYPE " + key);

        Run scan = cli.run("scan", "FOREIGN", "1h", "--format", "csv");
        assertThat(scan.status()).isIn(0, 1);
        assertThat(scan.err()).startsWith("iftb-cache: ").hasLineCount(1);
        Run series = cli.run("series");
        assertThat(series.out()).as(series.err()).contains("GOOD");
        assertThat(cli.run("scan", "GOOD", "1h", "--format", "csv").out()).hasLineCount(2);
        assertThat(CliRunner.raw("TYPE " + key)).isEqualTo(before);
    }

    @Test
    void import_serverNotThere_isOneSentenceAndStatus1() throws IOException {
        Path file = Files.writeString(
                folder.resolve("bars.csv"), "timestamp,open,high,low,close,volume\n1678730400,1,4,0.5,2,10\n");
        String address = "127.0.0.1:" + closedPort();
        Run run = cli.run(
                "import", file.toString(), "--symbol", "BTC", "--timeframe", "1h", "--redis", "redis://" + address);
        assertServerTrouble(run, address);
    }

    private static void assertServerTrouble(Run run, String named) {
        assertThat(run.status()).as(run.err()).isEqualTo(1);
        assertThat(run.out()).isEmpty();
        assertThat(run.err())
                .startsWith("iftb-cache: ")
                .contains(named)
                .doesNotContain(CliRunner.PASSWORD)
                .doesNotContain("unexpected")
                .hasLineCount(1);
    }

    private void store(String symbol) {
        try (MarketCaches caches = cli.caches()) {
            caches.ohlcv()
                    .put(
                            SeriesKey.of(symbol, "1h"),
                            List.of(new OhlcvBar(1678730400000L, 1, 4, 0.5, 2, 10)),
                            OhlcvCache.NEVER);
        }
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
