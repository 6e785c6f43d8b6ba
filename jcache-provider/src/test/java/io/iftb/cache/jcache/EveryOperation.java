package io.iftb.cache.jcache;

import static java.util.concurrent.CompletableFuture.completedFuture;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.Health;
import io.iftb.cache.LlmCache;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.NearHealth;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.RedisClient;
import io.iftb.cache.fetch.FetchOptions;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Freshness;
import io.iftb.cache.settings.SettingSources;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableCacheEntryListenerConfiguration;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.event.CacheEntryCreatedListener;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.TouchedExpiryPolicy;
import org.jspecify.annotations.Nullable;

/** A program that uses all of the API as one user of the server, and collects what fails. */
final class EveryOperation {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long NOW = 1_761_609_600_000L;
    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final String uri;
    private final String namespace;
    private final String near;
    private final List<String> failures = new ArrayList<>();

    /** @param near the setting of the near cache */
    EveryOperation(String uri, String namespace, String near) {
        this.uri = uri;
        this.namespace = namespace;
        this.near = near;
    }

    /** What the failures said. */
    List<String> failures() {
        return failures;
    }

    /** Part of the API. */
    private interface Step {
        void run() throws Exception;
    }

    private void attempt(Step step) {
        try {
            step.run();
        } catch (Exception e) {
            StringBuilder said = new StringBuilder();
            for (Throwable cause = e; cause != null; cause = cause.getCause()) {
                said.append(cause).append(" < ");
            }
            failures.add(said.toString());
        }
    }

    /** Reads and writes all that there is. */
    EveryOperation readAndWrite() {
        attempt(() -> withManager(this::standardCaches));
        attempt(() -> {
            try (RedisClient client = RedisClient.connect(settings())) {
                plainKeys(client);
            }
        });
        return this;
    }

    /** Only reads what {@link #readAndWrite} left. */
    EveryOperation read() {
        attempt(() -> withManager(manager -> {
            MarketCaches caches = manager.unwrap(MarketCaches.class);
            Cache<BarKey, OhlcvBar> bars = manager.getCache("ohlcv", BarKey.class, OhlcvBar.class);
            attempt(() -> bars.get(barKey(1))); // while no page is known
            readCandles(caches.ohlcv());
            attempt(() -> caches.market().ticker("BTC"));
            attempt(() -> caches.llm().get(new AnalysisKey("sentiment", LlmCache.hash("x"))));
            attempt(() -> bars.getAll(Set.of(barKey(1), barKey(2_000))));
            Cache<String, String> near = cache(manager, "near", null);
            attempt(() -> near.get("k"));
            attempt(() -> near.getAll(Set.of("k", "l")));
            attempt(() -> near.forEach(entry -> {}));
            attempt(() -> cache(manager, "plain", null).containsKey("k"));
            health(caches);
        }));
        return this;
    }

    private interface WithManager {
        void run(CacheManager manager) throws Exception;
    }

    private Properties properties() {
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.redis.uri", uri);
        properties.setProperty("iftb.cache.namespace", namespace);
        properties.setProperty("iftb.cache.caches.near.near", near);
        properties.setProperty("iftb.cache.caches.ohlcv.near", "on");
        properties.setProperty("iftb.cache.caches.remote.remote-events", "on");
        return properties;
    }

    private CacheSettings settings() {
        return new SettingSources(Properties::new, name -> "").resolve(properties(), "the test", null, null);
    }

    private void withManager(WithManager program) throws Exception {
        try (IftbCachingProvider provider = new IftbCachingProvider(new SettingSources(Properties::new, name -> ""))) {
            program.run(provider.getCacheManager(URI.create("urn:rights"), null, properties()));
        }
    }

    private static Cache<String, String> cache(CacheManager manager, String name, @Nullable ExpiryPolicy policy) {
        MutableConfiguration<String, String> configuration =
                new MutableConfiguration<String, String>().setTypes(String.class, String.class);
        if (policy != null) {
            configuration.setExpiryPolicyFactory(() -> policy);
        }
        return manager.createCache(name, configuration);
    }

