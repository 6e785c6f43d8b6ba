package io.iftb.cache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.jcache.IftbCachingProvider;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.Caching;
import org.junit.jupiter.api.Test;
import org.redisson.api.RedissonClient;

/** The provider in a user's project that has only this artifact. */
class ProviderLookupTest {

    @Test
    void getCachingProvider_onlyOurArtifact_isOurs() {
        assertThat(Caching.getCachingProviders()).hasSize(1);
        assertThat(Caching.getCachingProvider()).isInstanceOf(IftbCachingProvider.class);
    }

    @Test
    void standardApi_onAnEmbeddedServer_storesAndGivesBack() {
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.redis.uri", "embedded");
        try (CacheManager manager = Caching.getCachingProvider().getCacheManager(null, null, properties)) {
            Cache<BarKey, OhlcvBar> candles = manager.getCache("ohlcv", BarKey.class, OhlcvBar.class);
            BarKey key = new BarKey("BTCUSDT", Timeframe.parse("1h"), 0);
            OhlcvBar bar = new OhlcvBar(0, 1, 2, 0.5, 1.5, 10);

            candles.put(key, bar);

            assertThat(candles.get(key)).isEqualTo(bar);
            assertThat(manager.unwrap(MarketCaches.class).ohlcv().latestBar(key.series()))
                    .contains(bar);
            assertThat(manager.unwrap(MarketCaches.class).client(RedissonClient.class))
                    .isPresent();
        }
    }
}
