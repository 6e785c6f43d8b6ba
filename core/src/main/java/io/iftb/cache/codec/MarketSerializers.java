package io.iftb.cache.codec;

import com.esotericsoftware.kryo.io.Output;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.FearGreed;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.market.Ticker;
import io.iftb.cache.market.Timeframe;

/** Serializers of the market records: components in order, numbers at full width, little-endian. */
final class MarketSerializers {

    static final LeafSerializer<OhlcvBar> BAR = new LeafSerializer<>(
            (output, bar) -> {
                output.writeLong(bar.openTime());
                output.writeDouble(bar.open());
                output.writeDouble(bar.high());
                output.writeDouble(bar.low());
                output.writeDouble(bar.close());
                output.writeDouble(bar.volume());
            },
            input -> new OhlcvBar(
                    input.readLong(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble()));

    static final LeafSerializer<Timeframe> TIMEFRAME =
            new LeafSerializer<>(MarketSerializers::write, MarketSerializers::readTimeframe);

    static final LeafSerializer<SeriesKey> SERIES_KEY = new LeafSerializer<>(
            (output, key) -> {
                output.writeString(key.symbol());
                write(output, key.timeframe());
            },
            input -> new SeriesKey(LeafSerializer.text(input), readTimeframe(input)));

    static final LeafSerializer<BarKey> BAR_KEY = new LeafSerializer<>(
            (output, key) -> {
                output.writeString(key.symbol());
                write(output, key.timeframe());
                output.writeLong(key.openTime());
            },
            input -> new BarKey(LeafSerializer.text(input), readTimeframe(input), input.readLong()));

    static final LeafSerializer<Ticker> TICKER = new LeafSerializer<>(
            (output, ticker) -> {
                output.writeDouble(ticker.bid());
                output.writeDouble(ticker.ask());
                output.writeDouble(ticker.last());
                output.writeDouble(ticker.volume());
                output.writeDouble(ticker.high());
                output.writeDouble(ticker.low());
                output.writeDouble(ticker.change());
                output.writeLong(ticker.time());
            },
            input -> new Ticker(
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readDouble(),
                    input.readLong()));

    static final LeafSerializer<FundingRate> FUNDING_RATE = new LeafSerializer<>(
            (output, funding) -> {
                output.writeDouble(funding.rate());
                output.writeLong(funding.time());
            },
            input -> new FundingRate(input.readDouble(), input.readLong()));

    static final LeafSerializer<FearGreed> FEAR_GREED = new LeafSerializer<>(
            (output, index) -> {
                output.writeByte(index.value());
                output.writeString(index.classification());
                output.writeLong(index.time());
            },
            input -> new FearGreed(input.readByte(), LeafSerializer.text(input), input.readLong()));

    static final LeafSerializer<AnalysisKey> ANALYSIS_KEY = new LeafSerializer<>(
            (output, key) -> {
                output.writeString(key.type());
                output.writeString(key.inputHash());
            },
            input -> new AnalysisKey(LeafSerializer.text(input), LeafSerializer.text(input)));

    static final LeafSerializer<Analysis> ANALYSIS = new LeafSerializer<>(
            (output, analysis) -> output.writeString(analysis.json()),
            input -> new Analysis(LeafSerializer.text(input)));

    private MarketSerializers() {}

    private static void write(Output output, Timeframe timeframe) {
        output.writeVarInt(timeframe.count(), true);
        output.writeByte(timeframe.unit().letter());
    }

    private static Timeframe readTimeframe(BoundedInput input) {
        int count = input.readVarInt(true);
        char letter = (char) input.readByteUnsigned();
        for (Timeframe.Unit unit : Timeframe.Unit.values()) {
            if (unit.letter() == letter) {
                return new Timeframe(count, unit);
            }
        }
        throw new CorruptValueException("'" + letter + "' is not a unit of a timeframe");
    }
}
