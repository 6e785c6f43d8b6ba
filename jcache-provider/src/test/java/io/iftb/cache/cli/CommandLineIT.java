package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.Writer;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the packaged jar as users do, on the server that it starts, in a data folder that is kept between runs. */
@Execution(ExecutionMode.CONCURRENT) // each test has a folder and a server of its own
class CommandLineIT {

    private static final Path JAR = Path.of("target", "iftb-cache.jar").toAbsolutePath();
    private static final String HEADER = "timestamp,open,high,low,close,volume\n";
    private static final String LINES =
            "1678730400000,1.0,4.0,0.5,2.0,0.00009417\n1678734000000,2.0,5.25,1.5,3.0,20018500.0\n";

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private static Path common;

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    /** Writes down which classes a start loads, as the launcher does: later starts need less time. */
    @BeforeAll
    static void archiveClasses() throws Exception {
        assertThat(JAR).as("packaged before the integration tests").isRegularFile();
        Path file = Files.writeString(common.resolve("BTC-1h.csv"), HEADER + LINES);
        Run first = run(java(common, "-XX:ArchiveClassesAtExit=" + archive(), "import", file.toString()));
        assertThat(first.status()).as(first.err()).isEqualTo(0);
        assertThat(archive()).isRegularFile();
    }

    private static Path archive() {
        return common.resolve("classes.jsa");
    }

    private record Run(int status, String out, String err) {}

    @Test
    void importThenScan_anotherProcess_givesTheSameLines() throws Exception {
        Path file = Files.writeString(folder.resolve("bars.csv"), HEADER + LINES);
        Run stored = run("import", file.toString(), "--symbol", "BTC/USDT", "--timeframe", "1h");
        assertThat(stored.err()).isEmpty();
        assertThat(stored.out()).startsWith("2 bars of BTC/USDT 1h stored");
        Run scanned = run("scan", "BTC/USDT", "1h", "--format", "csv");
        assertThat(scanned.err()).isEmpty();
        assertThat(oldestFirst(scanned.out())).isEqualTo(HEADER + LINES);
        assertThat(run("series").out()).contains("BTC/USDT").contains("never ends");
        assertThat(folder.resolve("xdg").resolve("iftb-cache")).isDirectory();
    }

    @Tag("thorough")
    @ParameterizedTest
    @MethodSource("io.iftb.cache.cli.CandleCsv#all")
    void importThenScan_candles_areTheSameBitForBit(CandleCsv candles) throws Exception {
        Path file = Files.writeString(folder.resolve("candles.csv"), candles.text());
        String timeframe = candles.timeframe();
        Run stored = run("import", file.toString(), "--symbol", "X", "--timeframe", timeframe);
        assertThat(stored.status()).as(stored.err()).isEqualTo(0);
        String csv = run("scan", "X", timeframe, "--format", "csv", "--limit", "1000000")
                .out();
        Path copy = Files.writeString(folder.resolve("copy.csv"), csv);
        assertThat(bars(copy)).isEqualTo(bars(file));
    }

