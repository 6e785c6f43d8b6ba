package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * A program that lets bots in several JVMs trade through simulated time, and says what the exchange and the bots counted. By
 * default they have no cache; the argument {@code feed=} names the class of another {@link CandleFeed}, and the system
 * properties {@code iftb.*} of this program are those of its JVMs, too.
 */
final class NaiveBots {

    /** When they begin. */
    static final long MIDNIGHT = Instant.parse("2024-03-01T00:00:01Z").toEpochMilli();

    private NaiveBots() {}

    /**
     * What came of it.
     *
     * @param exchange what the exchange counted
     * @param bots what the bots counted
     * @param kills how many JVMs were killed
     */
    record Outcome(ExchangeStats exchange, BotCounts bots, int kills) {

        String table(BotOptions options, Duration took) {
            return String.format(
                    Locale.ROOT,
                    """
                    %d JVMs, %d bots each, %d series each, %d steps of %s, feed %s (%d s), %d kills
                    exchange: %,d requests, %,d refused (429), %,d refused by a ban (418), %,d bans, %,d MB
                    exchange: %,d closed bars sent, %,d different ones, one of them %,d times, %,d answers with one again
                    bots:     %,d reads, %,d refused, %,d failed, %,d skipped, %,d wrong
                    """,
                    options.jvms(),
                    options.bots(),
                    options.series(),
                    options.steps(),
                    options.step(),
                    options.feed(),
                    took.toSeconds(),
                    kills,
                    exchange.requests(),
                    exchange.refused(),
                    exchange.refusedByBan(),
                    exchange.bans(),
                    exchange.bytes() / 1_000_000,
                    exchange.closedBars(),
                    exchange.differentClosedBars(),
                    exchange.mostOftenSent(),
                    exchange.repeats(),
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
                .latency(options.latency(), options.latency().multipliedBy(2))
                .turns(options.jvms(), options.step());
        List<Process> jvms = new ArrayList<>();
        List<CompletableFuture<BotCounts>> counts = new ArrayList<>();
        try (TestExchange exchange = TestExchange.start(limits)) {
            for (int i = 0; i < options.jvms(); i++) {
                jvms.add(start(exchange, i, options));
                counts.add(counts(jvms.get(i)));
            }
            int kills = 0;
            if (!options.killEvery().isZero()) {
                Random random = new Random(options.seed());
                long next = MIDNIGHT + options.killEvery().toMillis();
                while (jvms.stream().allMatch(Process::isAlive)) {
                    TimeUnit.MILLISECONDS.sleep(1 + random.nextInt(100)); // somewhere in a step
                    int number = random.nextInt(options.jvms());
                    if (exchange.clock().now() >= next && jvms.get(number).isAlive()) {
                        jvms.get(number).destroyForcibly().waitFor();
                        kills++;
                        next += options.killEvery().toMillis();
                        jvms.set(number, start(exchange, number, options));
                        counts.add(counts(jvms.get(number)));
                    }
                }
            }
            for (Process jvm : jvms) {
                int status = jvm.waitFor();
                if (status != 0) {
                    throw new IOException("a JVM of bots ended with " + status + "; see its error output");
                }
            }
            BotCounts all = counts.stream().map(CompletableFuture::join).reduce(BotCounts.NONE, BotCounts::plus);
            return new Outcome(exchange.stats(), all, kills);
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

    /** What a JVM counted last, once it has ended. */
    private static CompletableFuture<BotCounts> counts(Process jvm) {
        return CompletableFuture.supplyAsync(() -> last(jvm), task -> {
            Thread thread = new Thread(task, "output of bots");
            thread.setDaemon(true);
            thread.start();
        });
    }

    private static BotCounts last(Process jvm) {
        BotCounts counts = BotCounts.NONE;
        try (BufferedReader output = jvm.inputReader(UTF_8)) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                if (BotCounts.isLine(line)) {
                    counts = BotCounts.parse(line);
                } else {
                    System.err.println(line); // what a feed or an option of the JVM prints
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return counts;
    }
}
