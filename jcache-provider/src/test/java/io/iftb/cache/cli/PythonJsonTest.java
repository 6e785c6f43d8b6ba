package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.FundingRate;
import io.iftb.cache.market.OhlcvBar;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PythonJsonTest {

    private static final OhlcvBar BAR = new OhlcvBar(1_700_002_800_000L, 1.5, 3, 1, 2, 10);

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"timestamp\":1700002800,\"open\":1.5,\"high\":3,\"low\":1,\"close\":2,\"volume\":10}",
                "{\"timestamp\":1700002800000,\"open\":\"1.5\",\"high\":\"3.0\",\"low\":\"1e0\",\"close\":2,\"volume\":10}",
                "{\"open_time\":1700002800.0,\"o\":1.5,\"h\":3,\"l\":1,\"c\":2,\"v\":10,\"trades\":7}",
                "{\"datetime\":\"2023-11-14T23:00:00.000000+00:00\",\"open\":1.5,\"high\":3,\"low\":1,\"close\":2,\"volume\":10}",
                "{\"open\":1.5,\"high\":3,\"low\":1,\"close\":2,\"volume\":10}",
                "[1700002800000,1.5,3,1,2,10]",
                "[\"1700002800\",\"1.5\",\"3\",\"1\",\"2\",\"10\",1700006399999,\"x\"]",
                "{\"data\":[[1700002800000,1.5,3,1,2,10]]}"
            })
    void bar_inAnyForm_isTheSame(String json) {
        assertThat(PythonJson.bar(utf8(json), "1700002800")).isEqualTo(BAR);
        assertThat(PythonJson.bar(utf8(json), "1700002800000")).isEqualTo(BAR);
        assertThat(PythonJson.bar(utf8(json), "2023-11-14T23:00:00")).isEqualTo(BAR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "[1,2,3]|it has 3 elements",
                "[[1700002800000,1,3,1,2,10],[1700006400000,1,3,1,2,10]]|it is a list of 2",
                "{\"data\":[{\"open\":1},{\"open\":2}]}|it is a list of 2",
                "[1700002800,true,3,1,2,10]|its open 'true' is not a number",
                "[1700002800,\"0x1\",3,1,2,10]|its open '0x1' is not a number",
                "[1700002800,1,1,3,2,10]|high",
                "{}|it has no field 'open'",
                "17|it has no field 'open'",
                "''|there is no JSON",
                "{\"open\":null}|it has no field 'open'",
                "{\"open\":{\"a\":1}}|it has no field 'open'",
                "[1700002801,1,3,1,2,10]|its name says that it opens at 2023-11-14 23:00 UTC, and its value says",
                "[\"1e999\",1,3,1,2,10]|out of range",
                "[\"tomorrow\",1,3,1,2,10]|time 'tomorrow' is not known"
            })
    void bar_thatIsNone_saysWhy(String json, String why) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PythonJson.bar(utf8(json), "1700002800"))
                .withMessageContaining(why);
    }

    @Test
    void entry_thatIsNone_saysWhy() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PythonJson.entry(DomainCache.TICKER, utf8("{\"last\": 5}")))
                .withMessage("it has no field 'bid', nor another name of that");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PythonJson.entry(
                        DomainCache.FEAR_GREED, utf8("{\"value\":4.5,\"classification\":\"Fear\",\"time\":5}")))
                .withMessageContaining("4.5 is not a whole number");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> PythonJson.entry(DomainCache.LLM, utf8("good mood")))
                .withMessageContaining("not JSON");
        assertThat(PythonJson.entry(DomainCache.FUNDING, utf8("{\"rate\":-1e-4,\"fundingTime\":1700002800123456}")))
                .isEqualTo(new FundingRate(-1e-4, 1_700_002_800_123L));
        assertThat(PythonJson.entry(DomainCache.FUNDING, utf8("{\"rate\":1,\"time\":" + Long.MIN_VALUE + "}")))
                .as("nanoseconds")
                .isEqualTo(new FundingRate(1, -9_223_372_036_855L));
    }

    @Test
    void key_ofASymbolWithColons_isTheLastTwoParts() {
        PythonKey key = PythonKey.parse("ohlcv:BTC/USDT:USDT:1h:2023-11-14T23:00:00");
        assertThat(key).isEqualTo(new PythonKey(DomainCache.OHLCV, "BTC/USDT:USDT:1h", "2023-11-14T23:00:00"));
        for (String other : List.of("session:7", "ohlcv", "ohlcv:{BTC:1h}", "fear_greed:x", "tickers:BTC", "")) {
            assertThat(PythonKey.parse(other)).as(other).isNull();
        }
        for (String wrong :
                List.of("ticker:", "llm:", "llm:a", "ohlcv:", "ohlcv:BTC:1h", "ohlcv:BTC:1h:", "ohlcv: :1h:5")) {
            assertThatIllegalArgumentException().as(wrong).isThrownBy(() -> PythonKey.parse(wrong));
        }
    }

    @Test
    void oldBars_foundInAnyOrder_comeInOrderAndOnce() {
        List<String> all = stretches(null);
        assertThat(all).containsExactly("A:1h[1, 5, 7]", "A:1h[20]", "A:1h[007, 1.5, 2023-01-01]", "B:1h[3]");
        assertThat(stretches(new OldBars.Stretch("A:1h", List.of("5"))))
                .containsExactly("A:1h[7, 20]", "A:1h[007, 1.5, 2023-01-01]", "B:1h[3]");
        assertThat(stretches(new OldBars.Stretch("A:1h", List.of("1.5"))))
                .containsExactly("A:1h[2023-01-01]", "B:1h[3]");
        assertThat(stretches(new OldBars.Stretch("A:4h", List.of("99")))).containsExactly("B:1h[3]");
        assertThat(stretches(new OldBars.Stretch("B:1h", List.of("3")))).isEmpty();
    }

    private static List<String> stretches(OldBars.@Nullable Stretch done) {
        OldBars bars = new OldBars();
        for (String time : List.of("20", "5", "2023-01-01", "1", "5", "1.5", "7", "007")) {
            bars.add("A:1h", time);
        }
        bars.add("B:1h", "3");
        List<String> stretches = new ArrayList<>();
        for (Iterator<OldBars.Stretch> each = bars.stretches(done, 3); each.hasNext(); ) {
            OldBars.Stretch stretch = each.next();
            stretches.add(stretch.series() + stretch.times());
        }
        return stretches;
    }
}
