package io.iftb.cache.jcache.event;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import javax.cache.event.EventType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.provider.MethodSource;

/** Messages about changes, as anybody may have published them, against a fuzzer. */
class ChangeMessageFuzzTest {

    private static Stream<byte[]> seeds() {
        byte[] before = "before".getBytes(StandardCharsets.UTF_8);
        byte[] after = {};
        EntryChange created = new EntryChange(EventType.CREATED, null, after);
        EntryChange expired = new EntryChange(EventType.EXPIRED, before, null);
        return Stream.of(List.<EntryChange>of(), List.of(created), List.of(expired, created))
                .map(changes -> new ChangeMessage(new UUID(1, 2), 3, changes).encoded());
    }

    /** A message has one form; nothing else is one. */
    @MethodSource("seeds")
    @FuzzTest(maxDuration = "10m")
    void decoded_anyBytes_isNoneOrTheMessage(byte @Nullable [] bytes) {
        ChangeMessage message = bytes == null ? null : ChangeMessage.decoded(bytes);
        if (message != null) {
            assertThat(message.encoded()).isEqualTo(bytes);
        }
    }
}
