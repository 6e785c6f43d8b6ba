package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.iftb.cache.settings.SettingSources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Properties;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.Caching;
import javax.cache.configuration.OptionalFeature;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Rules of JSR-107 for providers; none of them needs a server. */
class IftbCachingProviderTest {

    private final IftbCachingProvider provider =
            new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));

    @AfterEach
    void close() {
        provider.close();
    }

    @Test
    void getCachingProvider_ofTheSpecification_findsOnlyOurs() {
        assertThat(Caching.getCachingProviders()).hasExactlyElementsOfTypes(IftbCachingProvider.class);
        assertThat(Caching.getCachingProvider()).isInstanceOf(IftbCachingProvider.class);
    }

    @Test
    void getCacheManager_nulls_meanTheDefaults() {
        CacheManager manager = provider.getCacheManager();

        assertThat(provider.getCacheManager(null, null)).isSameAs(manager);
        assertThat(provider.getCacheManager(null, null, null)).isSameAs(manager);
        assertThat(provider.getCacheManager(provider.getDefaultURI(), provider.getDefaultClassLoader()))
                .isSameAs(manager);
        assertThat(manager.getURI()).isEqualTo(provider.getDefaultURI());
        assertThat(manager.getClassLoader()).isSameAs(provider.getDefaultClassLoader());
        assertThat(manager.getCachingProvider()).isSameAs(provider);
        assertThat(manager.getProperties()).isEmpty();
    }

    @Test
    void getDefaultUri_asPartOfAnMBeanName_isPlain() {
        assertThat(provider.getDefaultURI().toString()).matches("[a-z-]+");
    }

    @Test
    void getCacheManager_otherUriOrLoader_isAnother() {
        CacheManager manager = provider.getCacheManager();
        ClassLoader loader = new Loader();

        assertThat(provider.getCacheManager(URI.create("other"), null)).isNotSameAs(manager);
        assertThat(provider.getCacheManager(null, loader)).isNotSameAs(manager);
        assertThat(provider.getCacheManager(null, loader).getClassLoader()).isSameAs(loader);
    }

    @Test
    void getCacheManager_properties_comeBack() {
        Properties defaults = new Properties();
        defaults.setProperty("inherited", "1");
        Properties properties = new Properties(defaults);
        properties.setProperty("own", "2");

        Properties got = provider.getCacheManager(null, null, properties).getProperties();

        assertThat(got).containsEntry("inherited", "1").containsEntry("own", "2");
    }

    @Test
    void getCacheManager_closedManager_isReplaced() {
        CacheManager manager = provider.getCacheManager();

        manager.close();

        assertThat(provider.getCacheManager()).isNotSameAs(manager);
        assertThat(provider.getCacheManager().isClosed()).isFalse();
    }

    @Test
    void close_all_closesEveryManagerAndCanGoOn() {
        CacheManager first = provider.getCacheManager();
        CacheManager second = provider.getCacheManager(URI.create("other"), new Loader());

        provider.close();
        provider.close();

        assertThat(first.isClosed()).isTrue();
        assertThat(second.isClosed()).isTrue();
        assertThat(provider.getCacheManager().isClosed()).isFalse();
    }

    @Test
    void close_ofALoader_closesItsManagersOnly() {
        ClassLoader loader = new Loader();
        CacheManager ofDefault = provider.getCacheManager();
        CacheManager first = provider.getCacheManager(null, loader);
        CacheManager second = provider.getCacheManager(URI.create("other"), loader);

        provider.close(loader);
        assertThat(first.isClosed() && second.isClosed()).isTrue();
        assertThat(ofDefault.isClosed()).isFalse();

        provider.close((ClassLoader) null);
        assertThat(ofDefault.isClosed()).isTrue();
    }

    @Test
    void close_ofAUriAndALoader_closesThatManagerOnly() {
        CacheManager manager = provider.getCacheManager();
        CacheManager other = provider.getCacheManager(URI.create("other"), null);

        provider.close(URI.create("nobody"), null);
        provider.close(URI.create("other"), null);

        assertThat(other.isClosed()).isTrue();
        assertThat(manager.isClosed()).isFalse();
        provider.close(null, null);
        assertThat(manager.isClosed()).isTrue();
    }

    @Test
    void isSupported_storeByReference_isNot() {
        assertThat(provider.isSupported(OptionalFeature.STORE_BY_REFERENCE)).isFalse();
    }

    @Test
    void getCacheManager_wrongSetting_isRefusedAndLeavesNoManager() {
        Properties wrong = new Properties();
        wrong.setProperty("iftb.cache.redis.database", "-1");

        assertThatExceptionOfType(CacheException.class)
                .isThrownBy(() -> provider.getCacheManager(null, null, wrong))
                .withMessageContaining("iftb.cache.redis.database");
        assertThat(provider.getCacheManager().isClosed()).isFalse();
    }

    @Test
    void toString_addressWithPassword_hidesIt() {
        CacheManager manager = provider.getCacheManager(URI.create("redis://user:secret@localhost:6379"), null);

        assertThat(manager.toString()).contains("localhost").doesNotContain("secret");
    }

    /** A separate class loader. */
    private static final class Loader extends ClassLoader {
        Loader() {
            super(Loader.class.getClassLoader());
        }
    }

    @Test
    void getCacheManager_againWithAnotherSetting_warnsOfItsName() {
        Properties properties = new Properties();
        properties.setProperty("iftb.cache.namespace", "bot1");
        properties.setProperty("iftb.cache.redis.breaker", "7");
        CacheManager manager = provider.getCacheManager(null, null, properties);
        Properties others = new Properties(properties);
        others.setProperty("iftb.cache.namespace", "bot2");

        assertThat(logged(() -> assertThat(provider.getCacheManager(null, null, properties))
                        .isSameAs(manager)))
                .isEmpty();
        assertThat(logged(() ->
                        assertThat(provider.getCacheManager(null, null, others)).isSameAs(manager)))
                .contains("'iftb-cache' is open already", "are ignored: [iftb.cache.namespace]")
                .doesNotContain("bot2");
    }

    @Test
    void getCacheManager_againByAnAddressWithAPassword_warnsWithoutIt() {
        URI uri = URI.create("redis://bot:s3cr3t@127.0.0.1:1");
        provider.getCacheManager(uri, null, null);
        Properties others = new Properties();
        others.setProperty("iftb.cache.namespace", "bot2");

        assertThat(logged(() -> provider.getCacheManager(uri, null, others)))
                .contains("'redis://***@127.0.0.1:1' is open already")
                .doesNotContain("s3cr3t");
    }

    private static String logged(Runnable action) {
        PrintStream before = System.err;
        ByteArrayOutputStream log = new ByteArrayOutputStream();
        System.setErr(new PrintStream(log, true, StandardCharsets.UTF_8));
        try {
            action.run();
        } finally {
            System.setErr(before);
        }
        return log.toString(StandardCharsets.UTF_8);
    }
}
