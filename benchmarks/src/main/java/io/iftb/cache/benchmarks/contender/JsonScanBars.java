package io.iftb.cache.benchmarks.contender;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.List;
import redis.clients.jedis.params.ScanParams;
import redis.clients.jedis.resps.ScanResult;

/**
 * The design that we replace: {@code SCAN} over all keys, a {@code GET} for each match, then parsing and sorting. It scans
 * with {@code COUNT 1000}; the replaced program used the default of 10.
 */
final class JsonScanBars extends JsonBars {

    private static final int STEP = 1_000;

    JsonScanBars(Endpoint target, String prefix) {
        super(target, prefix);
    }

    @Override
    public Object latest(SeriesKey series, int limit) {
        List<OhlcvBar> bars = new ArrayList<>();
        for (byte[] key : keys(series)) {
            bars.add(bar(jedis().get(key)));
        }
        return BarSeries.of(bars).last(limit);
    }

    private List<byte[]> keys(SeriesKey series) {
        List<byte[]> keys = new ArrayList<>();
        ScanParams step = new ScanParams().match(key(series) + ":*").count(STEP);
        byte[] cursor = ScanParams.SCAN_POINTER_START_BINARY;
        do {
            ScanResult<byte[]> page = jedis().scan(cursor, step);
            keys.addAll(page.getResult());
            cursor = page.getCursorAsBytes();
        } while (cursor.length != 1 || cursor[0] != '0');
        return keys;
    }

    @Override
    public void remove(SeriesKey series) {
        List<byte[]> keys = keys(series);
        for (int from = 0; from < keys.size(); from += PIPELINED) {
            jedis().unlink(keys.subList(from, Math.min(keys.size(), from + PIPELINED))
                    .toArray(new byte[0][]));
        }
    }
}
