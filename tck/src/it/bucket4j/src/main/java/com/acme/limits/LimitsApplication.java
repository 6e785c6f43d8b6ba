package com.acme.limits;

import javax.cache.CacheManager;
import javax.cache.Caching;

/** Takes what is left of a limit of 10 requests, and prints how many that were. */
public final class LimitsApplication {

    private LimitsApplication() {}

    public static void main(String[] arguments) {
        try (CacheManager caches = Caching.getCachingProvider().getCacheManager()) {
            Limits limits = new Limits(caches);
            System.out.println("took " + limits.of("bitget", 10).tryConsumeAsMuchAsPossible());
        }
    }
}
