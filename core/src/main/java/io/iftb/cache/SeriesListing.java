package io.iftb.cache;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.WrongTypeException;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.CandleStore;
import io.iftb.cache.store.Lifetimes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Lists what is stored of each series. */
record SeriesListing(RedisConnection redis, CandleStore store, CacheBackend<?, ?> cache) {

    List<SeriesInfo> all() {
        List<SeriesInfo> infos = new ArrayList<>();
        for (SeriesKey series : redis.await(store.list())) {
            try {
                CandleStore.Description found = redis.await(store.describe(series));
                if (found != null) {
                    infos.add(info(series, found));
                }
            } catch (WrongTypeException e) {
                cache.unreadable(series, e.getMessage());
            }
        }
        return infos;
    }

    private static SeriesInfo info(SeriesKey series, CandleStore.Description found) {
        return new SeriesInfo(
                series,
                found.rows(),
                found.firstOpenTime(),
                found.lastOpenTime(),
                found.bytes(),
                found.lifetimeLeft() == Lifetimes.ETERNAL ? null : Duration.ofMillis(found.lifetimeLeft()));
    }
}
