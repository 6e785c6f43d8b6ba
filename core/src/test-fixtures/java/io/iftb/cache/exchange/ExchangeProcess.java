package io.iftb.cache.exchange;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** An exchange in a JVM of its own. */
public final class ExchangeProcess implements AutoCloseable {

    private final Process jvm;
    private final URI uri;

    /** @param options see {@link ExchangeOptions#parse} */
    public ExchangeProcess(String... options) throws IOException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                TestExchange.class.getName()));
        command.addAll(List.of(options));
        jvm = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String line = jvm.inputReader(UTF_8).readLine();
        if (line == null) {
            throw new IOException("the exchange ended before it had an address; its options are " + List.of(options));
        }
        uri = URI.create(line);
    }

    /** Where it listens. */
    public URI uri() {
        return uri;
    }

    @Override
    public void close() {
        jvm.destroyForcibly().onExit().join();
    }
}
