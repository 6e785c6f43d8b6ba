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
        requireText("analysis type", type);
        requireText("input hash", inputHash);
    }

    private static void requireText(String name, String text) {
        Objects.requireNonNull(text, name);
        if (text.isBlank()) {
            throw new IllegalArgumentException(name + " '" + text + "' is blank");
        }
    }
}
