package io.iftb.cache;

import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import java.util.Optional;

/** Results of LLM analyses by the kind of analysis and the hash of its input. */
public final class LlmCache {

    LlmCache() {}

    /** The SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
    public static String hash(String input) {
        throw new UnsupportedOperationException();
    }

    /** The result of an analysis, if it is there. */
    public Optional<Analysis> get(AnalysisKey key) {
        throw new UnsupportedOperationException();
    }

    /** Stores the result of an analysis for 300 s. */
    public void put(AnalysisKey key, Analysis analysis) {
        throw new UnsupportedOperationException();
    }
}