    private void standardCaches(CacheManager manager) {
        MarketCaches caches = manager.unwrap(MarketCaches.class);
        health(caches);
        entries(cache(manager, "plain", null));
        entries(cache(manager, "touched", new TouchedExpiryPolicy(new javax.cache.expiry.Duration(TimeUnit.HOURS, 1))));
        Cache<String, String> near = cache(manager, "near", null);
        entries(near);
        attempt(() -> near.put("k", "v"));
        attempt(() -> near.get("k"));
        attempt(() -> {
            Cache<String, String> remote = cache(manager, "remote", null);
            CacheEntryCreatedListener<String, String> listener = events -> {};
            remote.registerCacheEntryListener(
                    new MutableCacheEntryListenerConfiguration<>(() -> listener, null, false, false));
            remote.put("k", "v");
            entries(remote);
        });
        bars(manager.getCache("ohlcv", BarKey.class, OhlcvBar.class));
        attempt(() -> manager.getCache("ohlcv", BarKey.class, OhlcvBar.class).clear());
        candles(caches.ohlcv());
        readCandles(caches.ohlcv());
        attempt(() -> caches.market().putTicker("BTC", new Ticker(1, 2, 3, 4, 5, 6, 7, NOW)));
        attempt(() -> caches.market().ticker("BTC"));
        attempt(() -> caches.llm().put(new AnalysisKey("sentiment", LlmCache.hash("x")), new Analysis("{}")));
        attempt(() -> caches.llm().get(new AnalysisKey("sentiment", LlmCache.hash("x"))));
        attempt(caches::cacheNames);
        attempt(() -> manager.destroyCache("touched"));
    }

    private void entries(Cache<String, String> cache) {
        attempt(() -> cache.put("a", "1"));
        attempt(() -> cache.get("a"));
        attempt(() -> cache.getAll(Set.of("a", "b")));
        attempt(() -> cache.containsKey("a"));
        attempt(() -> cache.putAll(Map.of("a", "1", "b", "2")));
        attempt(() -> cache.putIfAbsent("c", "3"));
        attempt(() -> cache.getAndPut("a", "2"));
        attempt(() -> cache.replace("a", "3"));
        attempt(() -> cache.replace("a", "3", "4"));
        attempt(() -> cache.getAndReplace("a", "5"));
        attempt(() -> cache.invoke("a", (entry, none) -> {
            entry.setValue(entry.getValue() + "!");
            return null;
        }));
        attempt(() -> cache.invokeAll(Set.of("a", "b"), (entry, none) -> {
            entry.setValue("x");
            return null;
        }));
        attempt(() -> cache.forEach(entry -> {}));
        attempt(() -> cache.remove("a", "x"));
        attempt(() -> cache.getAndRemove("b"));
        attempt(() -> cache.remove("c"));
        attempt(() -> cache.put("a", "1"));
        attempt(() -> cache.removeAll(Set.of("a")));
        attempt(cache::removeAll);
        attempt(cache::clear);
    }

    private static BarKey barKey(int number) {
        return new BarKey("BTC", Timeframe.parse("1h"), NOW + number * HOUR);
    }

    private static OhlcvBar bar(long number) {
        return new OhlcvBar(NOW + number * HOUR, 1, 2, 0.5, 1.5, Math.abs(number));
    }

    private static List<OhlcvBar> list(long from, long to) {
        return LongStream.range(from, to).mapToObj(EveryOperation::bar).toList();
    }

