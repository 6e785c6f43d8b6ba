package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.benchmarks.workload.SyntheticData;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.BarSeriesBuilder;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.Response;

/** One {@code MGET} of JSON keys. The keys contain open times, so the series must not have gaps. */
final class JsonMgetBars extends JsonBars {

    /** The times of the first and the newest bar, which a user of this design takes from the clock. */
    private final Map<SeriesKey, Span> spans = new ConcurrentHashMap<>();

    private record Span(long first, long newest) {}

    JsonMgetBars(Endpoint target, String prefix) {
        super(target, prefix);
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        super.put(series, bars);
        spans.put(
                series,
                new Span(bars.get(0).openTime(), bars.get(bars.size() - 1).openTime()));
    }

    private Span span(SeriesKey series) {
        return Objects.requireNonNull(spans.get(series));
    }

    private byte[][] keys(SeriesKey series, long from, long to) {
        return LongStream.iterate(from, time -> time < to, time -> time + SyntheticData.MINUTE)
                .mapToObj(time -> key(series, time))
                .toArray(byte[][]::new);
    }

    private byte[][] newest(SeriesKey series, int limit) {
        long end = span(series).newest + SyntheticData.MINUTE;
        return keys(series, end - limit * SyntheticData.MINUTE, end);
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
        return parsed(jedis().mget(keys(series, from, to)));
    }

    @Override
    public void remove(SeriesKey series) {
        Span span = spans.remove(series);
        if (span == null) {
            return;
        }
        long step = PIPELINED * SyntheticData.MINUTE;
        for (long from = span.first; from <= span.newest; from += step) {
            jedis().unlink(keys(series, from, Math.min(from + step, span.newest + 1)));
        }
    }
}
