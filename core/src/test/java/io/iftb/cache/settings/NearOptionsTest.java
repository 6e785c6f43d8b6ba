package io.iftb.cache.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** What a near cache may be given. */
class NearOptionsTest {

    @Test
    void maxBytes_lessThanAFewKeysTake_areRefusedWithTheLeast() {
        assertThat(NearOptions.DEFAULT.withMaxBytes(1_024).maxBytes()).isEqualTo(1_024);
        assertThatThrownBy(() -> NearOptions.DEFAULT.withMaxBytes(1_023))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("near cache of 1023 bytes; give it 1024 or more");
    }
}
