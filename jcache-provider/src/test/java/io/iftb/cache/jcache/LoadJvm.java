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
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/** A {@link FaultLoad} in a second JVM. */
final class LoadJvm implements AutoCloseable {

    static final String CACHE = "race";
    private static final String CANDLES = "ohlcv";
    private static final String WRONG = "wrong ";
    private static final String CALL = "call ";
    private static final String SERIES = "series ";
    private static final String READY = "ready";
    private static final String END = "end";
    private static final String STOP = "stop";
    private static final String FOOTPRINT = "footprint";

    private final Process process;
    private final PrintWriter orders;
    private final BufferedReader answers;

    /**
     * @param passwords the file of its password; null for none
     * @param near the setting of its near caches
     */
    LoadJvm(String address, @Nullable Path passwords, String near, Walks walks, long seed, int threads)
            throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx512m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LoadJvm.class.getName(),
                        address,
                        passwords == null ? "" : passwords.toString(),
                        near,
                        walks.name(),
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
    static Cache<String, Long> open(
            IftbCachingProvider provider, String address, @Nullable Path passwords, String near) {
        Properties properties = new Properties();
        if (passwords != null) {
            properties.setProperty(Setting.REDIS_PASSWORD_FILE.propertyName(), passwords.toString());
        }
        properties.setProperty(Setting.OPERATION_TIMEOUT.propertyName(), "1s");
        properties.setProperty(Setting.ON_UNAVAILABLE.propertyName(), "fail");
        properties.setProperty(CacheSetting.NEAR.propertyName(CACHE), near);
        properties.setProperty(CacheSetting.NEAR.propertyName(CANDLES), near);
        return provider.getCacheManager(URI.create(address), null, properties)
                .createCache(CACHE, new MutableConfiguration<String, Long>().setTypes(String.class, Long.class));
    }

    /** What the process takes now, without what it remembers of calls that were given. */
    Footprint footprint() throws IOException {
        orders.println(FOOTPRINT);
        return Footprint.parse(answer());
    }

    /** Ends the load, and gives its calls. */
    FaultLoad.Calls stop() throws IOException {
        orders.println(STOP);
        FaultLoad.Calls calls = FaultLoad.Calls.none();
        for (String line = answer(); !END.equals(line); line = answer()) {
            if (line.startsWith(CALL)) {
                calls.keys().add(TimedCall.parse(line.substring(CALL.length())));
            } else if (line.startsWith(SERIES)) {
                calls.series().add(SeriesCall.parse(line.substring(SERIES.length())));
            } else {
                calls.wrong().add(line);
            }
        }
        return calls;
    }

    private String answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the second JVM has ended");
        }
        return line;
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
        Path passwords = arguments[1].isEmpty() ? null : Path.of(arguments[1]);
        try (IftbCachingProvider provider = new IftbCachingProvider();
                FaultLoad load = new FaultLoad(
                        open(provider, arguments[0], passwords, arguments[2]),
                        1,
                        Long.parseLong(arguments[4]),
                        Walks.valueOf(arguments[3]))) {
            load.start(Integer.parseInt(arguments[5]));
            System.out.println(READY);
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String order = orders.readLine(); order != null; order = orders.readLine()) {
                if (FOOTPRINT.equals(order)) {
                    System.out.println(Footprint.now().line());
                } else {
                    print(load.stop());
                }
            }
        }
    }

    private static void print(FaultLoad.Calls calls) {
        calls.keys().forEach(call -> System.out.println(CALL + call.line()));
        calls.series().forEach(call -> System.out.println(SERIES + call.line()));
        calls.wrong().forEach(each -> System.out.println(WRONG + each.replace('\n', ' ')));
        System.out.println(END);
    }
}
