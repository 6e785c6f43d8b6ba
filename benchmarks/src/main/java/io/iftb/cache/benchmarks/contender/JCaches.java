package io.iftb.cache.benchmarks.contender;

import java.net.URI;
import java.util.Properties;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.MutableConfiguration;

/** Providers of the standard. All are asked for by name, since there are several on the class path. */
final class JCaches {

    private JCaches() {}

    /** Ours, as users get it. */
    static EntryContender iftb(String uri, String namespace) {
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.namespace", namespace);
        CacheManager manager = Caching.getCachingProvider("io.iftb.cache.jcache.IftbCachingProvider")
                .getCacheManager(URI.create(uri), null, properties);
        return new JCacheEntries(manager, new MutableConfiguration<>(), () -> {});
    }
}
