package io.iftb.cache.market;

import java.util.Objects;

/**
 * Names the result of an LLM analysis.
 *
 * @param type the kind of analysis, such as {@code sentiment}; not blank
 * @param inputHash the hash of its input, usually SHA-256 in hexadecimal; not blank
 */
public record AnalysisKey(String type, String inputHash) {

    /** @throws IllegalArgumentException if a part is blank */
    public AnalysisKey {
        requireText("analysis type", type, "such as sentiment");
        requireText("input hash", inputHash, "such as LlmCache.hash(input)");
    }

    private static void requireText(String name, String text, String example) {
        Objects.requireNonNull(text, name);
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " '" + text + "' is blank; give text, " + example);
        }
    }
}
