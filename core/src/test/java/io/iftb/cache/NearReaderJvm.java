package io.iftb.cache;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Another JVM that reads a key of its near cache all the time, in several threads. After each gap between two reads that is as
 * long as the bound, a thread says what the first read gave that began after it.
 */
final class NearReaderJvm implements AutoCloseable {

    static final int THREADS = 2;

    private static final String HOLDING = "holding";

    private final Process jvm;
    private final BufferedReader output;

    NearReaderJvm(String uri, String key, String value) throws IOException {
        jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx128m",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        System.getProperty("java.class.path"),
                        NearReaderJvm.class.getName(),
                        uri,
                        key,
                        value)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        output = jvm.inputReader(UTF_8);
        for (int i = 0; i < THREADS; i++) {
            String line = output.readLine();
            if (!HOLDING.equals(line)) {
                throw new IOException("the child holds no value, but says: " + line);
            }
        }
    }

    /** What the child runs. Its end is the end of its input. */
    public static void main(String[] arguments) throws IOException {
        NearProgram program = NearProgram.open(arguments[0]);
        program.hold(arguments[1], arguments[2]);
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> read(program, arguments[1]));
            thread.setDaemon(true);
            thread.start();
        }
        System.exit(System.in.read());
    }

    private static void read(NearProgram program, String key) {
        long previous = System.nanoTime();
        System.out.println(HOLDING);
        while (true) {
            long began = System.nanoTime();
            String value;
            try {
                value = program.read(key);
            } catch (RuntimeException e) {
                value = e.toString();
            }
            if (began - previous > TimeUnit.SECONDS.toNanos(2)) {
                System.out.println(value);
            }
            previous = began;
        }
    }

    /** Stops it as {@code kill -STOP} does; what it has said before is forgotten. */
    void stop() throws Exception {
        signal("STOP");
        while (!state().startsWith("T")) {
            Thread.onSpinWait();
        }
        while (output.ready()) {
            var unused = output.readLine();
        }
    }

    private String state() throws IOException {
        Process ps = new ProcessBuilder("ps", "-o", "state=", "-p", Long.toString(jvm.pid())).start();
        return new String(ps.getInputStream().readAllBytes(), UTF_8).strip();
    }

    /** Lets it go on, and gives the first values that its threads then read. */
    List<String> goOn() throws Exception {
        signal("CONT");
        List<String> values = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            values.add(String.valueOf(output.readLine()));
        }
        return values;
    }

    private void signal(String name) throws Exception {
        Process kill = new ProcessBuilder("kill", "-" + name, Long.toString(jvm.pid())).start();
        if (kill.waitFor() != 0) {
            throw new IOException("kill -" + name + " failed");
        }
    }

    @Override
    public void close() {
        jvm.destroyForcibly().onExit().join();
    }
}
