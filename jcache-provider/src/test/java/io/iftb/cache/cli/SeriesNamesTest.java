package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeriesNamesTest {

    @ParameterizedTest
    @CsvSource({
        "BTC-USD-4h.csv, BTC-USD:4h",
        "/some/where/AAPL-1d.CSV, AAPL:1d",
        "BTCUSDT-1h-2024-01.zip, BTCUSDT:1h",
        "BTCUSDT-1m-2024-01-31.csv.gz, BTCUSDT:1m",
        "BTC_USDT-1h.json, BTC_USDT:1h",
        "BTC_USDT_USDT-8m.json.gz, BTC_USDT_USDT:8m",
        "Binance_BTCUSDT_1h.csv, BTCUSDT:1h",
        "ETH-1M.tsv, ETH:1M",
        "BTCUSDT-1mo-2024-01.zip, BTCUSDT:1M",
        "%62%74cUSDT-1m.csv, btcUSDT:1m",
    })
    void ofFile_nameThatTells_isTaken(Path file, String series) {
        assertThat(SeriesNames.ofFile(file, null, null)).hasToString(series);
    }

    @Test
    void ofFile_whatIsGiven_goesBeforeTheName() {
        Path file = Path.of("BTC-USD-4h.csv");
        assertThat(SeriesNames.ofFile(file, "X", null)).hasToString("X:4h");
        assertThat(SeriesNames.ofFile(file, null, "1d")).hasToString("BTC-USD:1d");
        assertThat(SeriesNames.ofFile(Path.of("-"), "X", "1d")).hasToString("X:1d");
    }

    @ParameterizedTest
    @CsvSource({
        "bars.csv, '''bars.csv'' has no name such as BTC-USD-4h.csv that tells the series; give --symbol and --timeframe'",
        "-, standard input has no name such as BTC-USD-4h.csv that tells the series; give --symbol and --timeframe",
    })
    void ofFile_nameThatTellsNothing_asksForOptions(Path file, String sentence) {
        assertThatThrownBy(() -> SeriesNames.ofFile(file, null, null))
                .isInstanceOf(CommandFailure.class)
                .hasMessage(sentence);
    }

    @ParameterizedTest
    @ValueSource(strings = {"BTC\nUSDT", "\u001b[31mBTC", "BTC\u0000", "BTC\u202eTDSU", "BTC\u007f"})
    void of_controlCharacters_areRefused(String symbol) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesNames.of(symbol, "1h"))
                .withMessageContaining("has control characters, shown as ?");
        assertThatIllegalArgumentException().isThrownBy(() -> SeriesNames.parse(symbol + ":1h"));
    }

    @Test
    void of_longSymbol_isRefusedFrom257Characters() {
        assertThat(SeriesNames.of("x".repeat(256), "1h").symbol()).hasSize(256);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SeriesNames.of("x".repeat(257), "1h"))
                .withMessage("symbol 'xxxxxxxxxxxxxxxxxxxx…' has 257 characters; give one of at most 256");
    }
}
