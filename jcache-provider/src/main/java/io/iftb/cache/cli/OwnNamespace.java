package io.iftb.cache.cli;

import io.iftb.cache.market.DomainCache;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.Setting;
import java.util.HexFormat;
import java.util.Properties;
import java.util.concurrent.ThreadLocalRandom;

/** A namespace that no other program uses, not even another run of the same command. */
final class OwnNamespace {

    private OwnNamespace() {}

    /** Settings with a new namespace for all domain caches, whatever the settings elsewhere say. */
    static Properties settings(String beginning) {
        byte[] random = new byte[6];
        ThreadLocalRandom.current().nextBytes(random);
        String namespace = beginning + "-" + HexFormat.of().formatHex(random);
        Properties settings = new Properties();
        settings.setProperty(Setting.NAMESPACE.propertyName(), namespace);
        for (DomainCache cache : DomainCache.values()) {
            settings.setProperty(CacheSetting.NAMESPACE.propertyName(cache.cacheName()), namespace);
        }
        return settings;
    }
}
