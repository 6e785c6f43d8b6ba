package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * A program that lets bots in several JVMs trade through simulated time, and says what the exchange and the bots counted. By
 * default they have no cache; the argument {@code feed=} names the class of another {@link CandleFeed}, and the system
 * properties {@code iftb.*} of this program are those of its JVMs, too.
 */
final class NaiveBots {

    private static final long MIDNIGHT = Instant.parse("2024-03-01T00:00:01Z").toEpochMilli();

    private NaiveBots() {}

    /**
     * What came of it.
     *
     * @param exchange what the exchange counted
     * @param bots what the bots counted
     */
    record Outcome(ExchangeStats exchange, BotCounts bots) {

        String table(BotOptions options, Duration took) {
            return String.format(
                    Locale.ROOT,
                    """
                    %d JVMs, %d bots each, %d series each, %d steps of %s, feed %s (%d s)
                    exchange: %,d requests, %,d refused (429), %,d refused by a ban (418), %,d bans, %,d MB
                    exchange: %,d closed bars sent, %,d different ones, one of them %,d times
                    bots:     %,d reads, %,d refused, %,d failed, %,d skipped, %,d wrong
                    """,
                    options.jvms(),
                    options.bots(),
                    options.series(),
                    options.steps(),
                    options.step(),
                    options.feed(),
                    took.toSeconds(),
                    exchange.requests(),
                    exchange.refused(),
                    exchange.refusedByBan(),
                    exchange.bans(),
                    exchange.bytes() / 1_000_000,
                    exchange.closedBars(),
                    exchange.differentClosedBars(),
                    exchange.mostOftenSent(),
                    bots.reads(),
                    bots.refused(),
                    bots.failed(),
                    bots.skipped(),
                    bots.wrong());
        }
    }

    /**
     * Runs the bots, and prints what came of it.
     *
     * @param arguments see {@link BotOptions}, such as {@code steps=60 step=PT10S}
     */
    public static void main(String[] arguments) throws IOException, InterruptedException {
        BotOptions options = BotOptions.parse(arguments);
        long began = System.nanoTime();
        Outcome outcome = run(options);
        System.out.print(outcome.table(options, Duration.ofNanos(System.nanoTime() - began)));
    }

    static Outcome run(BotOptions options) throws IOException, InterruptedException {
        ExchangeOptions limits = ExchangeOptions.defaults()
                .seed(options.seed())
                .time(MIDNIGHT)
                .limit(Integer.MAX_VALUE, options.weight())
                .weightOfRequest(options.requestWeight())
                .turns(options.jvms(), options.step());
        List<Process> jvms = new ArrayList<>();
        try (TestExchange exchange = TestExchange.start(limits)) {
            for (int i = 0; i < options.jvms(); i++) {
                jvms.add(start(exchange, i, options));
            }
            BotCounts counts = BotCounts.NONE;
            for (Process jvm : jvms) {
                counts = counts.plus(result(jvm));
            }
            return new Outcome(exchange.stats(), counts);
        } finally {
            jvms.forEach(Process::destroyForcibly);
        }
    }

    private static Process start(TestExchange exchange, int number, BotOptions options) throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-Xmx256m", "-XX:+UseSerialGC", "-cp", System.getProperty("java.class.path")));
        System.getProperties().stringPropertyNames().stream()
                .filter(name -> name.startsWith("iftb."))
                .forEach(name -> command.add("-D" + name + "=" + System.getProperty(name)));
        command.addAll(List.of(BotJvm.class.getName(), exchange.uri().toString(), Integer.toString(number)));
        command.addAll(options.arguments());
        return new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
    }

    private static BotCounts result(Process jvm) throws IOException, InterruptedException {
        BufferedReader output = jvm.inputReader(UTF_8);
        String line = output.readLine();
        while (line != null && !BotCounts.isLine(line)) {
            System.err.println(line); // what a feed or an option of the JVM prints
            line = output.readLine();
        }
        if (line == null) {
            throw new IOException("a JVM of bots ended with " + jvm.waitFor() + " and no result; see its error output");
        }
        return BotCounts.parse(line);
    }
}
