package io.iftb.cache.jcache;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.cache.Caching;
import javax.cache.spi.CachingProvider;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Other caching providers on the class path. With one, {@code Caching.getCachingProvider()} fails and names no remedy. */
final class OtherProviders {

    private static final Logger LOG = LoggerFactory.getLogger(OtherProviders.class);
    private static final String OURS = IftbCachingProvider.class.getName();
    private static final AtomicBoolean WARNED = new AtomicBoolean();

    private OtherProviders() {}

    /** Logs the remedy once, unless the system property names the provider to use. */
    static void warnOnce() {
        if (WARNED.get() || System.getProperty(Caching.JAVAX_CACHE_CACHING_PROVIDER) != null) {
            return;
        }
        Set<String> others = registered(Caching.getDefaultClassLoader());
        others.remove(OURS);
        if (!others.isEmpty() && !WARNED.getAndSet(true)) {
            LOG.warn(
                    "The class path has other caching providers too: {}. So Caching.getCachingProvider() fails"
                            + " without a name. Exclude the"
                            + " artifacts that bring them, or name this provider: Caching.getCachingProvider(\"{}\"), or the"
                            + " system property {}, or in Spring Boot spring.cache.jcache.provider",
                    others,
                    OURS,
                    Caching.JAVAX_CACHE_CACHING_PROVIDER);
        }
    }

    /** The names in the registrations that a class loader sees. */
    private static Set<String> registered(ClassLoader loader) {
        Set<String> names = new TreeSet<>();
        try {
            List<URL> files =
                    Collections.list(loader.getResources("META-INF/services/" + CachingProvider.class.getName()));
            for (URL file : files) {
                try (BufferedReader lines =
                        new BufferedReader(new InputStreamReader(file.openStream(), StandardCharsets.UTF_8))) {
                    lines.lines()
                            .map(line -> line.split("#", 2)[0].strip())
                            .filter(name -> !name.isEmpty())
                            .forEach(names::add);
                }
            }
        } catch (IOException e) {
            LOG.debug("The registrations of caching providers cannot be read", e);
        }
        return names;
    }
}
