package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.iftb.cache.codec.ShortestDecimal;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.function.UnaryOperator;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The key of a request: the same for the same content, and another for any other. */
class LlmRequestTest {

    private static LlmRequest.Builder request() {
        return LlmRequest.builder("sentiment")
                .provider("acme")
                .model("acme-1")
                .temperature(0.2)
                .system("You are brief.")
                .message("user", "BTC?")
                .tool(Map.of("name", "price", "strict", true))
                .seed(7)
                .parameter("max_tokens", 100);
    }

    private static String key(UnaryOperator<LlmRequest.Builder> change) {
        return change.apply(request()).build().key().inputHash();
    }

    @Test
    void canonicalJson_request_isInOneForm() {
        assertThat(request().build().canonicalJson())
                .isEqualTo("{\"messages\":[{\"content\":\"BTC?\",\"role\":\"user\"}],\"model\":\"acme-1\","
                        + "\"parameters\":{\"max_tokens\":100},\"provider\":\"acme\",\"seed\":7,"
                        + "\"system\":\"You are brief.\",\"temperature\":0.2,"
                        + "\"tools\":[{\"name\":\"price\",\"strict\":true}],\"type\":\"sentiment\"}");
    }

    @Test
    void key_anythingDiffers_differs() {
        List<String> keys = List.of(
                key(same -> same),
                key(other -> other.provider("other")),
                key(other -> other.model("acme-2")),
                key(other -> other.temperature(0.3)),
                key(other -> other.system("You are brief. ")),
                key(other -> other.message("user", "BTC?")),
                key(other -> other.message("assistant", "BTC?")),
                key(other -> other.message("user", List.of("BTC?"))),
                key(other -> other.tool(Map.of("name", "price"))),
                key(other -> other.seed(8)),
                key(other -> other.parameter("max_tokens", "100")),
                key(other -> other.parameter("max_tokens", 101)),
                key(other -> other.parameter("top_p", 1)),
                key(other -> other.parameter("stop", null)),
                key(other -> other.withoutParameter("max_tokens")));

        assertThat(keys).doesNotHaveDuplicates();
        assertThat(LlmRequest.builder("other").build().key())
                .isNotEqualTo(LlmRequest.builder("sentiment").build().key());
    }

    @Test
    void key_costOrLeftOutDiffers_isTheSame() {
        assertThat(key(other -> other.cost(3))).isEqualTo(key(same -> same));
        assertThat(key(other -> other.parameter("user", "me").withoutParameter("user")))
                .isEqualTo(key(same -> same));
        assertThat(key(other -> other.parameter("max_tokens", 100.0))).isEqualTo(key(same -> same));
    }

    @Test
    void parameter_changedLater_hasNoEffect() {
        List<Object> stop = new ArrayList<>(List.of("a"));
        LlmRequest.Builder builder = request().parameter("stop", stop);
        stop.add("b");
        assertThat(builder.build().key().inputHash()).isEqualTo(key(other -> other.parameter("stop", List.of("a"))));
    }

