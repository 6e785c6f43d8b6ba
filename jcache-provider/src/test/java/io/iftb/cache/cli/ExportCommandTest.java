package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.cli.CliRunner.Run;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExportCommandTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1m");
    private static final long START = 1_600_000_020_000L;

    private final CliRunner cli = new CliRunner();

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Bars with gaps, and numbers of all sizes. */
    private static BarSeries bars(int count, long start) {
        Random random = new Random(count);
        BarSeriesBuilder bars = new BarSeriesBuilder(count);
        long time = start;
        for (int i = 0; i < count; i++) {
            time += 60_000L * (random.nextInt(50) == 0 ? 1 + random.nextInt(5_000) : 1);
            double low = Math.exp(random.nextGaussian() * 8);
            bars.add(time, low * 1.25, low * (1 + random.nextDouble()), low, low * 1.125, random.nextInt(7) / 3.0);
        }
        return bars.build();
    }

    private void put(SeriesKey series, BarSeries bars) {
        try (MarketCaches caches = cli.caches()) {
            caches.ohlcv().put(series, bars, OhlcvCache.NEVER);
        }
    }

    /** A walk over all of a series. */
    private static BarWalk walk(MarketCaches caches) {
        return new BarWalk(
                caches.ohlcv(),
                BTC,
                Objects.requireNonNull(caches.maintenance().describe(BTC)),
                Long.MIN_VALUE,
                Long.MAX_VALUE);
    }

    private String path(String name) {
        return folder.resolve(name).toString();
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile)
                    .map(folder::relativize)
                    .sorted()
                    .toList();
        }
    }

    @Test
    void export_csv_isImportedBitForBit() {
        BarSeries bars = bars(40_000, START);
        put(BTC, bars);
        Run run = cli.run("export", "BTCUSDT", "1m", "-o", path("BTCUSDT-1m.csv"));
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("40,000 bars written to ").contains("BTCUSDT-1m.csv");
        CliRunner other = new CliRunner();
        assertThat(other.run("import", path("BTCUSDT-1m.csv")).status()).isZero();
        try (MarketCaches caches = other.caches()) {
            assertThat(caches.ohlcv().latest(BTC, 100_000)).isEqualTo(bars);
        }
    }

    /** Numbers of milliseconds would be misread as seconds. */
    @Test
    void export_barsBefore1973_areImportedBitForBit() {
        BarSeries bars = bars(100, -5_000_000_000L);
        put(BTC, bars);
        cli.run("export", "BTCUSDT", "1m", "-o", path("BTCUSDT-1m.csv"));
        CliRunner other = new CliRunner();
        other.run("import", path("BTCUSDT-1m.csv"));
        try (MarketCaches caches = other.caches()) {
            assertThat(caches.ohlcv().latest(BTC, 1_000)).isEqualTo(bars);
        }
    }

    @Test
    void export_jsonLines_areOldestFirstAndOfTheRange() {
        put(BTC, bars(100, START));
        BarSeries bars = bars(100, START);
        Run run = cli.run(
                "export",
                "BTCUSDT",
                "1m",
                "--format",
                "jsonl",
                "--from",
                Long.toString(bars.openTime(3)),
                "--to",
                Long.toString(bars.openTime(5)));
        assertThat(run.out().lines()).hasSize(2);
        JsonNode first = Json.read(run.out().lines().findFirst().orElseThrow());
        assertThat(first.path("timestamp").asLong()).isEqualTo(bars.openTime(3));
        assertThat(first.path("close").asDouble()).isEqualTo(bars.close(3));
        Run none = cli.run("export", "BTCUSDT", "1m", "--to", "2001-01-01");
        assertThat(none.out()).isEqualTo("timestamp,open,high,low,close,volume\n");
        assertThat(none.status()).isZero();
    }

    @Test
    void export_columns_areNumPyArrays() throws IOException {
        BarSeries bars = bars(20_000, START);
        put(BTC, bars);
        Run run = cli.run("export", "BTCUSDT", "1m", "--format", "columns", "-o", path("btc"), "--json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(Json.read(run.out()).path("files").get(0).path("bars").asLong())
                .isEqualTo(20_000);
        assertThat(files())
                .extracting(Path::toString)
                .containsExactly(
                        "btc/close.npy",
                        "btc/high.npy",
                        "btc/low.npy",
                        "btc/open.npy",
                        "btc/schema.json",
                        "btc/timestamp.npy",
                        "btc/volume.npy");
        ByteBuffer times = array("timestamp", "<i8", 20_000);
        ByteBuffer closes = array("close", "<f8", 20_000);
        for (int i = 0; i < bars.size(); i++) {
            assertThat(times.getLong()).isEqualTo(bars.openTime(i));
            assertThat(closes.getDouble()).isEqualTo(bars.close(i));
        }
        JsonNode schema = Json.read(Files.readString(folder.resolve("btc/schema.json")));
        assertThat(schema.path("rows").asLong()).isEqualTo(20_000);
        assertThat(schema.path("columns")).hasSize(6);
        assertThat(schema.path("columns").get(0).toString())
                .isEqualTo("{\"name\":\"timestamp\",\"file\":\"timestamp.npy\",\"dtype\":\"<i8\",\"unit\":"
                        + "\"milliseconds since 1970-01-01T00:00Z, when the bar opens\"}");
    }

    /** The values of a NumPy array, behind a head as the description of the format has it. */
    private ByteBuffer array(String column, String type, int rows) throws IOException {
        ByteBuffer file = ByteBuffer.wrap(Files.readAllBytes(folder.resolve("btc/" + column + ".npy")))
                .order(ByteOrder.LITTLE_ENDIAN);
        byte[] magic = new byte[8];
        file.get(magic);
        assertThat(magic).containsExactly(0x93, 'N', 'U', 'M', 'P', 'Y', 1, 0);
        byte[] head = new byte[file.getShort()];
        file.get(head);
        assertThat(file.position() % 64).isZero();
        assertThat(new String(head, StandardCharsets.US_ASCII))
                .startsWith("{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + rows + ",), }")
                .endsWith(" \n");
        assertThat(file.remaining()).isEqualTo(rows * 8);
        return file;
    }

    @Test
    void export_all_writesEachSeriesAndAnySymbolComesBack() throws IOException {
        SeriesKey pair = SeriesKey.of("BTC/USDT:USDT_Ä", "4h");
        put(BTC, bars(10, START));
        put(pair, bars(20, START));
        Run run = cli.run("export", "--all", "-o", path("backup"), "--json");
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(files())
                .extracting(Path::toString)
                .containsExactly("backup/BTC%2FUSDT%3AUSDT%5F%C3%84-4h.csv", "backup/BTCUSDT-1m.csv");
        Files.delete(folder.resolve("backup/BTCUSDT-1m.csv"));
        assertThat(cli.run("export", "--all", "-o", path("backup")).status())
                .as("one is there")
                .isEqualTo(2);
        assertThat(files()).as("nothing was written").hasSize(1);
        CliRunner other = new CliRunner();
        other.run("import", path("backup/BTC%2FUSDT%3AUSDT%5F%C3%84-4h.csv"));
        try (MarketCaches caches = other.caches()) {
            assertThat(caches.ohlcv().latest(pair, 100)).isEqualTo(bars(20, START));
        }
    }

    /** On macOS and Windows, files whose names differ by case only are one file. */
    @Test
    void export_all_seriesThatDifferByCase_haveFilesWhoseNamesDifferOtherwise() throws IOException {
        List<SeriesKey> all = List.of(
                SeriesKey.of("BTC", "1m"),
                SeriesKey.of("BTC", "1M"),
                SeriesKey.of("btc", "1m"),
                SeriesKey.of("bTC", "1m"),
                SeriesKey.of("eth", "1m"));
        for (SeriesKey series : all) {
            put(series, bars(10 + all.indexOf(series), START));
        }
        assertThat(cli.run("export", "--all", "-o", path("backup")).status()).isZero();
        assertThat(files())
                .extracting(file -> file.getFileName().toString())
                .containsExactlyInAnyOrder(
                        "BTC-1m.csv", "BTC-1mo.csv", "%62%74%63-1m.csv", "%62TC-1m.csv", "eth-1m.csv");
        CliRunner other = new CliRunner();
        for (Path file : files()) {
            assertThat(other.run("import", path(file.toString())).status()).isZero();
        }
        try (MarketCaches caches = other.caches()) {
            assertThat(all)
                    .allSatisfy(series -> assertThat(caches.ohlcv().latest(series, 100))
                            .isEqualTo(bars(10 + all.indexOf(series), START)));
        }
    }

    @Test
    void export_toAFileThatIsThere_isRefusedWithoutForce() throws IOException {
        put(BTC, bars(10, START));
        Path file = Files.writeString(folder.resolve("x.csv"), "mine");
        Run run = cli.run("export", "BTCUSDT", "1m", "-o", file.toString());
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err())
                .contains("is there already; name another place, or add --force")
                .hasLineCount(1);
        assertThat(file).hasContent("mine");
        assertThat(cli.run("export", "BTCUSDT", "1m", "-o", file.toString(), "--force")
                        .status())
                .isZero();
        assertThat(Files.readString(file)).startsWith("timestamp,");
        assertThat(cli.run("export", "BTCUSDT", "1m", "-o", folder.toString(), "--force")
                        .err())
                .contains("it is a folder, name a file");
        Files.writeString(folder.resolve("low.npy"), "mine");
        assertThat(cli.run("export", "BTCUSDT", "1m", "--format", "columns", "-o", folder.toString())
                        .status())
                .isEqualTo(2);
        assertThat(files()).hasSize(2);
    }

    @ParameterizedTest
    @CsvSource({"true, pages of it are damaged", "false, the server evicted bars of it"})
    void export_partIsLost_saysSoAndKeepsTheFormerFile(boolean isDamaged, String why) throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start();
                RespConnection raw = RespConnection.tcp(server.port())) {
            cli.with("IFTB_CACHE_REDIS_URI", server.uri()).with("IFTB_CACHE_NAMESPACE", "");
            try (MarketCaches caches = MarketCaches.open(server.uri())) {
                caches.ohlcv().put(BTC, bars(20_000, START), OhlcvCache.NEVER);
            }
            Path file = folder.resolve("x.csv");
            assertThat(cli.run("export", "BTCUSDT", "1m", "-o", file.toString()).status())
                    .isZero();
            String whole = Files.readString(file);
            // all of them, the oldest too: what is there begins behind it
            for (String page : raw.list("KEYS", "ohlcv:{BTCUSDT:1m}:[1-9]*")) {
                if (isDamaged) {
                    raw.call("SETRANGE", page, "0", "damaged");
                } else {
                    raw.call("DEL", page);
                }
            }

            Run again = cli.run("export", "BTCUSDT", "1m", "-o", file.toString(), "--force");
            assertThat(again.status()).isEqualTo(3);
            assertThat(again.err())
                    .contains("BTCUSDT:1m is not whole: " + why)
                    .contains("x.csv' stays as it was")
                    .hasLineCount(1);
            assertThat(file).hasContent(whole);

            Run other = cli.run("export", "BTCUSDT", "1m", "-o", path("y.csv"));
            assertThat(other.status()).isEqualTo(3);
            assertThat(other.err()).contains("what is lost is not exported");
            assertThat(Files.readString(folder.resolve("y.csv")).length()).isLessThan(whole.length());
            assertThat(files()).hasSize(2);
        }
    }

    @Test
    void export_all_symbolTooLongForAFile_isNamedAndTheOthersAreWritten() throws IOException {
        put(new SeriesKey("永".repeat(40), BTC.timeframe()), bars(2, START));
        put(BTC, bars(2, START));
        Run run = cli.run("export", "--all", "-o", folder.toString());
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err()).contains("export it by itself with -o").hasLineCount(1);
        assertThat(files()).hasSize(1);
    }

    @Test
    void export_serverGoesAway_leavesNoFile() throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            try (MarketCaches caches = MarketCaches.open(server.uri())) {
                caches.ohlcv().put(BTC, bars(100_000, START), OhlcvCache.NEVER);
            }
            SlowProxy proxy = new SlowProxy(server.port(), 0);
            cli.with("IFTB_CACHE_REDIS_URI", proxy.uri()).with("IFTB_CACHE_NAMESPACE", "");
            try (MarketCaches caches = MarketCaches.open(proxy.uri())) {
                BarWalk walk = walk(caches);
                try (NewFile file = NewFile.create(folder.resolve("part.csv"));
                        BarSink sink = BarLines.csv(OutputStream.nullOutputStream(), file, new long[] {START, START})) {
                    sink.add(walk.next());
                    assertThat(files()).hasSize(1);
                }
            }
            proxy.close();
            assertThat(cli.run("export", "BTCUSDT", "1m", "-o", path("x.csv")).status())
                    .isEqualTo(1);
        }
        assertThat(files()).isEmpty();
    }

    /** Bars that lie much closer than on average come in pieces of bounded size too. */
    @Test
    void walk_uneven_givesAllInOrder() {
        BarSeriesBuilder uneven = new BarSeriesBuilder(80_000);
        uneven.add(0, 1, 1, 1, 1, 1);
        for (int i = 0; i < 80_000; i++) {
            uneven.add(START + i, 1, 1, 1, 1, i);
        }
        uneven.add(START * 10, 1, 1, 1, 1, 1);
        BarSeries bars = uneven.build();
        put(BTC, bars);
        BarSeriesBuilder found = new BarSeriesBuilder(bars.size());
        try (MarketCaches caches = cli.caches()) {
            BarWalk walk = walk(caches);
            while (walk.hasNext()) {
                BarSeries some = walk.next();
                assertThat(some.size()).isLessThanOrEqualTo(32_768);
                found.addAll(some);
            }
        }
        assertThat(found.build()).isEqualTo(bars);
    }

    @Test
    @Timeout(60)
    void walk_manyOlderBarsArePutMeanwhile_ends() {
        BarSeries bars = bars(2, START);
        put(BTC, bars);
        try (MarketCaches caches = cli.caches()) {
            BarWalk walk = walk(caches);
            put(BTC, bars(40_000, 0));

            assertThat(walk.next()).isEqualTo(bars);
            assertThat(walk.hasNext()).isFalse();
        }
    }

    @Test
    void export_cache_writesEntriesAndNamesWhatCannotBeRead() throws IOException {
        try (MarketCaches caches = cli.caches()) {
            caches.market().putTicker("BTC", new Ticker(1, 2, 1.5, 100, 3, 1, 0.5, 0));
            caches.llm().put(new AnalysisKey("mood", "abc"), new Analysis("{\"good\":true}"));
        }
        Run ticker = cli.run("export", "--cache", "ticker");
        assertThat(ticker.out())
                .isEqualTo(
                        "{\"key\":\"BTC\",\"value\":{\"bid\":1.0,\"ask\":2.0,\"last\":1.5,\"volume\":100.0,\"high\":3.0,"
                                + "\"low\":1.0,\"change\":0.5,\"time\":0}}\n");
        Run llm = cli.run("export", "--cache", "llm", "-o", path("llm.jsonl"), "--json");
        assertThat(Json.read(llm.out()).path("files").get(0).path("entries").asLong())
                .isEqualTo(1);
        assertThat(folder.resolve("llm.jsonl"))
                .hasContent("{\"key\":{\"type\":\"mood\",\"inputHash\":\"abc\"},\"value\":{\"good\":true}}");
        CliRunner.raw("SET " + cli.namespace() + ":ticker:ETH broken");
        Run broken = cli.run("export", "--cache", "ticker");
        assertThat(broken.status()).isEqualTo(3);
        assertThat(broken.out()).hasLineCount(1);
        assertThat(broken.err()).startsWith("ETH: ");
    }

    /** A value whose class cannot tell its text. */
    static final class Mute {

        @Override
        public String toString() {
            throw new IllegalStateException("mute");
        }
    }

    @Test
    void export_cache_valuesThatCannotBeShown_areNamedAndTheOthersAreWritten() {
        try (MarketCaches caches = cli.caches()) {
            CacheBackend<String, Object> notes = caches.backend("notes", String.class, Object.class);
            Map<String, Object> values =
                    Map.of("good", 1, "mute", new Mute(), "long", new BigDecimal(BigInteger.ONE, 10_001));
            values.forEach((key, value) -> notes.exact()
                    .put(key, notes.codec().encode(value), notes.lifetimes(), Condition.ANY)
                    .join());
        }
        cli.with("IFTB_CACHE_CACHES_NOTES_TRUSTED", Mute.class.getName());
        Run run = cli.run("export", "--cache", "notes", "-o", path("notes.jsonl"));
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.err().lines())
                .hasSize(2)
                .anySatisfy(line -> assertThat(line)
                        .startsWith("mute: it cannot be shown: ")
                        .endsWith("mute"))
                .anySatisfy(line -> assertThat(line)
                        .startsWith("long: it cannot be shown: ")
                        .contains("10001"));
        assertThat(folder.resolve("notes.jsonl")).hasContent("{\"key\":\"good\",\"value\":1}");
    }

    @Test
    void export_wrongUsage_saysWhatToWrite() {
        assertThat(cli.run("export").err()).contains("write SYMBOL TF, or --all, or --cache NAME");
        assertThat(cli.run("export", "BTC").status()).isEqualTo(2);
        assertThat(cli.run("export", "BTC", "1h", "--all", "-o", "x").status()).isEqualTo(2);
        assertThat(cli.run("export", "--all").err()).contains("--all does not go with standard output");
        assertThat(cli.run("export", "BTC", "1h", "--json").err()).contains("--json does not go with standard output");
        assertThat(cli.run("export", "--cache", "ohlcv").err()).contains("write --all for bars");
        assertThat(cli.run("export", "--cache", "ticker", "--format", "csv").err())
                .contains("entries are jsonl");
        assertThat(cli.run("export", "BTC", "1h", "--format", "xml").err())
                .contains("write one of csv, jsonl, columns");
        Run none = cli.run("export", "NONE", "1h", "-o", path("x.csv"));
        assertThat(none.status()).isEqualTo(1);
        assertThat(none.err()).contains("no bars are stored for NONE 1h");
    }

    /** The server goes away while a file is written. */
    @ParameterizedTest
    @ValueSource(strings = {"csv", "jsonl", "columns"})
    void export_serverGoesAwayInTheMiddle_leavesNothing(String format) throws IOException {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            try (MarketCaches caches = MarketCaches.open(server.uri())) {
                caches.ohlcv().put(BTC, bars(100_000, START), OhlcvCache.NEVER);
            }
            AtomicInteger requests = new AtomicInteger();
            AtomicReference<SlowProxy> cut = new AtomicReference<>();
            try (SlowProxy proxy = new SlowProxy(server.port(), request -> {
                if (hasFiles() && requests.incrementAndGet() == 3) {
                    close(Objects.requireNonNull(cut.get()));
                }
            })) {
                cut.set(proxy);
                cli.with("IFTB_CACHE_REDIS_URI", proxy.uri())
                        .with("IFTB_CACHE_REDIS_OPERATION_TIMEOUT", "1s")
                        .with("IFTB_CACHE_NAMESPACE", "");
                Run run = cli.run("export", "BTCUSDT", "1m", "--format", format, "-o", path("x"));
                assertThat(run.status()).isEqualTo(1);
                assertThat(run.err()).startsWith("iftb-cache: ").hasLineCount(1);
                assertThat(run.out()).isEmpty();
            }
            assertThat(requests).as("it was in the middle").hasValueGreaterThanOrEqualTo(3);
        }
        assertThat(files()).isEmpty();
    }

    private boolean hasFiles() {
        try {
            return !files().isEmpty();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void close(SlowProxy proxy) {
        try {
            proxy.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What lies beside the file is not ours: neither a file of such a name, nor what a link leads to. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void export_besideOtherFiles_leavesThemAlone() throws IOException {
        put(BTC, bars(10, START));
        Path other = Files.writeString(folder.resolve("x.csv.part"), "theirs");
        Path secret = Files.writeString(folder.resolve("secret"), "theirs");
        Files.createSymbolicLink(folder.resolve("y.csv.part"), secret);
        assertThat(cli.run("export", "BTCUSDT", "1m", "-o", path("x.csv")).status())
                .isZero();
        assertThat(cli.run("export", "BTCUSDT", "1m", "-o", path("y.csv")).status())
                .isZero();
        assertThat(other).hasContent("theirs");
        assertThat(secret).hasContent("theirs");
        assertThat(folder.resolve("y.csv")).isRegularFile();
        assertThat(Files.isSymbolicLink(folder.resolve("y.csv"))).isFalse();
        Path link = Files.createSymbolicLink(folder.resolve("link"), Files.createDirectory(folder.resolve("real")));
        assertThat(cli.run(
                                "export",
                                "BTCUSDT",
                                "1m",
                                "-o",
                                link.resolve("z.csv").toString())
                        .status())
                .as("into a folder behind a link")
                .isZero();
    }

    /** It would become a file. */
    @Test
    @DisabledOnOs(OS.WINDOWS)
    void export_toADevice_isRefusedEvenWithForce() throws Exception {
        put(BTC, bars(10, START));
        Path pipe = folder.resolve("pipe");
        assertThat(new ProcessBuilder("mkfifo", pipe.toString()).start().waitFor())
                .isZero();
        Run run = cli.run("export", "BTCUSDT", "1m", "-o", pipe.toString(), "--force");
        assertThat(run.status()).isEqualTo(2);
        assertThat(run.err()).contains("it is a device or a pipe; name a file, or leave -o out");
        assertThat(Files.isRegularFile(pipe)).isFalse();
    }

    /** Symbols are text of anybody. */
    @Test
    void export_all_staysInItsFolderWhateverTheSymbols() throws IOException {
        for (String symbol : List.of("../../x", "/etc/x", "a\\b", "..", "~", "CON", "x\0y", "-o", "a\nb")) {
            put(new SeriesKey(symbol, BTC.timeframe()), bars(2, START));
        }
        Run run = cli.run("export", "--all", "-o", path("backup"));
        assertThat(run.status()).as(run.err()).isZero();
        assertThat(files()).hasSize(9).allSatisfy(file -> {
            assertThat(file.getNameCount()).isEqualTo(2);
            assertThat(file.getFileName().toString()).matches("[A-Za-z0-9%][A-Za-z0-9%.-]*-1m\\.csv");
        });
    }
}
