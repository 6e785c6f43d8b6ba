package io.iftb.cache;

import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletionStage;

/** Results of LLM analyses by the kind of analysis and the hash of its input. */
public final class LlmCache {

    private final TypedEntries<AnalysisKey, Analysis> analyses;

    LlmCache(TypedEntries<AnalysisKey, Analysis> analyses) {
        this.analyses = analyses;
    }

    /** The SHA-256 of a text's UTF-8 bytes, in lower-case hexadecimal. */
    public static String hash(String input) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-256").digest(input.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every Java platform supports SHA-256
        }
    }

    /** The result of an analysis, if it is cached. */
    public Optional<Analysis> get(AnalysisKey key) {
        return analyses.get(key);
    }

    /** Like {@link #get}. */
    public CompletionStage<Optional<Analysis>> getAsync(AnalysisKey key) {
        return analyses.getAsync(key);
    }

    /** Stores the result of an analysis, for 300 s unless {@code iftb.cache.caches.llm.expiry} sets another lifetime. */
    public void put(AnalysisKey key, Analysis analysis) {
        analyses.put(key, analysis);
    }

    /** Like {@link #put}. */
    public CompletionStage<Void> putAsync(AnalysisKey key, Analysis analysis) {
        return analyses.putAsync(key, analysis);
    }
}
