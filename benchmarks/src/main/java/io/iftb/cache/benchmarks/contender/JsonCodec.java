package io.iftb.cache.benchmarks.contender;

import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Ticker;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;

/** JSON by Jackson. */
final class JsonCodec implements CodecContender {

    private static final JsonMapper JSON = JsonMapper.builder().build();
    private static final ObjectWriter WRITER = JSON.writer();
    private static final ObjectReader TICKER = JSON.readerFor(Ticker.class);
    private static final ObjectReader BAR = JSON.readerFor(OhlcvBar.class);
    private static final ObjectReader BARS = JSON.readerFor(OhlcvBar[].class);

    private static byte[] written(Object value) {
        try {
            return WRITER.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static <T> T read(ObjectReader reader, byte[] json, Class<T> type) {
        try {
            return type.cast(reader.readValue(json));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public byte[] ticker(Ticker ticker) {
        return written(ticker);
    }

    @Override
    public Ticker ticker(byte[] bytes) {
        return read(TICKER, bytes, Ticker.class);
    }

    @Override
    public byte[] bar(OhlcvBar bar) {
        return written(bar);
    }

    @Override
    public OhlcvBar bar(byte[] bytes) {
        return read(BAR, bytes, OhlcvBar.class);
    }

    @Override
    public byte[] bars(BarSeries bars) {
        return written(bars.bars());
    }

    @Override
    public byte[] stored(byte[] written) {
        return written;
    }

    @Override
    public BarSeries bars(byte[] stored) {
        return BarSeries.of(List.of(read(BARS, stored, OhlcvBar[].class)));
    }
}
