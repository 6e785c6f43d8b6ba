package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.settings.Setting;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import javax.cache.Cache;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;

/** What an iterator counts, and what it does after a failure. */
class EntryIteratorTest {

    @Test
    void iterator_domainCache_countsNoReadsOfTheTypedOne() {
        try (JCacheFixture fixture = JCacheFixture.open()) {
            Cache<String, Ticker> tickers = fixture.domainCache("ticker", String.class, Ticker.class);
            fixture.manager().enableStatistics("ticker", true);
            for (int i = 0; i < 10; i++) {
                tickers.put("T" + i, new Ticker(1, 1, 1, 0, 1, 1, 0, 0));
            }
            int seen = 0;
            for (Cache.Entry<String, Ticker> each : tickers) {
                seen += each.getKey().isEmpty() ? 0 : 1;
            }

            assertThat(seen).isEqualTo(10);
            MarketCaches caches = fixture.manager().unwrap(MarketCaches.class);
            assertThat(caches.counters(DomainCache.TICKER).hits()).isZero();
            assertThat(((RedisCache<String, Ticker>) tickers).statistics().getCacheHits())
                    .isEqualTo(10);
        }
    }

    /** The keys of the piece that could not be read are read when the iterator is used again. */
    @Test
    void iterator_aReadFails_goesOnWhereItWas() {
        try (JCacheFixture fixture = JCacheFixture.builder()
                .ownServer()
                .with(Setting.OPERATION_TIMEOUT, "500ms")
                .build()) {
            RedisCache<String, String> cache = fixture.cache("texts", String.class, String.class);
            Set<String> all = filled(cache);
            Iterator<Cache.Entry<String, String>> entries = cache.iterator();
            Set<String> found = new HashSet<>();
            found.add(entries.next().getKey());
            fixture.raw().send("CLIENT", "PAUSE", "1200");

            assertThatThrownBy(() -> {
                        while (entries.hasNext()) {
                            found.add(entries.next().getKey());
                        }
                    })
                    .isInstanceOf(CacheException.class);
            fixture.raw().send("PING"); // until the pause is over
            while (entries.hasNext()) {
                found.add(entries.next().getKey());
            }

            assertThat(found).isEqualTo(all);
        }
    }

    /** Its caller was interrupted while a piece was on its way, and goes on. */
    @Test
    void iterator_interruptedWhileItReads_losesNothing() throws Exception {
        try (JCacheFixture fixture = JCacheFixture.builder().ownServer().build()) {
            RedisCache<String, String> cache = fixture.cache("texts", String.class, String.class);
            Set<String> all = filled(cache);
            Iterator<Cache.Entry<String, String>> entries = cache.iterator();
            Set<String> found = new HashSet<>();
            int interrupts = 0;
            int interrupted = 0;
            boolean isAtEnd = false;
            while (!isAtEnd) {
                boolean isPaused = found.size() >= interrupts * 400;
                if (isPaused) {
                    fixture.raw().send("CLIENT", "PAUSE", "200");
                    interrupts++;
                }
                Thread reader = Thread.currentThread();
                CompletableFuture<Void> interrupt = isPaused
                        ? CompletableFuture.runAsync(
                                reader::interrupt, CompletableFuture.delayedExecutor(50, TimeUnit.MILLISECONDS))
                        : CompletableFuture.completedFuture(null);
                try {
                    while (entries.hasNext() && (isPaused || found.size() < interrupts * 400)) {
                        found.add(entries.next().getKey());
                    }
                    isAtEnd = !entries.hasNext();
                } catch (CacheException e) {
                    assertThat(e).hasRootCauseInstanceOf(InterruptedException.class);
                    interrupted++;
                }
                interrupt.join();
                boolean unused = Thread.interrupted();
            }

            assertThat(interrupted).isPositive();
            assertThat(found).isEqualTo(all);
        }
    }

    /** The keys of many entries, more than one piece has. */
    private static Set<String> filled(RedisCache<String, String> cache) {
        Map<String, String> all = new HashMap<>();
        for (int i = 0; i < 3_000; i++) {
            all.put("k" + i, "v");
        }
        cache.putAll(all);
        return all.keySet();
    }
}
