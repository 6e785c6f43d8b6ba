package io.iftb.cache.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/**
 * The bytes of every permanent id and of the format, as they are in somebody's Redis. A difference here loses their cache:
 * never change a line of {@code golden-bytes.txt}, only add.
 *
 * <p>{@link #main} prints the lines of what is new.
 */
class GoldenBytesTest {

    private static final KryoCodec CODEC = KryoCodec.builder()
            .trust(CorruptBytesTest.Member.class, ThrowableSerializerTest.Refused.class)
            .build();

    @Test
    void encode_everySample_givesTheGoldenBytes() throws IOException {
        Map<String, String> golden = golden();

        assertThat(bytesOfSamples()).isEqualTo(golden);
    }

    @Test
    void decode_everyGoldenLine_givesTheSample() throws IOException {
        Map<String, Object> samples = samples();

        golden().forEach((label, hex) -> {
            Object decoded = CODEC.decode(HexFormat.of().parseHex(hex));
            Object sample = Objects.requireNonNull(samples.get(label), label);
            assertThat(HexFormat.of().formatHex(encode(label, decoded)))
                    .as(label)
                    .isEqualTo(hex);
            assertThat(decoded).as(label).hasSameClassAs(CODEC.decode(encode(label, sample)));
        });
    }

    public static void main(String[] args) {
        bytesOfSamples().forEach((label, hex) -> System.out.println(label + " " + hex));
    }

    static Map<String, String> golden() throws IOException {
        try (InputStream in = Objects.requireNonNull(GoldenBytesTest.class.getResourceAsStream("golden-bytes.txt"))) {
            Map<String, String> lines = new LinkedHashMap<>();
            new String(in.readAllBytes(), StandardCharsets.US_ASCII).lines().forEach(line -> {
                String[] words = line.split(" ", -1);
                lines.put(words[0], words[1]);
            });
            return lines;
        }
    }

    private static Map<String, String> bytesOfSamples() {
        Map<String, String> bytes = new LinkedHashMap<>();
        samples().forEach((label, sample) -> bytes.put(label, HexFormat.of().formatHex(encode(label, sample))));
        return bytes;
    }

    private static byte[] encode(String label, Object sample) {
        return label.startsWith("key:") ? CODEC.encodeKey(sample) : CODEC.encode(sample);
    }

    /** Label and sample; a label is the id, and which sample of it. */
    private static Map<String, Object> samples() {
        List<Object> all = new ArrayList<>(Samples.all());
        // Their order differs between JVMs.
        all.removeIf(sample -> (sample instanceof Set<?> set
                        && set.size() > 1
                        && set.getClass() == Set.of().getClass())
                || (sample instanceof Map<?, ?> map
                        && map.size() > 1
                        && map.getClass() == Map.of().getClass()));
        all.addAll(ThrowableSerializerTest.permanent());
        CorruptBytesTest.Member member = new CorruptBytesTest.Member("a", 1, TimeUnit.DAYS, List.of());
        all.add(member);
        all.add(new CorruptBytesTest.Member("b", 2, TimeUnit.DAYS, List.of(member, member)));
        all.add(new CorruptBytesTest.Member[][] {{null}});
        Map<String, Object> samples = new LinkedHashMap<>();
        Map<Integer, Integer> counts = new HashMap<>();
        for (Object sample : all) {
            int id = CODEC.encode(sample)[2] & 0xFF;
            int more = id > 127 ? CODEC.encode(sample)[3] : 0;
            int number = (id & 0x7F) + (more << 7);
            String label = number - 2 + "#" + counts.merge(number, 1, Integer::sum);
            samples.put(label, sample);
            boolean holdsOthers = sample instanceof Collection<?> || sample instanceof Map<?, ?>;
            if (!holdsOthers && !(sample instanceof Map.Entry<?, ?>) && !(sample instanceof Throwable)) {
                samples.put("key:" + label, sample);
            }
        }
        samples.put("key:list", List.of(List.of("a"), Map.of("b", 1), Set.of("c", "d"), TimeUnit.DAYS));
        samples.put("key:member", new CorruptBytesTest.Member("b", 2, TimeUnit.DAYS, List.of(member, member)));
        return samples;
    }
}
