package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.context.annotation.Conditional;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Lazy;
import org.springframework.core.env.ConfigurableEnvironment;
import org.springframework.core.env.Environment;
import org.springframework.core.type.AnnotatedTypeMetadata;

/**
 * What a Spring Boot application gets by having the provider: {@link MarketCaches} as a bean, all settings {@code iftb.cache.*} in
 * {@code application.yaml}, also for the cache manager of {@code @EnableCaching}, whose connection is shared, and health and
 * metrics where Actuator and Micrometer are there. {@code iftb.cache.enabled} = {@code false} switches all of it off. It is
 * made for Spring Boot 3.5 and 4, where some types have the same names in other packages.
 */
@AutoConfiguration
@ConditionalOnProperty(name = "iftb.cache.enabled", matchIfMissing = true)
final class IftbCacheAutoConfiguration {

    private static final String HEALTH = "management.health.iftb-cache.enabled";
    private static final String EVERY_HEALTH = "management.health.defaults.enabled";
    private static final String INDICATOR = "iftbCacheHealthIndicator";

    /** Gives the health the same name. */
    private static final String CONTRIBUTOR = "iftbCacheHealthContributor";

    private static final String OBSERVATIONS = "management.observations.iftb-cache.enabled";

    @Bean
    BootSettings iftbCacheSettings(ConfigurableEnvironment environment) {
        return new BootSettings(environment);
    }

    @Bean
    SharedCaches iftbSharedCaches(
            BootSettings settings,
            ObjectProvider<javax.cache.CacheManager> managers,
            ObjectProvider<CachesWatcher> watchers) {
        return new SharedCaches(settings, managers, watchers);
    }

    @Bean
    static CachesBeans iftbCachesBeans(ObjectProvider<SharedCaches> shared) {
        return new CachesBeans(shared);
    }

    @Bean
    DeclaredTypes iftbDeclaredTypes(ConfigurableListableBeanFactory beans) {
        return new DeclaredTypes(beans);
    }

    /** Connects when it is first asked for, not before: an application that does not use it needs no server. */
    @Bean(destroyMethod = "") // SharedCaches closes what is to be closed
    @Lazy
    @ConditionalOnMissingBean
    MarketCaches marketCaches(SharedCaches shared) {
        return shared.get();
    }

    /** Spring Boot 3: gives the settings to the cache manager that it makes. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.autoconfigure.cache.JCachePropertiesCustomizer")
    static final class CacheManager3 {

        @Bean
        org.springframework.boot.autoconfigure.cache.JCachePropertiesCustomizer iftbCacheProperties(
                BootSettings settings) {
            return settings::addTo;
        }
    }

    /** Spring Boot 4: gives the settings to the cache manager that it makes. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.cache.autoconfigure.JCachePropertiesCustomizer")
    static final class CacheManager4 {

        @Bean
        org.springframework.boot.cache.autoconfigure.JCachePropertiesCustomizer iftbCacheProperties(
                BootSettings settings) {
            return settings::addTo;
        }
    }

    /** The rule of Spring Boot for each health; its own annotation is in another package in each generation. */
    static final class OnHealth implements Condition {

        @Override
        public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
            Environment environment = context.getEnvironment();
            boolean every = Boolean.parseBoolean(environment.getProperty(EVERY_HEALTH, "true"));
            return environment.getProperty(HEALTH, Boolean.class, every);
        }
    }

    /** Spring Boot 3 with Actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.actuate.health.HealthIndicator")
    @Conditional(OnHealth.class)
    static final class Health3 {

        @Bean
        @ConditionalOnMissingBean(name = {INDICATOR, CONTRIBUTOR})
        org.springframework.boot.actuate.health.HealthIndicator iftbCacheHealthIndicator(
                ObjectProvider<MarketCaches> caches) {
            return () -> {
                HealthDetails found = HealthDetails.of(caches);
                org.springframework.boot.actuate.health.Health.Builder health =
                        new org.springframework.boot.actuate.health.Health.Builder();
                return (found.isUp() ? health.up() : health.down())
                        .withDetails(found.details())
                        .build();
            };
        }
    }

    /** Spring Boot 4 with Actuator. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "org.springframework.boot.health.contributor.HealthIndicator")
    @Conditional(OnHealth.class)
    static final class Health4 {

        @Bean
        @ConditionalOnMissingBean(name = {INDICATOR, CONTRIBUTOR})
        org.springframework.boot.health.contributor.HealthIndicator iftbCacheHealthIndicator(
                ObjectProvider<MarketCaches> caches) {
            return () -> {
                HealthDetails found = HealthDetails.of(caches);
                org.springframework.boot.health.contributor.Health.Builder health =
                        new org.springframework.boot.health.contributor.Health.Builder();
                return (found.isUp() ? health.up() : health.down())
                        .withDetails(found.details())
                        .build();
            };
        }
    }

    /** With Micrometer. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.core.instrument.MeterRegistry")
    static final class Metrics {

        @Bean
        MetricsWatcher iftbCacheMetrics(
                ObjectProvider<io.micrometer.core.instrument.MeterRegistry> registries,
                ObjectProvider<SharedCaches> shared) {
            return new MetricsWatcher(registries, shared);
        }
    }

    /** With the observations of Micrometer, where the application wants them: each call costs more with them. */
    @Configuration(proxyBeanMethods = false)
    @ConditionalOnClass(name = "io.micrometer.observation.ObservationRegistry")
    @ConditionalOnProperty(name = OBSERVATIONS)
    static final class Observations {

        @Bean
        ObservationsWatcher iftbCacheObservations(
                ObjectProvider<io.micrometer.observation.ObservationRegistry> registries) {
            return new ObservationsWatcher(registries);
        }
    }
}
