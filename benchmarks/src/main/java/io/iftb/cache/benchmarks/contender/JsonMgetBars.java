package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/** One {@code MGET} of JSON keys. The keys contain open times; for a range, the series must not have gaps. */
final class JsonMgetBars extends JsonBars {

    /** The open times of the bars, which a user of this design takes from the clock. */
    private final Map<SeriesKey, long[]> times = new ConcurrentHashMap<>();

    JsonMgetBars(Endpoint target, String prefix) {
        super(target, prefix);
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        super.put(series, bars);
        times.put(series, bars.stream().mapToLong(OhlcvBar::openTime).toArray());
    }

    private byte[][] keys(SeriesKey series, LongStream openTimes) {
        return openTimes.mapToObj(time -> key(series, time)).toArray(byte[][]::new);
    }

    private byte[][] newest(SeriesKey series, int limit) {
        long[] all = Objects.requireNonNull(times.get(series));
        return keys(series, Arrays.stream(all, Math.max(0, all.length - limit), all.length));
    }

    private static BarSeries parsed(List<byte[]> values) {
        BarSeriesBuilder bars = new BarSeriesBuilder(values.size());
        values.forEach(value -> bars.add(bar(value)));
        return bars.build();
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return parsed(jedis().mget(newest(series, limit)));
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        List<Response<List<byte[]>>> values = new ArrayList<>(universe.size());
        try (AbstractPipeline pipeline = jedis().pipelined()) {
            universe.forEach(series -> values.add(pipeline.mget(newest(series, limit))));
        }
        return values.stream().map(each -> parsed(each.get())).toList();
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        LongStream openTimes = LongStream.iterate(from, time -> time < to, time -> time + SyntheticData.MINUTE);
        return parsed(jedis().mget(keys(series, openTimes)));
    }

    @Override
    public Object single(SeriesKey series, List<Long> openTimes) {
        return parsed(jedis().mget(keys(series, openTimes.stream().mapToLong(Long::longValue))));
    }

    @Override
    public void remove(SeriesKey series, List<OhlcvBar> bars) {
        unlink(series, bars.stream().mapToLong(OhlcvBar::openTime).toArray());
    }

    @Override
    public void remove(SeriesKey series) {
        long[] all = times.remove(series);
        if (all != null) {
            unlink(series, all);
        }
    }

    private void unlink(SeriesKey series, long[] openTimes) {
        for (int from = 0; from < openTimes.length; from += PIPELINED) {
            int to = Math.min(openTimes.length, from + PIPELINED);
            jedis().unlink(keys(series, Arrays.stream(openTimes, from, to)));
        }
    }
}
