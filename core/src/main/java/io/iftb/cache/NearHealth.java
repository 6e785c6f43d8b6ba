package io.iftb.cache;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How well this JVM hears what changes on the server, for all near caches of one connection. Writes that the server
 * acknowledged and lost in a failover are not covered by the bound.
 *
 * @param hearing whether changes are heard; else all reads go to the server, and near caches give nothing while that answers
 * @param fenced whether fenced reads can be had; else they go to the server
 * @param problem why one of both is not so, with the remedy; null if both are
 * @param bound how old a value from a near cache is at most
 * @param lastFence how long the last fence took
 * @param epochs how often everything that was held had to be dropped
 * @param changes how many changed keys were heard
 */
public record NearHealth(
        boolean hearing,
        boolean fenced,
        @Nullable String problem,
        Duration bound,
        Duration lastFence,
        long epochs,
        long changes) {}
