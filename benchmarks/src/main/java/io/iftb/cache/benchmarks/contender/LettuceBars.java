package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import java.util.ArrayList;
import java.util.List;

/** Our rows with plain Lettuce: one string for each series, without pages, expiry or gaps. */
final class LettuceBars implements BarContender {

    private static final int CHUNK = 16_384;

    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final String prefix;

    LettuceBars(Endpoint target, String prefix) {
        this.client = RedisClient.create(target.tcp());
        this.connection = client.connect(ByteArrayCodec.INSTANCE);
        this.prefix = prefix;
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        List<RedisFuture<Long>> writes = new ArrayList<>();
        for (int from = 0; from < bars.size(); from += CHUNK) {
            byte[] rows = BarRows.of(bars.subList(from, Math.min(bars.size(), from + CHUNK)));
            writes.add(connection.async().append(key(series), rows));
        }
        writes.forEach(LettuceBars::join);
    }

    @Override
    public void remove(SeriesKey series) {
        connection.sync().unlink(key(series));
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        return BarRows.bars(connection.sync().getrange(key(series), (long) -BarRow.ROW_BYTES * limit, -1));
    }

    @Override
    public Object latest(List<SeriesKey> universe, int limit) {
        List<RedisFuture<byte[]>> reads = new ArrayList<>(universe.size());
        for (SeriesKey series : universe) {
            reads.add(connection.async().getrange(key(series), (long) -BarRow.ROW_BYTES * limit, -1));
        }
        return reads.stream().map(each -> BarRows.bars(join(each))).toList();
    }

    static <T> T join(RedisFuture<T> future) {
        return future.toCompletableFuture().join();
    }

    @Override
    public Object range(SeriesKey series, long from, long to) {
        return BarRows.bars(connection.sync().getrange(key(series), BarRows.offset(from), BarRows.offset(to) - 1));
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        connection.sync().setrange(key(series), BarRows.offset(bar.openTime()), BarRows.of(List.of(bar)));
    }

    @Override
    public void fill(SeriesKey series, List<OhlcvBar> bars) {
        connection.sync().setrange(key(series), BarRows.offset(bars.get(0).openTime()), BarRows.of(bars));
    }

    /** Writes zeros. */
    @Override
    public void remove(SeriesKey series, List<OhlcvBar> bars) {
        byte[] zeros = new byte[bars.size() * BarRow.ROW_BYTES];
        connection.sync().setrange(key(series), BarRows.offset(bars.get(0).openTime()), zeros);
    }

    @Override
    public Object single(SeriesKey series, List<Long> openTimes) {
        List<RedisFuture<byte[]>> rows = new ArrayList<>(openTimes.size());
        for (long openTime : openTimes) {
            long offset = BarRows.offset(openTime);
            rows.add(connection.async().getrange(key(series), offset, offset + BarRow.ROW_BYTES - 1));
        }
        return BarRows.bars(rows.stream().map(LettuceBars::join).toList());
    }

    private byte[] key(SeriesKey series) {
        return (prefix + ":" + series).getBytes(UTF_8);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
