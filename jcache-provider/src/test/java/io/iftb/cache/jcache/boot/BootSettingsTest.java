package io.iftb.cache.jcache.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.springframework.core.env.MapPropertySource;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.core.env.SystemEnvironmentPropertySource;

/** Where several sources of Spring give a setting, the first one has it alone. */
class BootSettingsTest {

    private static final String TRUSTED = "iftb.cache.trusted";
    private static final String ADDRESS = "iftb.cache.redis.uri";
    private static final String PASSWORD = "iftb.cache.redis.password";

    private final StandardEnvironment environment = new StandardEnvironment();

    private BootSettingsTest with(String source, Map<String, Object> values) {
        environment
                .getPropertySources()
                .addLast(
                        source.equals("environment")
                                ? new SystemEnvironmentPropertySource(source, values)
                                : new MapPropertySource(source, values));
        return this;
    }

    private Properties properties() {
        Properties properties = new Properties();
        new BootSettings(environment).addTo(properties);
        return properties;
    }

    @Test
    void list_alone_isJoined() {
        with("application.yaml", Map.of(TRUSTED + "[1]", "b.*", TRUSTED + "[0]", "a.${tail}", "tail", "*"));
        assertThat(properties()).containsExactly(Map.entry(TRUSTED, "a.*,b.*"));
    }

    @Test
    void list_behindATextOfAnArgument_isIgnored() {
        with("arguments", Map.of(TRUSTED, "c.C")).with("application.yaml", Map.of(TRUSTED + "[0]", "a.*"));
        assertThat(properties()).containsExactly(Map.entry(TRUSTED, "c.C"));
    }

    @Test
    void list_behindAVariable_isIgnored() {
        with("environment", Map.of("IFTB_CACHE_TRUSTED", "c.C"))
                .with("application.yaml", Map.of(TRUSTED + "[0]", "a.*"));
        assertThat(properties()).containsExactly(Map.entry(TRUSTED, "c.C"));
    }

    @Test
    void list_ofAProfile_isNotCompletedByThatOfAll() {
        with("application-prod.yaml", Map.of("iftb.cache.redis.tls.protocols[0]", "TLSv1.3"))
                .with(
                        "application.yaml",
                        Map.of(
                                "iftb.cache.redis.tls.protocols[0]",
                                "TLSv1.3",
                                "iftb.cache.redis.tls.protocols[1]",
                                "TLSv1.2"));
        assertThat(properties()).containsExactly(Map.entry("iftb.cache.redis.tls.protocols", "TLSv1.3"));
    }

    @Test
    void value_thatIsNoText_isConverted() {
        with("defaults", Map.of(TRUSTED, List.of("a.*", "b.*"), "iftb.cache.redis.breaker", 7));
        assertThat(properties())
                .containsOnly(Map.entry(TRUSTED, "a.*,b.*"), Map.entry("iftb.cache.redis.breaker", "7"));
    }

    /** A value that another one overrides is not looked at. */
    @Test
    void placeholderThatIsUnknown_ofAValueThatDoesNotHold_isNoTrouble() {
        with("arguments", Map.of("iftb.cache.namespace", "bot1"))
                .with("application.yaml", Map.of("iftb.cache.namespace", "${UNKNOWN}", TRUSTED, "a.*"));
        assertThat(properties()).containsOnly(Map.entry("iftb.cache.namespace", "bot1"), Map.entry(TRUSTED, "a.*"));
    }

    @Test
    void placeholder_inAPasswordVariable_isPartOfIt() {
        with("environment", Map.of("IFTB_CACHE_REDIS_PASSWORD", "a${b:x}c"));
        assertThat(properties()).containsExactly(Map.entry(PASSWORD, "a${b:x}c"));
    }

    @Test
    void placeholder_inAFile_isResolvedUnlessItIsEscaped() {
        with("environment", Map.of("REDIS_PW", "secret"))
                .with("application.yaml", Map.of(PASSWORD, "${REDIS_PW}", "iftb.cache.redis.user", "a\\${b}c"));
        assertThat(properties())
                .containsOnly(Map.entry(PASSWORD, "secret"), Map.entry("iftb.cache.redis.user", "a${b}c"));
    }

    @Test
    void placeholderThatIsUnknown_isToldWithoutTheValue() {
        with("application.yaml", Map.of(PASSWORD, "a${b}c"));
        assertThatThrownBy(this::properties)
                .hasMessage(
                        "Setting iftb.cache.redis.password in the Spring environment has a placeholder ${…} that cannot"
                                + " be resolved; define what it names, or write \\${ where ${ is part of the value")
                .hasNoCause()
                .satisfies(failure ->
                        assertThat(CacheFailureAnalyzer.ours(failure)).isSameAs(failure));
    }

    @Test
    void name_inBrackets_isTheSame() {
        with("application.yaml", Map.of("iftb.cache.caches[orders.v2].expiry", "created 1h"));
        assertThat(properties()).containsExactly(Map.entry("iftb.cache.caches.orders.v2.expiry", "created 1h"));
    }

    @Test
    void passwordVariable_nearerThanTheAddress_isThere() {
        with("environment", Map.of("IFTB_CACHE_REDIS_PASSWORD", "new"))
                .with("application.yaml", Map.of(ADDRESS, "redis://bot:dev@host"));
        assertThat(properties()).containsOnly(Map.entry(ADDRESS, "redis://bot:dev@host"), Map.entry(PASSWORD, "new"));
    }

    @Test
    void passwordVariable_fartherThanAnAddressWithALogin_isLeftOut() {
        with("arguments", Map.of(ADDRESS, "redis://bot:dev@host"))
                .with("environment", Map.of("IFTB_CACHE_REDIS_PASSWORD", "old"))
                .with("application.yaml", Map.of("iftb.cache.redis.user", "other"));
        assertThat(properties()).containsExactly(Map.entry(ADDRESS, "redis://bot:dev@host"));
    }

    @Test
    void password_fartherThanAnAddressWithoutIt_isThere() {
        with("arguments", Map.of(ADDRESS, "redis://bot@host"))
                .with("application.yaml", Map.of("iftb.cache.redis.user", "other", PASSWORD, "secret"));
        assertThat(properties()).containsOnly(Map.entry(ADDRESS, "redis://bot@host"), Map.entry(PASSWORD, "secret"));
    }

    @Test
    void passwordVariable_nearerThanAFile_isAlone() {
        with("environment", Map.of("IFTB_CACHE_REDIS_PASSWORD", "new"))
                .with("application.yaml", Map.of("iftb.cache.redis.password-file", "/run/secrets/redis"));
        assertThat(properties()).containsExactly(Map.entry(PASSWORD, "new"));
    }

    @Test
    void variable_thatIsEmpty_isUnset() {
        with("environment", Map.of("IFTB_CACHE_REDIS_URI", ""))
                .with("application.yaml", Map.of(ADDRESS, "redis://host"));
        assertThat(properties()).containsExactly(Map.entry(ADDRESS, "redis://host"));
    }

    @Test
    void variable_ofTheTemplate_goesBeforeTheFile() {
        with("environment", Map.of("IFTB_CACHE_CACHES___EXPIRY", "created 2h"))
                .with("application.yaml", Map.of("iftb.cache.caches.*.expiry", "created 1h"));
        assertThat(properties()).containsExactly(Map.entry("iftb.cache.caches.*.expiry", "created 2h"));
    }
}
