package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.embedded.EmbeddedServer;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.util.List;
import java.util.Set;
import javax.cache.configuration.MutableConfiguration;
import javax.management.MBeanServer;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The MBeans of caches on the platform's server. */
class MBeanRegistrationsTest {

    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final JCacheFixture fixture = JCacheFixture.open();
    private final IftbCacheManager manager = fixture.manager();

    @AfterEach
    void close() {
        fixture.close();
    }

    @Test
    void createCache_configuredForBoth_isThereUntilItCloses() throws Exception {
        var cache = manager.createCache("odd,name=with:all\n*?\"of it", configuration(true));
        cache.put("k", 1L);
        cache.get("k");
        cache.get("none");

        assertThat(names("CacheStatistics")).hasSize(1);
        assertThat(names("CacheConfiguration")).hasSize(1);
        ObjectName statistics = names("CacheStatistics").iterator().next();
        assertThat(statistics.getKeyProperty("Cache")).isEqualTo("odd.name.with.all....of it");
        assertThat(server.getAttribute(statistics, "CacheHits")).isEqualTo(1L);
        assertThat(server.getAttribute(statistics, "CacheMisses")).isEqualTo(1L);
        assertThat(server.getAttribute(statistics, "CachePuts")).isEqualTo(1L);
        assertThat(server.getAttribute(statistics, "CacheHitPercentage")).isEqualTo(50f);
        assertThat((Float) server.getAttribute(statistics, "AverageGetTime")).isPositive();
        assertThat((Float) server.getAttribute(statistics, "AverageRemoveTime")).isZero();
        ObjectName configuration = names("CacheConfiguration").iterator().next();
        assertThat(server.getAttribute(configuration, "ValueType")).isEqualTo("java.lang.Long");
        assertThat(server.getAttribute(configuration, "StatisticsEnabled")).isEqualTo(true);

        cache.close();
        assertThat(names("*")).isEmpty();
    }

    @Test
    void enable_atRunTime_showsInTheConfigurationAndCountsFromThen() {
        manager.createCache("counts", configuration(false));
        RedisCache<String, Long> cache = (RedisCache<String, Long>) manager.<String, Long>getCache("counts");
        assertThat(cache).isNotNull();
        cache.put("k", 1L);

        manager.enableStatistics("counts", true);
        manager.enableManagement("counts", true);
        manager.enableManagement("counts", true);
        cache.put("k", 2L);

        assertThat(names("*")).hasSize(2);
        assertThat(cache.statistics().getCachePuts()).isEqualTo(1);
        manager.enableStatistics("counts", false);
        cache.put("k", 3L);
        assertThat(names("*")).hasSize(1);
        assertThat(cache.statistics().getCachePuts()).isEqualTo(1);
        manager.close();
        assertThat(names("*")).isEmpty();
    }

    @Test
    void createCache_addressWithPassword_isInTheNameWithoutIt() throws Exception {
        try (EmbeddedServer guarded = EmbeddedServer.builder()
                .arguments("--requirepass", "opensesame")
                .start()) {
            URI uri = URI.create(guarded.uri().replace("://", "://default:opensesame@"));
            fixture.provider().getCacheManager(uri, null).createCache("guarded", configuration(true));

            assertThat(server.queryNames(new ObjectName("javax.cache:Cache=guarded,*"), null))
                    .hasSize(2)
                    .allSatisfy(name -> assertThat(name.toString())
                            .contains("127.0.0.1." + guarded.port())
                            .doesNotContain("sesame"));
        }
    }

    @Test
    void createCache_namesThatAreEqualOnceCleaned_haveMBeansOfTheirOwn() throws Exception {
        for (String name : List.of("a:b", "a=b", "a*b", "a.b")) {
            manager.createCache(name, configuration(true)).put("k", 1L);
        }

        assertThat(names("CacheStatistics"))
                .hasSize(4)
                .allSatisfy(name ->
                        assertThat(server.getAttribute(name, "CachePuts")).isEqualTo(1L))
                .anySatisfy(name -> assertThat(name.getKeyProperty("Cache")).isEqualTo("a.b"));
        assertThat(names("CacheConfiguration")).hasSize(4);

        manager.destroyCache("a:b");
        assertThat(names("CacheStatistics")).hasSize(3);
        manager.createCache("a.c", configuration(true));
        assertThat(names("CacheStatistics"))
                .anySatisfy(name -> assertThat(name.getKeyProperty("Cache")).isEqualTo("a.c"));
        manager.close();
        assertThat(names("*")).isEmpty();
    }

    private Set<ObjectName> names(String type) {
        try {
            String uri = manager.getURI().toString().replace(':', '.');
            return server.queryNames(new ObjectName("javax.cache:type=" + type + ",CacheManager=" + uri + ",*"), null);
        } catch (MalformedObjectNameException e) {
            throw new AssertionError(e);
        }
    }

    private static MutableConfiguration<String, Long> configuration(boolean enabled) {
        return new MutableConfiguration<String, Long>()
                .setTypes(String.class, Long.class)
                .setStatisticsEnabled(enabled)
                .setManagementEnabled(enabled);
    }
}
