package io.iftb.cache.market;

import java.util.Objects;

/**
 * The result of an LLM analysis: a JSON document, kept as it was given.
 *
 * <p>The constructor does not parse the text, so it may be invalid JSON.
 *
 * @param json the document, not blank
 */
public record Analysis(String json) {

    /** @throws IllegalArgumentException if the text is blank */
    public Analysis {
        Objects.requireNonNull(json, "json");
        if (json.isBlank()) {
            throw new IllegalArgumentException("analysis is blank; give a JSON document");
        }
    }
}
