package io.iftb.cache.jcache.event;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import javax.cache.event.EventType;
import org.junit.jupiter.api.Test;

class ChangeMessageTest {

    private static final ChangeMessage NEWS = new ChangeMessage(
            UUID.randomUUID(),
            7,
            List.of(
                    new EntryChange(EventType.CREATED, null, new byte[] {1, 2}),
                    new EntryChange(EventType.UPDATED, new byte[] {1, 2}, new byte[0]),
                    new EntryChange(EventType.REMOVED, new byte[0], null),
                    new EntryChange(EventType.EXPIRED, new byte[] {3}, null)));

    @Test
    void decoded_whatWasEncoded_isTheSame() {
        ChangeMessage decoded = Objects.requireNonNull(ChangeMessage.decoded(NEWS.encoded()));

        assertThat(decoded).usingRecursiveComparison().isEqualTo(NEWS);
    }

    @Test
    void decoded_cutOrLengthened_isNothing() {
        byte[] encoded = NEWS.encoded();
        for (int length = 0; length < encoded.length; length++) {
            assertThat(ChangeMessage.decoded(Arrays.copyOf(encoded, length)))
                    .as("%s of %s bytes", length, encoded.length)
                    .isNull();
        }
        assertThat(ChangeMessage.decoded(Arrays.copyOf(encoded, encoded.length + 1)))
                .isNull();
    }

    @Test
    void decoded_anyByteChanged_isNothingOrOtherNews() {
        byte[] encoded = NEWS.encoded();
        for (int at = 0; at < encoded.length; at++) {
            for (byte wrong : new byte[] {-1, 0, 127}) {
                byte[] changed = encoded.clone();
                changed[at] = wrong;
                ChangeMessage decoded = ChangeMessage.decoded(changed);
                assertThat(decoded == null || decoded.changes().size() <= 127).isTrue();
            }
        }
        byte[] otherFormat = encoded.clone();
        otherFormat[0] = 2;
        assertThat(ChangeMessage.decoded(otherFormat)).isNull();
    }
}
