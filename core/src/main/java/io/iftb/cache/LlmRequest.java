package io.iftb.cache;

import io.iftb.cache.market.AnalysisKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is asked of a language model: everything that may shape its answer. Its {@link #key} is the SHA-256 of its {@link
 * #canonicalJson}, so two requests that differ in anything have different keys. What you do not know to be without effect
 * belongs into it, by {@link Builder#parameter}; what you know to be without effect may be left out, and you have to say so by
 * {@link Builder#withoutParameter}.
 *
 * <p>A request with a temperature or without a seed may be answered differently each time: a cached answer is one of them.
 */
public final class LlmRequest {

    private final String type;
    private final String canonicalJson;
    private final double cost;

    private LlmRequest(Builder builder) {
        this.type = builder.type;
        this.canonicalJson = CanonicalJson.of(builder.document());
        this.cost = builder.cost;
    }

    /**
     * Begins a request.
     *
     * @param type the kind of analysis, such as {@code sentiment}; not blank
     */
    public static Builder builder(String type) {
        return new Builder(type);
    }

    /** The key of its analysis. */
    public AnalysisKey key() {
        return new AnalysisKey(type, LlmCache.hash(canonicalJson));
    }

    /** The request as JSON in one form only (RFC 8785): names sorted, no spaces, numbers in their shortest form. */
    public String canonicalJson() {
        return canonicalJson;
    }

    /** What a call costs, in a currency of your choice; 0 if unknown. It is not part of the key. */
    public double cost() {
        return cost;
    }

    @Override
    public String toString() {
        return "LlmRequest" + canonicalJson;
    }

    /** Collects what is asked. */
    public static final class Builder {

        private final String type;
        private final Map<String, Object> parts = new TreeMap<>();
        private final List<Object> messages = new ArrayList<>();
        private final List<Object> tools = new ArrayList<>();
        private final Map<String, Object> parameters = new TreeMap<>();
        private final Set<String> leftOut = new TreeSet<>();
        private double cost;

        private Builder(String type) {
            this.type = new AnalysisKey(type, "checked").type();
            parts.put("type", type);
        }

        /** Who serves the model. */
        public Builder provider(String provider) {
            parts.put("provider", Objects.requireNonNull(provider, "provider"));
            return this;
        }

        /** The model, with its version. */
        public Builder model(String model) {
            parts.put("model", Objects.requireNonNull(model, "model"));
            return this;
        }

        /** The sampling temperature. */
        public Builder temperature(double temperature) {
            parts.put("temperature", temperature);
            return this;
        }

        /** The system prompt. */
        public Builder system(String prompt) {
            parts.put("system", Objects.requireNonNull(prompt, "prompt"));
            return this;
        }

        /** Adds a message; their order is part of the key. */
        public Builder message(String role, String content) {
            messages.add(Map.of("role", role, "content", content));
            return this;
        }

        /** Adds a message of parts, such as text and images: maps, lists, text, numbers, booleans and null. */
        public Builder message(String role, List<?> content) {
            messages.add(Map.of("role", role, "content", CanonicalJson.copy(content)));
            return this;
        }

        /** Adds the description of a tool: maps, lists, text, numbers, booleans and null. */
        public Builder tool(Object description) {
            tools.add(CanonicalJson.copy(description));
            return this;
        }

        /** The seed of the sampling. */
        public Builder seed(long seed) {
            parts.put("seed", seed);
            return this;
        }

        /** Anything else, such as {@code max_tokens}: maps, lists, text, numbers, booleans and null. */
        public Builder parameter(String name, @Nullable Object value) {
            parameters.put(Objects.requireNonNull(name, "name"), CanonicalJson.copy(value));
            return this;
        }

        /** All of these parameters. */
        public Builder parameters(Map<String, ? extends @Nullable Object> all) {
            all.forEach(this::parameter);
            return this;
        }

        /** Leaves a parameter out of the key, since it does not shape the answer, such as {@code user} or {@code stream}. */
        public Builder withoutParameter(String name) {
            leftOut.add(Objects.requireNonNull(name, "name"));
            return this;
        }

        /**
         * What a call costs, to count what was saved.
         *
         * @throws IllegalArgumentException if it is negative or no number
         */
        public Builder cost(double price) {
            if (!(price >= 0 && price < Double.POSITIVE_INFINITY)) {
                throw new IllegalArgumentException("cost " + price + " of an LLM call; give a number of 0 or more");
            }
            cost = price;
            return this;
        }

        /**
         * The request.
         *
         * @throws IllegalArgumentException if a number is none that JSON can hold
         */
        public LlmRequest build() {
            return new LlmRequest(this);
        }

        private Map<String, Object> document() {
            Map<String, Object> document = new TreeMap<>(parts);
            Map<String, Object> kept = new TreeMap<>(parameters);
            kept.keySet().removeAll(leftOut);
            document.put("messages", messages);
            document.put("tools", tools);
            document.put("parameters", kept);
            return document;
        }
    }
}
