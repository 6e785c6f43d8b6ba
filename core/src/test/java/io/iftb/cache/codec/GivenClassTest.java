package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

class GivenClassTest {

    record Leg(String symbol, double amount) {}

    record Order(String id, List<Leg> legs) {}

    private static final Order ORDER = new Order("42", List.of(new Leg("BTCUSDT", 0.5)));

    @Test
    void decode_configuredTypeThatTheLoaderDoesNotKnow_isThatType() {
        KryoCodec codec = KryoCodec.builder()
                .classLoader(ClassLoader.getPlatformClassLoader())
                .trust(Order.class)
                .build();

        assertThat(codec.values(Order.class).decode(codec.encode(ORDER))).isEqualTo(ORDER);
    }

    @Test
    void decode_nameThatNobodyKnows_isCorrupt() {
        byte[] bytes = KryoCodec.builder().trust(Order.class).build().encode(ORDER);
        KryoCodec stranger = KryoCodec.builder()
                .classLoader(ClassLoader.getPlatformClassLoader())
                .trust(Order.class.getName())
                .build();

        assertThatThrownBy(() -> stranger.decode(bytes))
                .isInstanceOf(CorruptValueException.class)
                .hasMessageContaining("is not found");
    }
}