    private void bars(Cache<BarKey, OhlcvBar> cache) {
        attempt(() -> cache.put(barKey(1), bar(1)));
        attempt(() -> cache.put(barKey(2), bar(2)));
        attempt(() -> cache.get(barKey(1)));
        attempt(() -> cache.getAll(Set.of(barKey(1), barKey(2))));
        attempt(() -> cache.putAll(Map.of(barKey(3), bar(3), barKey(4), bar(4))));
        attempt(() -> cache.putIfAbsent(barKey(5), bar(5)));
        attempt(() -> cache.getAndPut(barKey(1), bar(1)));
        attempt(() -> cache.replace(barKey(1), bar(1)));
        attempt(() -> cache.invoke(barKey(2), (entry, none) -> {
            entry.setValue(bar(2));
            return null;
        }));
        attempt(() -> cache.forEach(entry -> {}));
        attempt(() -> cache.remove(barKey(1)));
        attempt(() -> cache.getAndRemove(barKey(2)));
        attempt(() -> cache.removeAll(Set.of(barKey(3))));
        attempt(cache::removeAll);
    }

    private void candles(OhlcvCache ohlcv) {
        SeriesKey series = SeriesKey.of("BTC", "1h");
        SeriesKey other = SeriesKey.of("ETH", "1h");
        attempt(() -> ohlcv.put(other, list(0, 10)));
        attempt(() -> ohlcv.put(other, list(5, 12), OhlcvCache.NEVER));
        attempt(() -> ohlcv.put(other, list(12, 13)));
        attempt(() -> ohlcv.put(other, list(12, 13), OhlcvCache.NEVER));
        attempt(() -> ohlcv.put(series, list(0, 3_000), Duration.ofHours(1)));
        attempt(() -> ohlcv.put(series, list(3_000, 6_000), OhlcvCache.NEVER));
        attempt(() -> ohlcv.put(series, list(100, 103), OhlcvCache.NEVER));
        attempt(() -> ohlcv.put(series, list(5_998, 6_002), Duration.ofDays(1)));
        attempt(() -> ohlcv.put(series, list(-50, -40)));
        for (int i = 0; i < 40; i++) {
            int from = 6_002 + i * 60;
            attempt(() -> ohlcv.put(series, list(from, from + 60), OhlcvCache.NEVER));
        }
        attempt(() -> ohlcv.compact(series));
        attempt(() -> ohlcv.invalidate(other));
        attempt(() -> ohlcv.put(other, list(0, 10)));
        attempt(() -> ohlcv.withSource(
                        (asked, from, to, limit) -> completedFuture(list(0, 10)), FetchOptions.of("list"))
                .range(SeriesKey.of("SOL", "1h"), NOW, NOW + 10 * HOUR));
    }

    private void readCandles(OhlcvCache ohlcv) {
        SeriesKey series = SeriesKey.of("BTC", "1h");
        attempt(() -> ohlcv.latest(series, 100));
        attempt(() -> ohlcv.latest(series, 5_000));
        attempt(() -> ohlcv.latest(series, 10, Freshness.FENCED));
        attempt(() -> ohlcv.latest(List.of(series, SeriesKey.of("ETH", "1h")), 100));
        attempt(() -> ohlcv.latestBar(series));
        attempt(() -> ohlcv.range(series, NOW, NOW + 100 * HOUR));
        attempt(ohlcv::series);
    }

    private void plainKeys(RedisClient client) {
        attempt(() -> client.set("text", "v"));
        attempt(() -> client.set("text", "v", TIMEOUT));
        attempt(() -> client.get("text"));
        attempt(() -> client.exists("text"));
        attempt(() -> client.setJson("json", Map.of("a", 1)));
        attempt(() -> client.getJson("json", Map.class));
        attempt(() -> client.delete("text"));
    }

    private void health(MarketCaches caches) {
        attempt(() -> {
            Health health = caches.health();
            if (!health.reachable()) {
                throw new IllegalStateException(health.problem());
            }
            await().atMost(TIMEOUT).until(() -> isSettled(caches.health().near()));
            NearHealth hearing = caches.health().near();
            if (hearing != null && hearing.problem() != null && !(hearing.hearing() && near.equals("on"))) {
                throw new IllegalStateException(hearing.problem());
            }
        });
    }

    private static boolean isSettled(@Nullable NearHealth hearing) {
        String problem = hearing == null ? null : hearing.problem();
        return hearing == null || hearing.hearing() || (problem != null && !problem.endsWith("is being opened"));
    }
}
