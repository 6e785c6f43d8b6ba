package io.iftb.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Another JVM that loads one bar or one analysis: the load begins and ends when it is told so. It can be stopped meanwhile, as by
 * a debugger or a machine that is out of memory.
 */
final class HeldLoadJvm implements AutoCloseable {

    static final SeriesKey SERIES = SeriesKey.of("HELDUSDT", "1h");
    static final AnalysisKey ANALYSIS = new AnalysisKey("held", "abc");
    static final long HOUR = 3_600_000;
    static final long NOON = 1_700_049_600_000L;

    private final Process jvm;
    private final BufferedReader output;

    HeldLoadJvm(String address) throws IOException {
        jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        HeldLoadJvm.class.getName(),
                        address)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = jvm.inputReader(UTF_8);
        require("ready");
    }

    /** A bar that tells who has loaded it. */
    static OhlcvBar bar(double close) {
        return new OhlcvBar(NOON - HOUR, 1, 100, 1, close, 1);
    }

    /** The bar of a cache, which it fetches with a close of its own. */
    static CompletableFuture<BarSeries> read(OhlcvCache candles) {
        return candles.rangeAsync(SERIES, NOON - HOUR, NOON, 10).toCompletableFuture();
    }

    /** Pages of a source that has one bar; its clock stands still. */
    static FetchOptions options() {
        return FetchOptions.of("held").withClock(() -> Instant.ofEpochMilli(NOON + HOUR / 2));
    }

    /** What the child runs: it obeys {@code candles}, {@code analysis} and {@code answer}, and ends with its input. */
    public static void main(String[] arguments) throws IOException {
        CompletableFuture<Boolean> answered = new CompletableFuture<>();
        MarketCaches caches = MarketCaches.open(arguments[0]);
        OhlcvCache candles = caches.ohlcv()
                .withSource(
                        (series, from, to, limit) -> {
                            say("loads");
                            return answered.thenApply(done -> List.of(bar(1)));
                        },
                        options());
        say("ready");
        BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, UTF_8));
        for (String order = orders.readLine(); order != null; order = orders.readLine()) {
            switch (order) {
                case "candles" -> {
                    var unused = read(candles).whenComplete(HeldLoadJvm::ended);
                }
                case "analysis" -> {
                    var unused = caches.llm()
                            .computeIfAbsentAsync(ANALYSIS, () -> {
                                say("loads");
                                return answered.thenApply(done -> new Analysis("1"));
                            })
                            .whenComplete(HeldLoadJvm::ended);
                }
                default -> answered.complete(true);
            }
        }
        System.exit(0);
    }

    private static void ended(Object result, Throwable error) {
        Object first = result instanceof BarSeries bars ? bars.close(0) : result;
        say("ended " + System.nanoTime() + " " + (error == null ? first : error));
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    /** Begins to load; returns once its code runs. */
    void load(String what) throws IOException {
        tell(what);
        require("loads");
    }

    /** Lets its load end. */
    void answer() throws IOException {
        tell("answer");
    }

    /** What its read ended with, after the time. */
    String[] awaitEnd() throws IOException {
        String[] words = next().split(" ", 3);
        if (!words[0].equals("ended")) {
            throw new IOException(String.join(" ", words));
        }
        return words;
    }

    private void tell(String order) throws IOException {
        jvm.getOutputStream().write((order + "\n").getBytes(UTF_8));
        jvm.getOutputStream().flush();
    }

    private void require(String wanted) throws IOException {
        String line = next();
        if (!line.equals(wanted)) {
            throw new IOException(line);
        }
    }

    private String next() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the other JVM has ended");
        }
        return line;
    }

    /** Stops all of its threads; connections stay open. */
    void stop() throws Exception {
        signal("STOP");
    }

    /** It goes on where it was stopped. */
    void goOn() throws Exception {
        signal("CONT");
    }

    private void signal(String name) throws Exception {
        new ProcessBuilder("kill", "-" + name, Long.toString(jvm.pid())).start().waitFor();
    }

    @Override
    public void close() throws IOException {
        jvm.destroyForcibly().onExit().join(); // also if it is stopped
        output.close();
    }
}
