package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;
import redis.clients.jedis.Response;

/** Our rows with plain Jedis: one string for each series, without pages, expiry or gaps. */
final class JedisBars implements BarContender {

    private static final int CHUNK = 16_384;

    private final RedisClient jedis;
    private final String prefix;

    JedisBars(Endpoint target, String prefix) {
        this.jedis = RedisClient.create("127.0.0.1", target.port());
        this.prefix = prefix;
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        try (AbstractPipeline pipeline = jedis.pipelined()) {
            for (int from = 0; from < bars.size(); from += CHUNK) {
                byte[] rows = BarRows.of(bars.subList(from, Math.min(bars.size(), from + CHUNK)));
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
        return BarRows.bars(jedis.getrange(key(series), (long) -BarRow.ROW_BYTES * limit, -1));
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        List<Response<byte[]>> rows = new ArrayList<>(universe.size());
        try (AbstractPipeline pipeline = jedis.pipelined()) {
            for (SeriesKey series : universe) {
                rows.add(pipeline.getrange(key(series), (long) -BarRow.ROW_BYTES * limit, -1));
            }
        }
        return rows.stream().map(each -> BarRows.bars(each.get())).toList();
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return BarRows.bars(jedis.getrange(key(series), BarRows.offset(from), BarRows.offset(to) - 1));
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        jedis.setrange(key(series), BarRows.offset(bar.openTime()), BarRows.of(List.of(bar)));
    }

    @Override
    public void fill(SeriesKey series, List<OhlcvBar> bars) {
        jedis.setrange(key(series), BarRows.offset(bars.get(0).openTime()), BarRows.of(bars));
    }

    /** Writes zeros. */
    @Override
    public void remove(SeriesKey series, List<OhlcvBar> bars) {
        byte[] zeros = new byte[bars.size() * BarRow.ROW_BYTES];
        jedis.setrange(key(series), BarRows.offset(bars.get(0).openTime()), zeros);
    }

    @Override
    public Object single(SeriesKey series, List<Long> openTimes) {
        List<Response<byte[]>> rows = new ArrayList<>(openTimes.size());
        try (AbstractPipeline pipeline = jedis.pipelined()) {
            for (long openTime : openTimes) {
                long offset = BarRows.offset(openTime);
                rows.add(pipeline.getrange(key(series), offset, offset + BarRow.ROW_BYTES - 1));
            }
        }
        return BarRows.bars(rows.stream().map(Response::get).toList());
    }

    private byte[] key(SeriesKey series) {
        return (prefix + ":" + series).getBytes(UTF_8);
    }

    @Override
    public void close() {
        jedis.close();
    }
}
