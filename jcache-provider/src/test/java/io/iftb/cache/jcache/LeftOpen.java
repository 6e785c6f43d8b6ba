package io.iftb.cache.jcache;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.RedisClient;
import io.iftb.cache.settings.Setting;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.jspecify.annotations.Nullable;

/** A program in a JVM of its own that returns from {@code main} with all open and writes that are not answered. */
enum LeftOpen {
    /** Sends each write at once. */
    MANAGER {
        @Override
        void run(String address, String namespace) {
            write(manager(address, namespace), new MutableConfiguration<Integer, String>());
        }
    },
    /** Runs each write as a task. */
    MANAGER_WITH_A_WRITER {
        @Override
        void run(String address, String namespace) {
            write(
                    manager(address, namespace),
                    new MutableConfiguration<Integer, String>()
                            .setWriteThrough(true)
                            .setCacheWriterFactory(SilentWriter::new));
        }
    },
    /** The typed caches and the low-level door. */
    CLIENTS {
        @Override
        void run(String address, String namespace) {
            MarketCaches caches = MarketCaches.open(address);
            RedisClient client = RedisClient.connect(address);
            for (int i = 0; i < WRITES; i++) {
                var unused = client.setAsync(namespace + ":" + i, "v", Duration.ofMinutes(5));
            }
            System.out.println(caches.server());
        }
    },
    /** A server of its own. */
    EMBEDDED {
        @Override
        void run(String address, String namespace) {
            System.out.println(manager("embedded", namespace)
                    .unwrap(MarketCaches.class)
                    .server()
                    .replace("redis+uds://", ""));
        }
    },
    /** Ends by {@code System.exit}. */
    EXIT {
        @Override
        void run(String address, String namespace) {
            write(manager(address, namespace), new MutableConfiguration<Integer, String>());
            System.exit(7);
        }
    };

    /** So few that two seconds are enough on a busy machine. */
    static final int WRITES = 60;

    abstract void run(String address, String namespace);

    private static CacheManager manager(String address, String namespace) {
        Properties properties = new Properties();
        properties.setProperty(Setting.NAMESPACE.propertyName(), namespace);
        return new IftbCachingProvider().getCacheManager(URI.create(address), null, properties);
    }

    @SuppressWarnings("unchecked") // the class of an asynchronous cache has no types
    private static void write(CacheManager manager, MutableConfiguration<Integer, String> configuration) {
        Cache<Integer, String> cache =
                manager.createCache("left-open", configuration.setTypes(Integer.class, String.class));
        AsyncCache<Integer, String> async = cache.unwrap(AsyncCache.class);
        for (int i = 0; i < WRITES; i++) {
            var unused = async.put(i, "v");
        }
    }

    /** What the other JVM runs. */
    public static void main(String[] arguments) {
        LeftOpen.valueOf(arguments[0]).run(arguments[1], arguments[2]);
    }

    /** The end of that JVM. */
    record End(int status, String output) {}

    /** Runs it in a JVM; null if that does not end within a minute. */
    @Nullable
    End inJvm(String address, String namespace) throws IOException, InterruptedException {
        Process jvm = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        LeftOpen.class.getName(),
                        name(),
                        address,
                        namespace)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try {
            if (!jvm.waitFor(60, TimeUnit.SECONDS)) {
                return null;
            }
            String output = jvm.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
            return new End(jvm.exitValue(), output);
        } finally {
            jvm.destroyForcibly();
        }
    }
}
