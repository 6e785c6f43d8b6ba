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

/** A second JVM with a cache on the same server. It executes commands line by line, and answers each line. */
final class OtherJvm implements AutoCloseable {

    static final int ROUNDS = 200;
    static final int THREADS = 4;
    static final int INCREMENTS = 1_000;
    static final int CHANGES = 50;

    /** The name of the cache with remote events. */
    static final String EVENTS = "events";

    private static final EventLog<Integer, Integer> HEARD = new EventLog<>();

    private final Process process;
    private final PrintWriter orders;
    private final BufferedReader answers;

    OtherJvm(String address, String namespace) throws IOException {
        process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        OtherJvm.class.getName(),
                        address,
                        namespace)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        orders = new PrintWriter(new OutputStreamWriter(process.getOutputStream(), StandardCharsets.UTF_8), true);
        answers = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
    }

    /** Sends it a command, which it starts immediately. */
    void tell(Task task) {
        orders.println(task);
    }

    /** Its answers at the end, one for each round. */
    List<String> answer() throws IOException {
        String line = answers.readLine();
        if (line == null) {
            throw new IOException("the other JVM has ended");
        }
        return List.of(line.split(",", -1));
    }

    @Override
    public void close() {
        orders.close();
        process.onExit()
                .orTimeout(20, TimeUnit.SECONDS)
                .exceptionally(late -> process.destroyForcibly())
                .join();
    }

    public static void main(String[] arguments) throws IOException {
        Properties properties = new Properties();
        properties.setProperty(Setting.NAMESPACE.propertyName(), arguments[1]);
        properties.setProperty(CacheSetting.REMOTE_EVENTS.propertyName(EVENTS), "on");
        try (IftbCachingProvider provider = new IftbCachingProvider()) {
            Cache<Integer, Integer> cache = provider.getCacheManager(URI.create(arguments[0]), null, properties)
                    .createCache("shared", configuration());
            BufferedReader orders = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            for (String line = orders.readLine(); line != null; line = orders.readLine()) {
                System.out.println(String.join(",", Task.valueOf(line).run(cache, 2)));
            }
        }
    }

    static MutableConfiguration<Integer, Integer> configuration() {
        return new MutableConfiguration<Integer, Integer>().setTypes(Integer.class, Integer.class);
    }

    /** What both JVMs do at the same time. */
    enum Task {
        READY {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                return List.of(String.valueOf(cache.get(-1)));
            }
        },
        PUT_IF_ABSENT {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                return rounds(key -> cache.putIfAbsent(key, me));
            }
        },
        REPLACE {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                return rounds(key -> cache.replace(key, 0, me));
            }
        },
        GET_AND_REMOVE {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                return rounds(key -> cache.getAndRemove(key) != null);
            }
        },
        INCREMENT {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                inThreads(() -> increment(cache));
                return List.of("done");
            }
        },
        LISTEN {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                cache.getCacheManager()
                        .createCache(
                                EVENTS,
                                configuration()
                                        .addCacheEntryListenerConfiguration(OtherJvm.HEARD.synchronousConfiguration()));
                return List.of("listening");
            }
        },
        CHANGE {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                Cache<Integer, Integer> events = cache.getCacheManager().getCache(EVENTS);
                inThreads(() -> {
                    for (int i = 0; i < CHANGES; i++) {
                        events.put(1, me * 1_000 + i);
                        events.invoke(1, (entry, arguments) -> {
                            entry.setValue(entry.exists() ? -entry.getValue() : 0);
                            return null;
                        });
                        events.remove(1);
                    }
                });
                return List.of("done");
            }
        },
        HEARD {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                return OtherJvm.HEARD.take();
            }
        },
        CLOSE {
            @Override
            List<String> run(Cache<Integer, Integer> cache, int me) {
                cache.getCacheManager().close();
                return List.of("closed");
            }
        };

        abstract List<String> run(Cache<Integer, Integer> cache, int me);

        private static List<String> rounds(Round round) {
            List<String> results = new ArrayList<>();
            for (int key = 0; key < ROUNDS; key++) {
                results.add(String.valueOf(round.wins(key)));
            }
            return results;
        }

        private static void increment(Cache<Integer, Integer> cache) {
            for (int i = 0; i < INCREMENTS; i++) {
                cache.invoke(-1, (entry, arguments) -> {
                    entry.setValue(entry.exists() ? entry.getValue() + 1 : 1);
                    return null;
                });
            }
        }

        private static void inThreads(Runnable task) {
            List<Thread> threads = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                Thread thread = new Thread(task);
                thread.start();
                threads.add(thread);
            }
            threads.forEach(Task::joined);
        }

        private static void joined(Thread thread) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** A race for one key. */
    @FunctionalInterface
    private interface Round {
        boolean wins(int key);
    }
}
