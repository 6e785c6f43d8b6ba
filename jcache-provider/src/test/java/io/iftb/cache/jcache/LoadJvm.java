package io.iftb.cache.jcache;

import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.OutputStreamWriter;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;

/** A {@link RecordedLoad} in a second JVM. */
final class LoadJvm implements AutoCloseable {

    static final String CACHE = "race";
    private static final String WRONG = "wrong ";
    private static final String READY = "ready";
    private static final String END = "end";

    private final Process process;
    private final PrintWriter orders;
    private final BufferedReader answers;
    private final List<String> wrong = new ArrayList<>();

    /** @param near the setting of its near cache */
    LoadJvm(String address, String near, long seed, int threads) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadJvm.class.getName(),
                        address,
                        near,
                        Long.toString(seed),
                        Integer.toString(threads))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        orders = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        if (!READY.equals(answers.readLine())) {
            throw new IOException("the second JVM did not open its cache");
        }
    }

    /** Opens a cache as both JVMs have it. */
    static Cache<String, Long> open(IftbCachingProvider provider, String address, String near) {
        Properties properties = new Properties();
        properties.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), "1s");
        properties.setProperty(CacheSetting.NEAR.propertyName(CACHE), near);
        return provider.getCacheManager(URI.create(address), null, properties)
                .createCache(CACHE, new MutableConfiguration<String, Long>().setTypes(String.class, Long.class));
    }

    /** Ends the load, and gives its calls. */
    List<TimedCall> stop() throws IOException {
        orders.println("stop");
        List<TimedCall> calls = new ArrayList<>();
        for (String line = answers.readLine(); !END.equals(line); line = answers.readLine()) {
            if (line == null) {
                throw new IOException("the second JVM has ended");
            }
            if (line.startsWith(WRONG)) {
                wrong.add(line);
            } else {
                calls.add(TimedCall.parse(line));
            }
        }
        return calls;
    }

    /** What no caller should see, after {@link #stop}. */
    List<String> wrong() {
        return wrong;
    }

    @Override
    public void close() {
        orders.close();
        process.onExit()
                .orTimeout(20, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }

    public static void main(String[] arguments) throws IOException, InterruptedException {
        try (IftbCachingProvider provider = new IftbCachingProvider()) {
            RecordedLoad load =
                    new RecordedLoad(open(provider, arguments[0], arguments[1]), 1, Long.parseLong(arguments[2]));
            load.start(Integer.parseInt(arguments[3]));
            System.out.println(READY);
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            orders.readLine();
            load.stop();
            load.calls().forEach(call -> System.out.println(call.line()));
            load.wrong().forEach(each -> System.out.println(WRONG + each));
            System.out.println(END);
        }
    }
}
