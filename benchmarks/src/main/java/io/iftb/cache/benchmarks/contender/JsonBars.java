package io.iftb.cache.benchmarks.contender;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import redis.clients.jedis.AbstractPipeline;
import redis.clients.jedis.RedisClient;

/** Bars as JSON with Jedis; one key for each bar unless a subclass differs. */
abstract class JsonBars implements BarContender {

    /** Commands of one pipeline. */
    static final int PIPELINED = 1_000;

    private static final ObjectWriter WRITER = JsonMapper.builder().build().writerFor(OhlcvBar.class);
    private static final ObjectReader READER = JsonMapper.builder().build().readerFor(OhlcvBar.class);

    private final RedisClient jedis;
    private final String prefix;

    JsonBars(Endpoint target, String prefix) {
        this.jedis = RedisClient.create("127.0.0.1", target.port());
        this.prefix = prefix;
    }

    RedisClient jedis() {
        return jedis;
    }

    String key(SeriesKey series) {
        return prefix + ":" + series;
    }

    byte[] key(SeriesKey series, long openTime) {
        return (key(series) + ":" + openTime).getBytes(UTF_8);
    }

    static byte[] json(OhlcvBar bar) {
        try {
            return WRITER.writeValueAsBytes(bar);
        } catch (JsonProcessingException e) {
            throw new UncheckedIOException(e);
        }
    }

    static OhlcvBar bar(byte[] json) {
        try {
            return READER.readValue(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void put(SeriesKey series, List<OhlcvBar> bars) {
        fill(series, bars);
    }

    @Override
    public void fill(SeriesKey series, List<OhlcvBar> bars) {
        for (int from = 0; from < bars.size(); from += PIPELINED) {
            try (AbstractPipeline pipeline = jedis.pipelined()) {
                for (OhlcvBar bar : bars.subList(from, Math.min(bars.size(), from + PIPELINED))) {
                    pipeline.set(key(series, bar.openTime()), json(bar));
                }
            }
        }
    }

    @Override
    public void upsert(SeriesKey series, OhlcvBar bar) {
        jedis.set(key(series, bar.openTime()), json(bar));
    }

    @Override
    public void close() {
        jedis.close();
    }
}
