package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PrintableTest {

    @ParameterizedTest
    @CsvSource({
        "0, 0.00",
        "0.00042, 0.00042",
        "7.25, 7.25",
        "86, 86.0",
        "860, 860",
        "1254, 1.25K",
        "86e6, 86.0M",
        "2.5e15, 2500T"
    })
    void amount_number_isShort(double amount, String expected) {
        assertThat(Printable.amount(amount)).isEqualTo(expected);
    }

    @ParameterizedTest
    @CsvSource({"0, 0 B", "999, 999 B", "1000, 1.00 kB", "2350000, 2.35 MB"})
    void bytes_number_isShort(long bytes, String expected) {
        assertThat(Printable.bytes(bytes)).isEqualTo(expected);
    }

    @Test
    void text_controlCharacters_areReplaced() {
        assertThat(Printable.text("a\u001b[31m\u009b\r\n\u202eb é 🚀")).isEqualTo("a?[31m????b é 🚀");
    }
}
