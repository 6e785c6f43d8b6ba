package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/** Our rows by hand with Jedis: one string for a series, without pages, lifetimes or gaps. */
final class JedisBars implements BarContender {

    private static final int CHUNK = 16_384;

    private final RedisClient jedis;
    private final String prefix;

    JedisBars(Target target, String prefix) {
        this.jedis = RedisClient.create("127.0.0.1", target.port());
        this.prefix = prefix;
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        try (AbstractPipeline pipeline = jedis.pipelined()) {
            for (int from = 0; from < bars.size(); from += CHUNK) {
                byte[] rows = Rows.of(bars.subList(from, Math.min(bars.size(), from + CHUNK)));
                pipeline.append(key(series), rows);
            }
        }
    }

    @Override
    public void remove(SeriesKey series) {
        jedis.unlink(key(series));
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return Rows.bars(jedis.getrange(key(series), (long) -BarRow.ROW_BYTES * limit, -1));
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        List<Response<byte[]>> rows = new ArrayList<>(universe.size());
        try (AbstractPipeline pipeline = jedis.pipelined()) {
            for (SeriesKey series : universe) {
                rows.add(pipeline.getrange(key(series), (long) -BarRow.ROW_BYTES * limit, -1));
            }
        }
        return rows.stream().map(each -> Rows.bars(each.get())).toList();
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return Rows.bars(jedis.getrange(key(series), Rows.offset(from), Rows.offset(to) - 1));
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        jedis.setrange(key(series), Rows.offset(bar.openTime()), Rows.of(List.of(bar)));
    }

    private byte[] key(SeriesKey series) {
        return (prefix + ":" + series).getBytes(UTF_8);
    }

    @Override
    public BarSeries bars(Object answer) {
        return (BarSeries) answer;
    }

    @Override
    public List<BarSeries> universe(Object answer) {
        return ((List<?>) answer).stream().map(this::bars).toList();
    }

    @Override
    public void close() {
        jedis.close();
    }
}
