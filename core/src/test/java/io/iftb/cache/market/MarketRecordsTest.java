package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MarketRecordsTest {

    private static final Timeframe HOUR = Timeframe.parse("1h");

    @ParameterizedTest
    @CsvSource({"open, 0", "high, 1", "low, 2", "close, 3", "volume, 4"})
    void ohlcvBar_numberNotFinite_isRefusedByName(String field, int index) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            double[] numbers = {1, 2, 1, 2, 3};
            numbers[index] = bad;

            refused(
                    () -> new OhlcvBar(7, numbers[0], numbers[1], numbers[2], numbers[3], numbers[4]),
                    field + " of the bar at 7 is " + bad + "; it must be a finite number");
        }
    }

    @Test
    void ohlcvBar_negativeVolume_isRefused() {
        refused(() -> new OhlcvBar(7, 1, 2, 1, 2, -0.5), "volume of the bar at 7 is -0.5; it must be zero or more");
        assertThat(new OhlcvBar(7, 1, 2, 1, 2, 0).volume()).isZero();
    }

    @Test
    void ohlcvBar_highBelowLow_isRefused() {
        refused(
                () -> new OhlcvBar(7, 1, 1.5, 2.5, 2, 0),
                "high of the bar at 7 is 1.5, below its low 2.5; high must be at least low");
        assertThat(new OhlcvBar(7, 1, 2, 2, 1, 0).high()).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource({"open, 0.5, 1.5, 0.5", "open, 2.5, 1.5, 2.5", "close, 1.5, 0.5, 0.5", "close, 1.5, 2.5, 2.5"})
    void requireConsistent_priceOutsideLowToHigh_isRefusedOnlyThere(
            String field, double open, double close, String value) {
        OhlcvBar bar = new OhlcvBar(7, open, 2, 1, close, 0);

        refused(bar::requireConsistent, field + " of the bar at 7 is " + value + ", outside its low..high 1.0..2.0");
    }

    @Test
    void requireConsistent_pricesWithin_givesTheBar() {
        OhlcvBar bar = new OhlcvBar(7, 1, 2, 1, 2, 0);

        assertThat(bar.requireConsistent()).isSameAs(bar);
    }

    @ParameterizedTest
    @ValueSource(longs = {OpenTime.MIN - 1, OpenTime.MAX + 1, Long.MIN_VALUE, Long.MAX_VALUE})
    void openTime_notExactAsDouble_isRefused(long openTime) {
        String message = "open time " + openTime + " is outside -9007199254740991..9007199254740991;"
                + " give epoch milliseconds, not microseconds or nanoseconds";

        refused(() -> OpenTime.require(openTime), message);
        refused(() -> new OhlcvBar(openTime, 1, 2, 1, 2, 0), message);
        refused(() -> new BarKey("BTCUSDT", HOUR, openTime), message);
    }

    @Test
    void openTime_atItsBounds_isTaken() {
        assertThat(OpenTime.require(OpenTime.MIN)).isEqualTo(-9_007_199_254_740_991L);
        assertThat(OpenTime.require(OpenTime.MAX)).isEqualTo(9_007_199_254_740_991L);
    }

    @ParameterizedTest
    @CsvSource({"bid, 0", "ask, 1", "last, 2", "volume, 3", "high, 4", "low, 5", "change, 6"})
    void ticker_numberNotFinite_isRefusedByName(String field, int index) {
        for (double bad : new double[] {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
            double[] n = {1, 2, 3, 4, 5, 6, 7};
            n[index] = bad;

            refused(
                    () -> new Ticker(n[0], n[1], n[2], n[3], n[4], n[5], n[6], 0),
                    field + " is " + bad + "; it must be a finite number");
        }
    }

    @Test
    void ticker_negativeVolume_isRefused() {
        refused(() -> new Ticker(1, 2, 3, -4, 5, 6, 7, 0), "volume is -4.0; it must be zero or more");
        assertThat(new Ticker(1, 2, 3, 0, 5, 6, -7, 0).change()).isEqualTo(-7);
    }

    @Test
    void fundingRate_notFinite_isRefused() {
        refused(() -> new FundingRate(Double.NaN, 0), "rate is NaN; it must be a finite number");
        assertThat(new FundingRate(-0.0001, 0).rate()).isEqualTo(-0.0001);
    }

    @Test
    void fearGreed_outsideItsScale_isRefused() {
        refused(() -> new FearGreed(-1, "Extreme Fear", 0), "fear & greed value is -1; it must be 0 to 100");
        refused(() -> new FearGreed(101, "Extreme Greed", 0), "fear & greed value is 101; it must be 0 to 100");
        assertThatCode(() -> new FearGreed(0, "Extreme Fear", 0)).doesNotThrowAnyException();
        assertThatCode(() -> new FearGreed(100, "Extreme Greed", 0)).doesNotThrowAnyException();
        nullRefused(() -> new FearGreed(1, absent(), 0), "classification");
    }

    @Test
    void analysis_blank_isRefused() {
        refused(() -> new Analysis(" \n"), "analysis is blank; give a JSON document");
        nullRefused(() -> new Analysis(absent()), "json");
    }

    @Test
    void analysisKey_blankPart_isRefusedByName() {
        refused(() -> new AnalysisKey(" ", "abc"), "analysis type ' ' is blank; give text, such as sentiment");
        refused(
                () -> new AnalysisKey("sentiment", ""),
                "input hash '' is blank; give text, such as LlmCache.hash(input)");
        nullRefused(() -> new AnalysisKey(absent(), "abc"), "analysis type");
        nullRefused(() -> new AnalysisKey("sentiment", absent()), "input hash");
    }

    @Test
    void symbol_blank_isRefused() {
        String message = "symbol ' ' is blank; give one such as BTCUSDT";

        refused(() -> new SeriesKey(" ", HOUR), message);
        refused(() -> new BarKey(" ", HOUR, 0), message);
        refused(() -> SeriesKey.of(" ", "1h"), message);
        nullRefused(() -> new SeriesKey(absent(), HOUR), "symbol");
        nullRefused(() -> new SeriesKey("BTCUSDT", absent()), "timeframe");
        nullRefused(() -> new BarKey("BTCUSDT", absent(), 0), "timeframe");
    }

    @ParameterizedTest
    @CsvSource({
        "BTCUSDT:1h, BTCUSDT, 1h",
        "BTC/USDT:USDT:15m, BTC/USDT:USDT, 15m",
        "::1M, :, 1M",
        "' a b{}*?[]\\🚀:1d', ' a b{}*?[]\\🚀', 1d",
    })
    void seriesKeyParse_symbolAndTimeframe_splitsAtTheLastColon(String text, String symbol, String timeframe) {
        SeriesKey series = SeriesKey.parse(text);

        assertThat(series).isEqualTo(SeriesKey.of(symbol, timeframe));
        assertThat(series).hasToString(text);
    }

    @Test
    void seriesKeyParse_otherForms_areRefused() {
        refused(
                () -> SeriesKey.parse("BTCUSDT"),
                "series 'BTCUSDT' has no timeframe; write SYMBOL:TF, such as BTCUSDT:1h");
        refused(() -> SeriesKey.parse(":1h"), "symbol '' is blank; give one such as BTCUSDT");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesKey.parse("BTCUSDT:"))
                .withMessageStartingWith("timeframe '' is not known; write ");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesKey.parse("BTC/USDT:USDT"))
                .withMessageStartingWith("timeframe 'USDT' is not known; write ");
    }

    @Test
    void barKey_ofSeries_namesItsSeries() {
        SeriesKey series = SeriesKey.of("BTCUSDT", "1h");

        assertThat(BarKey.of(series, 7)).isEqualTo(new BarKey("BTCUSDT", HOUR, 7));
        assertThat(BarKey.of(series, 7).series()).isEqualTo(series);
    }

    /** What a caller that checks no nulls may pass. */
    @SuppressWarnings({"NullAway", "TypeParameterUnusedInFormals"})
    private static <T> T absent() {
        return null;
    }

    private static void refused(ThrowingCallable action, String message) {
        assertThatIllegalArgumentException().isThrownBy(action).withMessage(message);
    }

    private static void nullRefused(ThrowingCallable action, String name) {
        assertThatNullPointerException().isThrownBy(action).withMessage(name);
    }
}
