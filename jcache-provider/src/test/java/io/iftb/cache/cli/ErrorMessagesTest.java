package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ErrorMessagesTest {

    @ParameterizedTest
    @CsvSource({
        "redis://bob:secret@h:1 is down, redis://***@h:1 is down",
        "'rediss://:sec@ret@h:1', rediss://***@h:1",
        "at 'redis+uds://u:p@/tmp/s'., at 'redis+uds://***@/tmp/s'.",
        "redis:/u:p@h, redis:/***@h",
        "redis://[user:password@]host[:port] and redis://u:p@h, redis://[user:password@]host[:port] and redis://***@h",
        "redis://h:1 and bob@example.org, redis://h:1 and bob@example.org",
        "no address, no address",
    })
    void withoutCredentials_address_keepsServerOnly(String text, String expected) {
        assertThat(ErrorMessages.withoutCredentials(text)).isEqualTo(expected);
    }
}