    @Test
    void run_partlyRefusedInput_endsWith3() throws Exception {
        Path file = Files.writeString(folder.resolve("bars.csv"), HEADER + LINES + "rubbish\n");
        Run run = run("import", file.toString(), "--symbol", "BTC", "--timeframe", "1h");
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).startsWith("2 bars");
        assertThat(run.err()).contains("bars.csv:4: it has 1 field instead of 6");
    }

    @ParameterizedTest
    @CsvSource({
        "2, scna",
        "2, scan BTC 1h --limit 0",
        "2, import none.csv --symbol BTC --timeframe 1h",
        "2, clear --cache ticker",
        "1, clear --cache foo --yes",
        "1, scan BTC 1h",
        "1, series --redis embedded:/proc/x",
        "1, series --redis redis://bob:swordfish42@127.0.0.1:1",
    })
    void run_somethingWrong_isOneSentenceAndItsStatus(int status, String line) throws Exception {
        Run run = run(line.split(" "));
        assertThat(run.status()).isEqualTo(status);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).startsWith("iftb-cache: ").hasLineCount(1).doesNotContain("swordfish42");
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void import_endedBySignal_leavesNoTemporaryFile() throws Exception {
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        ProcessBuilder builder = process("import", "-", "--symbol", "BTC", "--timeframe", "1h");
        builder.environment().put("JDK_JAVA_OPTIONS", "-Djava.io.tmpdir=" + temporary);
        Process process = builder.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try (Writer input = process.outputWriter()) {
            input.write(HEADER);
            input.flush();
            await().until(() -> !inputsIn(temporary).isEmpty());
            process.destroy();
            assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(inputsIn(temporary)).isEmpty();
        }
    }

    private static List<Path> inputsIn(Path temporary) throws IOException {
        try (Stream<Path> files = Files.list(temporary)) {
            return files.filter(file -> file.toString().endsWith(".input")).toList();
        }
    }

    @Test
    void run_help_endsWith0() throws Exception {
        assertThat(run("--help").out()).startsWith("Usage: iftb-cache");
        assertThat(run("--version").out()).matches("iftb-cache [0-9].*\\R");
    }

    @Test
    void run_health_saysNothingButHealth() throws Exception {
        Run run = run("health");
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out()).contains("standalone");
        assertThat(run.err()).isEmpty();
    }

    @Test
    void run_readerThatGoesAway_isNoTrouble() throws Exception {
        StringBuilder lines = new StringBuilder(HEADER);
        for (int i = 0; i < 20_000; i++) {
            lines.append(1678730400L + i * 3600L)
                    .append(",1,4,0.5,2,")
                    .append(i)
                    .append('\n');
        }
        Path file = Files.writeString(folder.resolve("bars.csv"), lines);
        run("import", file.toString(), "--symbol", "BTC", "--timeframe", "1h");
        ProcessBuilder scan = process("scan", "BTC", "1h", "--format", "csv", "--limit", "20000");
        scan.environment().put("LC_ALL", "C.UTF-8");
        scan.environment().put("LANGUAGE", "fr"); // of the system's messages, where it has them
        Path err = folder.resolve("err");
        Process process = scan.redirectError(err.toFile()).start();
        assertThat(process.getInputStream().read()).isEqualTo('t');
        process.getInputStream().close();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(0);
        assertThat(err).isEmptyFile();
    }

    @Test
    void run_severalAtOnceOnTheServerThatTheyStart_waitForEachOther() throws Exception {
        Path file = Files.writeString(folder.resolve("bars.csv"), HEADER + LINES);
        List<Process> running = new ArrayList<>();
        for (String symbol : List.of("A", "B", "C")) {
            running.add(process("import", file.toString(), "--symbol", symbol, "--timeframe", "1h")
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("out-" + symbol).toFile())
                    .start());
        }
        for (Process process : running) {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
        for (String symbol : List.of("A", "B", "C")) {
            assertThat(folder.resolve("out-" + symbol)).content().contains("2 bars of " + symbol + " 1h stored");
        }
        assertThat(running).extracting(Process::exitValue).containsOnly(0);
        assertThat(run("series").out()).contains("A ", "B ", "C ");
    }

    @ParameterizedTest
    @ValueSource(strings = {"-", "/dev/stdin"})
    void run_scanPipedIntoImport_copiesTheSeries(String input) throws Exception {
        Path file = Files.writeString(folder.resolve("BTC-1h.csv"), HEADER + LINES);
        assertThat(run("import", file.toString()).status()).isEqualTo(0);
        Path err = folder.resolve("err");
        List<Process> pipe = ProcessBuilder.startPipeline(List.of(
                process("scan", "BTC", "1h", "--format", "json"),
                process("import", input, "--symbol", "COPY", "--timeframe", "1h")
                        .redirectError(err.toFile())));
        for (Process process : pipe) {
            assertThat(process.waitFor(120, TimeUnit.SECONDS)).isTrue();
        }
        assertThat(pipe)
                .extracting(Process::exitValue)
                .as(Files.readString(err))
                .containsOnly(0);
        Run copy = run("scan", "COPY", "1h", "--format", "csv");
        assertThat(oldestFirst(copy.out())).isEqualTo(HEADER + LINES);
    }

    /** A pipe has no position, unlike a file. */
    @Test
    void put_pipe_storesItsBars() throws Exception {
        Path out = folder.resolve("put-out");
        Process put = process("put", "ohlcv", "BTC", "1h", "-", "--ttl", "never")
                .redirectErrorStream(true)
                .redirectOutput(out.toFile())
                .start();
        try (Writer input = put.outputWriter()) {
            input.write("[{\"timestamp\":1678730400000,\"open\":1,\"high\":4,\"low\":0.5,\"close\":2,\"volume\":3}]");
        }
        assertThat(put.waitFor(120, TimeUnit.SECONDS)).isTrue();
        assertThat(out).content().isEqualToIgnoringNewLines("stored 1 bar of ohlcv BTC 1h");
        assertThat(put.exitValue()).isZero();
        assertThat(run("scan", "BTC", "1h", "--format", "csv").out())
                .isEqualTo(HEADER + "1678730400000,1.0,4.0,0.5,2.0,3.0\n");
    }

    /** Java decodes arguments in the encoding of the locale, and shows every other character as the same one. */
    @Test
    void run_argumentsThatCannotBeDecoded_areRefused() throws Exception {
        for (String argument : List.of("BTC\u00e9", "\u6bd4\u7279\u5e01")) {
            ProcessBuilder scan = process("scan", argument, "1h");
            scan.environment().put("LC_ALL", "C");
            Run run = run(scan);
            assertThat(run.status()).isEqualTo(2);
            assertThat(run.err())
                    .startsWith("iftb-cache: argument 2 has characters that cannot be decoded")
                    .contains("set LC_ALL=C.UTF-8")
                    .hasLineCount(1);
        }
    }

    /** The newer half comes first, so that open times have to be kept to count those that are there twice. */
    @Test
    @Tag("thorough")
    void import_manyRowsInASmallHeap_streamsThem() throws Exception {
        int rows = 1_500_000;
        Path file = folder.resolve("BTC-1m.csv");
        try (Writer lines = Files.newBufferedWriter(file)) {
            lines.write(HEADER);
            for (long i = 0; i < rows; i++) {
                long minute = (i + rows / 2) % rows;
                lines.write((1600000020000L + minute * 60_000) + ",19123.45,19125.5,19120.25,19124.75,0.12345678\n");
            }
        }
        ProcessBuilder builder = process("import", file.toString());
        builder.command().add(1, "-Xmx64m");
        Run run = run(builder);
        assertThat(run.err()).isEmpty();
        assertThat(run.out()).startsWith("1,500,000 bars of BTC 1m stored").hasLineCount(1);
    }

    @Test
    @Tag("thorough")
    void import_hugeFileWithoutALineEnd_isOneSentence() throws Exception {
        Path file = folder.resolve("BTC-1m.csv");
        Files.writeString(file, HEADER + LINES);
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.write(ByteBuffer.wrap(new byte[] {'x'}), 1L << 30); // a hole on the disk
        }
        ProcessBuilder builder = process("import", file.toString());
        builder.command().add(1, "-Xmx64m");
        Run run = run(builder);
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).startsWith("2 bars of BTC 1m stored");
        assertThat(run.err()).contains(":4: it is longer than 65,536 characters");
    }

    @Test
    void run_fullDisk_isSaid() throws Exception {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "no /dev/full here");
        Path err = folder.resolve("err");
        Process process = process("--help")
                .redirectOutput(full.toFile())
                .redirectError(err.toFile())
                .start();
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(1);
        assertThat(err)
                .content()
                .startsWith("iftb-cache: standard output cannot be written")
                .hasLineCount(1);
    }

    @Test
    void demo_generatedYear_showsEachStep() throws Exception {
        Run run = run("demo");
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isEqualTo(0);
        assertThat(run.out())
                .contains("8,760 bars of BTCUSDT 1h")
                .contains("ohlcv 4 hits 1 miss, ticker 3 hits 1 miss, llm 1 hit 1 miss")
                .contains("bytes a bar")
                .contains("latest(100)  p50");
        assertThat(folder.resolve("xdg")).as("the demo keeps nothing").doesNotExist();
    }

    @Test
    void demo_csvWithABadLine_takesTheRest() throws Exception {
        Path file = Files.writeString(folder.resolve("ETH-USD-1h.csv"), HEADER + LINES + "rubbish\n");
        Run run = run("demo", "--csv", file.toString());
        assertThat(run.status()).isEqualTo(3);
        assertThat(run.out()).contains("2 bars of ETH-USD 1h");
        assertThat(run.err()).contains("1 line of 3 refused").hasLineCount(1);
    }

    private Run run(String... arguments) throws IOException, InterruptedException {
        return run(process(arguments));
    }

    private static Run run(ProcessBuilder builder) throws IOException, InterruptedException {
        Path folder = builder.directory().toPath();
        File out = folder.resolve("out").toFile();
        File err = folder.resolve("err").toFile();
        Process process = builder.redirectOutput(out).redirectError(err).start();
        assertThat(process.waitFor(300, TimeUnit.SECONDS)).isTrue();
        return new Run(process.exitValue(), Files.readString(out.toPath()), Files.readString(err.toPath()));
    }

    private ProcessBuilder process(String... arguments) {
        return java(folder, "-XX:SharedArchiveFile=" + archive(), arguments);
    }

    private static ProcessBuilder java(Path folder, String sharing, String... arguments) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Xlog:disable", // else the JVM names each class that cannot be archived
                sharing,
                "-jar",
                JAR.toString()));
        command.addAll(Arrays.asList(arguments));
        ProcessBuilder builder = new ProcessBuilder(command).directory(folder.toFile());
        builder.environment()
                .keySet()
                .removeIf(name -> name.startsWith("IFTB_CACHE_") && !name.equals("IFTB_CACHE_EMBEDDED_SERVER"));
        builder.environment().put("XDG_DATA_HOME", folder.resolve("xdg").toString());
        return builder;
    }

    private static String oldestFirst(String csv) {
        List<String> lines = new ArrayList<>(csv.lines().toList());
        List<String> bars = lines.subList(1, lines.size());
        Collections.reverse(bars);
        return String.join("\n", lines) + "\n";
    }

    private static BarSeries bars(Path file) {
        List<OhlcvBar> bars = new ArrayList<>();
        ImportSource source = ImportSource.open(file, InputStream.nullInputStream());
        BarFile.open(source, Timeframe.parse("1h"), BarFile.Told.NOTHING).visit(new BarFile.Visitor() {
            @Override
            public void bar(long lineNumber, OhlcvBar bar) {
                bars.add(bar);
            }

            @Override
            public void refused(long lineNumber, String reason) {
                throw new AssertionError(file + ":" + lineNumber + ": " + reason);
            }

            @Override
            public void withoutPrices(long lineNumber) {
                throw new AssertionError(file + ":" + lineNumber);
            }
        });
        return BarSeries.of(bars);
    }
}
