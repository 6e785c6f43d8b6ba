package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.AbstractTransaction;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.ZRangeParams;

/** A sorted set for each series: JSON members, scored by open time. */
final class SortedSetBars extends JsonBars {

    SortedSetBars(Endpoint target, String prefix) {
        super(target, prefix);
    }

    private byte[] bytes(SeriesKey series) {
        return key(series).getBytes(UTF_8);
    }

    @Override
    public void fill(SeriesKey series, List<OhlcvBar> bars) {
        for (int from = 0; from < bars.size(); from += PIPELINED) {
            try (AbstractPipeline pipeline = jedis().pipelined()) {
                for (OhlcvBar bar : bars.subList(from, Math.min(bars.size(), from + PIPELINED))) {
                    pipeline.zadd(bytes(series), score(bar.openTime()), json(bar));
                }
            }
        }
    }

    private static double score(long openTime) {
        return (double) openTime;
    }

    @Override
    public void remove(SeriesKey series) {
        jedis().unlink(bytes(series));
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return parsed(jedis().zrange(bytes(series), -limit, -1));
    }

    private static BarSeries parsed(List<byte[]> members) {
        BarSeriesBuilder bars = new BarSeriesBuilder(members.size());
        members.forEach(member -> bars.add(bar(member)));
        return bars.build();
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        List<Response<List<byte[]>>> members = new ArrayList<>(universe.size());
        try (AbstractPipeline pipeline = jedis().pipelined()) {
            universe.forEach(series -> members.add(pipeline.zrange(bytes(series), -limit, -1)));
        }
        return members.stream().map(each -> parsed(each.get())).toList();
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return parsed(jedis().zrange(bytes(series), ZRangeParams.zrangeByScoreParams(score(from), score(to - 1))));
    }

    @Override
    public void remove(SeriesKey series, List<OhlcvBar> bars) {
        jedis().zremrangeByScore(
                        bytes(series),
                        score(bars.get(0).openTime()),
                        score(bars.get(bars.size() - 1).openTime()));
    }

    @Override
    public Object single(SeriesKey series, List<Long> openTimes) {
        List<Response<List<byte[]>>> members = new ArrayList<>(openTimes.size());
        try (AbstractPipeline pipeline = jedis().pipelined()) {
            for (long openTime : openTimes) {
                members.add(pipeline.zrangeByScore(bytes(series), score(openTime), score(openTime)));
            }
        }
        return parsed(members.stream().flatMap(each -> each.get().stream()).toList());
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        double score = score(bar.openTime());
        try (AbstractTransaction transaction = jedis().multi()) {
            transaction.zremrangeByScore(bytes(series), score, score);
            transaction.zadd(bytes(series), score, json(bar));
            transaction.exec();
        }
    }
}
