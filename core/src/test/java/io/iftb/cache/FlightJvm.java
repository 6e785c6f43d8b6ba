package io.iftb.cache;

import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Another JVM in which several callers ask for one analysis. Each computation counts itself on the server. */
final class FlightJvm implements AutoCloseable {

    private final Process jvm;
    private final BufferedReader output;

    FlightJvm(int port, int callers, AnalysisKey key, String counter, long computeMillis) throws IOException {
        jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        FlightJvm.class.getName(),
                        Integer.toString(port),
                        Integer.toString(callers),
                        key.type(),
                        key.inputHash(),
                        counter,
                        Long.toString(computeMillis))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = new BufferedReader(new InputStreamReader(jvm.getInputStream(), StandardCharsets.UTF_8));
    }

    /** What the child runs: it begins at a line of input, and ends with its input. */
    public static void main(String[] arguments) throws Exception {
        int port = Integer.parseInt(arguments[0]);
        AnalysisKey key = new AnalysisKey(arguments[2], arguments[3]);
        MarketCaches caches = MarketCaches.open("redis://127.0.0.1:" + port);
        caches.llm()
                .computeIfAbsent(
                        new AnalysisKey(
                                "warm", Long.toString(ProcessHandle.current().pid())),
                        () -> new Analysis("1"));
        int callers = Integer.parseInt(arguments[1]);
        CountDownLatch begin = new CountDownLatch(1);
        for (int i = 0; i < callers; i++) {
            Thread thread = new Thread(() -> call(caches, key, port, arguments, begin));
            thread.setDaemon(true);
            thread.start();
        }
        say("ready");
        System.in.read();
        begin.countDown();
        while (System.in.read() >= 0) {
            // until its parent closes it
        }
        System.exit(0);
    }

    private static void call(MarketCaches caches, AnalysisKey key, int port, String[] arguments, CountDownLatch begin) {
        try {
            begin.await();
            Analysis analysis = caches.llm().computeIfAbsent(key, () -> {
                try (RespConnection raw = RespConnection.tcp(port)) {
                    raw.call("INCR", arguments[4]);
                    say("computing");
                    Thread.sleep(Long.parseLong(arguments[5]));
                    say("computed " + System.nanoTime());
                    return new Analysis("\"from " + ProcessHandle.current().pid() + "\"");
                } catch (IOException e) {
                    throw new UncheckedIOException(e);
                } catch (InterruptedException e) {
                    throw new IllegalStateException(e);
                }
            });
            say("done " + System.nanoTime() + " " + analysis.json());
        } catch (Exception e) {
            say("failed " + e);
        }
    }

    private static void say(String line) {
        synchronized (System.out) {
            System.out.println(line);
            System.out.flush();
        }
    }

    /** The next line that it says. */
    String next() throws IOException {
        String line = output.readLine();
        if (line == null) {
            throw new IOException("the other JVM has ended");
        }
        return line;
    }

    void awaitReady() throws IOException {
        String line = next();
        if (!line.equals("ready")) {
            throw new IOException(line);
        }
    }

    void begin() throws IOException {
        jvm.getOutputStream().write('\n');
        jvm.getOutputStream().flush();
    }

    void kill() {
        jvm.destroyForcibly().onExit().join();
    }

    @Override
    public void close() throws IOException {
        kill();
        output.close();
    }
}
