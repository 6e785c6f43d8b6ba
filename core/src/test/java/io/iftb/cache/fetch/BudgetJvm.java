package io.iftb.cache.fetch;

import io.iftb.cache.MarketCaches;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ThreadLocalRandom;

/** Another JVM that asks a {@link CountingExchange} as often as its budget lets it, in several threads. */
final class BudgetJvm implements AutoCloseable {

    private static final int THREADS = 3;
    private static final Priority[] PRIORITIES = Priority.values();

    private final Process jvm;

    BudgetJvm(String uri, int capacity, Duration window, int exchange) throws IOException {
        jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        BudgetJvm.class.getName(),
                        uri,
                        Integer.toString(capacity),
                        window.toString(),
                        Integer.toString(exchange))
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    /** What the child runs. Its end is the end of its input. */
    public static void main(String[] arguments) throws IOException {
        MarketCaches caches = MarketCaches.open(arguments[0]);
        RequestBudget budget = caches.budget(
                "source", RequestLimits.ofWeight(Integer.parseInt(arguments[1]), Duration.parse(arguments[2])));
        for (int i = 0; i < THREADS; i++) {
            Priority priority = PRIORITIES[i];
            Thread thread = new Thread(() -> ask(budget, priority, Integer.parseInt(arguments[3])));
            thread.setDaemon(true);
            thread.start();
        }
        System.exit(System.in.read());
    }

    private static void ask(RequestBudget budget, Priority priority, int port) {
        try (Socket exchange = new Socket(InetAddress.getLoopbackAddress(), port)) {
            exchange.setTcpNoDelay(true);
            OutputStream out = exchange.getOutputStream();
            while (true) {
                int weight = 1 + ThreadLocalRandom.current().nextInt(3);
                try {
                    budget.acquire(weight, priority, Duration.ofSeconds(30)).join();
                    out.write(ByteBuffer.allocate(Long.BYTES + Integer.BYTES)
                            .putLong(System.nanoTime())
                            .putInt(weight)
                            .array());
                } catch (CompletionException e) {
                    Thread.onSpinWait(); // refused: asks again
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    boolean isAlive() {
        return jvm.isAlive();
    }

    @Override
    public void close() {
        kill();
    }

    /** Kills it as {@code kill -9} does. */
    void kill() {
        jvm.destroyForcibly().onExit().join();
    }
}