    @Test
    void parameter_notJson_isRefusedByName() {
        assertThatThrownBy(() -> request().parameter("a", new Object()))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("java.lang.Object");
        assertThatThrownBy(() -> request().parameter("a", Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> request().parameter("a", Map.of(1, 2))).hasMessageContaining("no text");
        List<Object> itself = new ArrayList<>();
        itself.add(itself);
        assertThatThrownBy(() -> request().parameter("a", itself)).hasMessageContaining("holds itself");
        assertThatThrownBy(() -> request().cost(-1)).hasMessageContaining("cost -1.0");
    }

    /** The examples of RFC 8785, appendix B, that a double has. */
    @Test
    void canonicalJson_numbers_areThoseOfTheStandard() {
        assertThat(CanonicalJson.of(List.of(333333333.3333333, 1E30, 4.50, 2e-3, 0.000000000000000000000000001)))
                .isEqualTo("[333333333.3333333,1e+30,4.5,0.002,1e-27]");
        assertThat(CanonicalJson.of(List.of(-0.0, 1e21, 1e20, 1e-6, 1e-7, 295147905179352830000.0)))
                .isEqualTo("[0,1e+21,100000000000000000000,0.000001,1e-7,295147905179352830000]");
        assertThat(CanonicalJson.of("\u20ac$\u000f\nA'B\"\\\\\"/")).isEqualTo("\"€$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"");
    }

    /** Of some, {@code toString} has one digit too many before JDK 19. */
    @Test
    void canonicalJson_numbers_areTheSameWithEachJdk() {
        assertThat(CanonicalJson.of(List.of(
                        Double.parseDouble("2E23"), Double.parseDouble("5.684341886080802E-14"), 2.0E-3, 1.1f, 0.1f)))
                .isEqualTo("[2e+23,5.684341886080802e-14,0.002,1.1,0.1]");
    }

    @Property(tries = 500)
    void canonicalJson_anyContent_isReadBackAsIt(@ForAll("contents") Object content) throws Exception {
        ObjectMapper json = new ObjectMapper();
        JsonNode read = json.readTree(CanonicalJson.of(content));
        assertThat(CanonicalJson.of(plain(read))).isEqualTo(CanonicalJson.of(content));
        assertThat(same(plain(read), content)).isTrue();
    }

    @Property(tries = 500)
    void canonicalJson_twoContents_areTheSameOnlyIfTheContentsAre(
            @ForAll("contents") Object one, @ForAll("contents") Object other) {
        assertThat(CanonicalJson.of(one).equals(CanonicalJson.of(other))).isEqualTo(same(one, other));
    }

    @Property(tries = 200)
    void canonicalJson_namesInAnyOrder_isTheSame(@ForAll("maps") Map<String, Object> map, @ForAll long seed) {
        List<Map.Entry<String, Object>> entries = new ArrayList<>(map.entrySet());
        Collections.shuffle(entries, new Random(seed));
        Map<String, Object> shuffled = new LinkedHashMap<>();
        entries.forEach(each -> shuffled.put(each.getKey(), each.getValue()));
        assertThat(CanonicalJson.of(shuffled)).isEqualTo(CanonicalJson.of(map));
    }

    private static boolean same(@Nullable Object one, @Nullable Object other) {
        if (one instanceof Number number && other instanceof Number second) {
            return decimal(number).compareTo(decimal(second)) == 0;
        }
        if (one instanceof List<?> list && other instanceof List<?> second) {
            boolean all = list.size() == second.size();
            for (int i = 0; all && i < list.size(); i++) {
                all = same(list.get(i), second.get(i));
            }
            return all;
        }
        if (one instanceof Map<?, ?> map && other instanceof Map<?, ?> second) {
            return map.keySet().equals(second.keySet())
                    && map.keySet().stream().allMatch(name -> same(map.get(name), second.get(name)));
        }
        return Objects.equals(one, other);
    }

    private static BigDecimal decimal(Number number) {
        return new BigDecimal(number instanceof Double real ? ShortestDecimal.of(real) : number.toString());
    }

    private static Object plain(JsonNode node) {
        if (node.isObject()) {
            Map<String, Object> map = new LinkedHashMap<>();
            node.properties().forEach(each -> map.put(each.getKey(), plain(each.getValue())));
            return map;
        }
        if (node.isArray()) {
            List<Object> list = new ArrayList<>();
            node.forEach(each -> list.add(plain(each)));
            return list;
        }
        if (node.isNumber()) {
            return node.isIntegralNumber() ? node.bigIntegerValue() : node.doubleValue();
        }
        return node.isBoolean() ? (Object) node.booleanValue() : node.textValue();
    }

    @Provide
    Arbitrary<Object> contents() {
        Arbitrary<Object> leaves = Arbitraries.oneOf(
                Arbitraries.strings().ofMaxLength(6).map(each -> (Object) each),
                Arbitraries.of("", "1", "true", "\"", "\ud83d\ude00", "a\u0000b")
                        .map(each -> (Object) each),
                Arbitraries.integers().between(-3, 3).map(each -> (Object) each),
                Arbitraries.longs().map(each -> (Object) each),
                Arbitraries.doubles().map(each -> (Object) each),
                Arbitraries.of(true, false).map(each -> (Object) each));
        return Arbitraries.recursive(
                () -> leaves,
                inner -> Arbitraries.oneOf(
                        inner.list().ofMaxSize(3).map(each -> (Object) each),
                        Arbitraries.maps(Arbitraries.strings().alpha().ofMaxLength(3), inner)
                                .ofMaxSize(3)
                                .map(each -> (Object) each)),
                0,
                2);
    }

    @Provide
    Arbitrary<Map<String, Object>> maps() {
        return Arbitraries.maps(Arbitraries.strings().ofMaxLength(4), contents())
                .ofMaxSize(6);
    }
}
