package io.iftb.cache;

import io.iftb.cache.ComputedEntries.Computed;
import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.AnalysisKey;
import io.iftb.cache.store.DatedValue;
import io.iftb.cache.store.FreshnessCounts;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;

/**
 * Results of LLM analyses by the kind of analysis and the hash of its input.
 *
 * <p>{@code computeIfAbsent} makes one call for all who need the same analysis at the same time, in however many JVMs: one
 * has a lease on it, the others wait for its end, at most as long as {@code iftb.cache.user-code-timeout}. If the one who
 * computes dies, another does it after the lease, 10 s at most. A put or a removal meanwhile wins.
 */
public final class LlmCache {

    private final TypedEntries<AnalysisKey, Analysis> analyses;
    private final ComputedEntries<AnalysisKey, Analysis> computing;
    private final LlmTotals totals = new LlmTotals();

    LlmCache(TypedEntries<AnalysisKey, Analysis> analyses) {
        this.analyses = analyses;
        this.computing = new ComputedEntries<>(analyses);
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

    /**
     * Like {@link #get}, with the age of the result and where it comes from; also of one past its end that the settings keep for
     * a while, as {@code stale-if-error} does.
     */
    public Optional<DatedValue<Analysis>> getDated(AnalysisKey key) {
        return analyses.redis().await(analyses.getDatedAsync(key));
    }

    /** Like {@link #getDated}. */
    public CompletionStage<Optional<DatedValue<Analysis>>> getDatedAsync(AnalysisKey key) {
        return analyses.getDatedAsync(key);
    }

    /** Stores the result of an analysis, for 300 s unless {@code iftb.cache.caches.llm.expiry} sets another lifetime. */
    public void put(AnalysisKey key, Analysis analysis) {
        analyses.put(key, analysis);
    }

    /** Like {@link #put}. */
    public CompletionStage<Void> putAsync(AnalysisKey key, Analysis analysis) {
        return analyses.putAsync(key, analysis);
    }

    /**
     * The result of an analysis: the one that is cached, or that one caller of all JVMs computes.
     *
     * @param code computes it, in this thread, or in another if the settings of freshness say that the caller does not wait for
     *     its end; it may be slow, and must not ask for the same analysis
     * @throws RuntimeException what the code throws; nothing is cached then
     * @throws io.iftb.cache.redis.RedisServerException if another has computed it for too long, or this thread is interrupted
     *     while it waits
     */
    public Analysis computeIfAbsent(AnalysisKey key, Supplier<Analysis> code) {
        return computeIfAbsent(key, code, 0);
    }

    /** Like {@link #computeIfAbsent(AnalysisKey, Supplier)}, by a request, whose cost counts as saved if no call is made. */
    public Analysis computeIfAbsent(LlmRequest request, Supplier<Analysis> code) {
        return computeIfAbsent(request.key(), code, request.cost());
    }

    private Analysis computeIfAbsent(AnalysisKey key, Supplier<Analysis> code, double cost) {
        LlmCall call = totals.begin(cost);
        return call.answered(computing.computeIfAbsent(key, call.counting(code)));
    }

    /**
     * Like {@link #computeIfAbsent(AnalysisKey, Supplier)}. The future may be cancelled; when all who wait have done that, the
     * future of the code is cancelled too, and the lease is given back.
     *
     * @param code begins to compute it, without waiting
     */
    public CompletableFuture<Analysis> computeIfAbsentAsync(
            AnalysisKey key, Supplier<? extends CompletionStage<Analysis>> code) {
        return computeIfAbsentAsync(key, code, 0);
    }

    /** Like {@link #computeIfAbsentAsync(AnalysisKey, Supplier)}, by a request. */
    public CompletableFuture<Analysis> computeIfAbsentAsync(
            LlmRequest request, Supplier<? extends CompletionStage<Analysis>> code) {
        return computeIfAbsentAsync(request.key(), code, request.cost());
    }

    private CompletableFuture<Analysis> computeIfAbsentAsync(
            AnalysisKey key, Supplier<? extends CompletionStage<Analysis>> code, double cost) {
        LlmCall call = totals.begin(cost);
        CompletableFuture<Computed<Analysis>> pending = computing.computeIfAbsentAsync(key, call.countingStage(code));
        CompletableFuture<Analysis> result = new CompletableFuture<>();
        var unused = pending.whenComplete((done, error) -> {
            if (error == null) {
                result.complete(call.answered(done));
            } else {
                result.completeExceptionally(
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
        var unusedToo = result.whenComplete((done, error) -> pending.cancel(false));
        return result;
    }

    /** Computes an analysis and puts it, whatever is cached or being computed. */
    public Analysis compute(AnalysisKey key, Supplier<Analysis> code) {
        Analysis analysis =
                ComputedEntries.value(key, totals.begin(0).counting(code).get());
        put(key, analysis);
        return analysis;
    }

    /** Like {@link #compute}. */
    public CompletionStage<Analysis> computeAsync(AnalysisKey key, Supplier<? extends CompletionStage<Analysis>> code) {
        return computing.computeAsync(key, totals.begin(0).countingStage(code));
    }

    /** What was saved in this JVM. */
    public LlmCounts counts() {
        return totals.counts();
    }

    /** What was done in this JVM to keep analyses fresh. */
    public FreshnessCounts freshness() {
        return analyses.cache().freshness().counts();
    }
}
