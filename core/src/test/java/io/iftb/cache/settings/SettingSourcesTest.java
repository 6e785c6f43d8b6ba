package io.iftb.cache.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingSourcesTest {

    private static final URI NAME = URI.create("iftb-cache");

    private final Properties manager = new Properties();
    private final Properties system = new Properties();
    private final Map<String, String> environment = new HashMap<>();

    // ---- where a setting comes from

    @Test
    void resolve_nothingSet_givesTheDefaults() {
        CacheSettings settings = resolve(NAME);

        assertThat(settings.redisUri()).isEqualTo("redis://127.0.0.1:6379");
        assertThat(settings.user()).isNull();
        assertThat(settings.password()).isNull();
        assertThat(settings.database()).isNull();
        assertThat(settings.namespace()).isEmpty();
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.operationTimeout()).isEqualTo(Duration.ofSeconds(5));
        assertThat(settings.userCodeTimeout()).isEqualTo(Duration.ofSeconds(60));
        assertThat(settings.trusted()).isEmpty();
        assertThat(settings.classLoader()).isSameAs(getClass().getClassLoader());
    }

    @Test
    void resolve_setEverywhere_takesTheNearest() {
        environment.put("IFTB_CACHE_REDIS_URI", "redis://environment");
        assertThat(resolve(NAME).redisUri()).isEqualTo("redis://environment");

        system.setProperty("iftb.cache.redis.uri", "redis://system");
        assertThat(resolve(NAME).redisUri()).isEqualTo("redis://system");

        manager.setProperty("iftb.cache.redis.uri", "redis://manager");
        assertThat(resolve(NAME).redisUri()).isEqualTo("redis://manager");

        assertThat(resolve(URI.create("redis://uri")).redisUri()).isEqualTo("redis://uri");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "redis://localhost:6379",
                "rediss://user:secret@localhost:6379/2",
                "redis+uds:///run/redis.sock",
                "embedded",
                "embedded:/var/lib/bot",
                "REDIS://localhost",
                "valkey://localhost"
            })
    void resolve_addressAsUri_isTheAddress(String address) {
        assertThat(resolve(URI.create(address)).redisUri()).isEqualTo(address);
    }

    @ParameterizedTest
    @ValueSource(strings = {"iftb-cache", "urn:bot", "http://localhost", "embeddedness", "redis:opaque"})
    void resolve_anotherUri_isAName(String name) {
        assertThat(resolve(URI.create(name)).redisUri()).isEqualTo("redis://127.0.0.1:6379");
    }

    @Test
    void resolve_everySettingInTheEnvironment_isRead() {
        environment.put("IFTB_CACHE_REDIS_URI", "redis://server");
        environment.put("IFTB_CACHE_REDIS_USER", "bot");
        environment.put("IFTB_CACHE_REDIS_PASSWORD", "secret");
        environment.put("IFTB_CACHE_REDIS_DATABASE", "3");
        environment.put("IFTB_CACHE_NAMESPACE", "prod");
        environment.put("IFTB_CACHE_REDIS_CONNECT_TIMEOUT", "500ms");
        environment.put("IFTB_CACHE_REDIS_OPERATION_TIMEOUT", "2s");
        environment.put("IFTB_CACHE_USER_CODE_TIMEOUT", "3s");
        environment.put("IFTB_CACHE_TRUSTED", "com.acme.Order , com.acme.model.*");

        CacheSettings settings = resolve(NAME);

        assertThat(settings.redisUri()).isEqualTo("redis://server");
        assertThat(settings.user()).isEqualTo("bot");
        assertThat(settings.password()).isEqualTo("secret".toCharArray());
        assertThat(settings.database()).isEqualTo(3);
        assertThat(settings.namespace()).isEqualTo("prod");
        assertThat(settings.connectTimeout()).isEqualTo(Duration.ofMillis(500));
        assertThat(settings.operationTimeout()).isEqualTo(Duration.ofSeconds(2));
        assertThat(settings.userCodeTimeout()).isEqualTo(Duration.ofSeconds(3));
        assertThat(settings.trusted()).containsExactly("com.acme.Order", "com.acme.model.*");
    }

    @Test
    void resolve_passwordFile_takesItsFirstLine(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "se cret\n");
        system.setProperty("iftb.cache.redis.password-file", file.toString());

        assertThat(resolve(NAME).password()).isEqualTo("se cret".toCharArray());
        assertThat(resolve(NAME).passwordFile()).isEqualTo(file);
    }

    @Test
    void resolve_passwordFileWithEmptyFirstLine_isRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "\nsecret");
        system.setProperty("iftb.cache.redis.password-file", file.toString());

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessageContaining("whose first line is the password");
    }

    @ParameterizedTest
    @EnumSource
    void environmentName_ofAnySetting_isAVariable(Setting setting) {
        assertThat(setting.propertyName()).matches("iftb\\.cache(\\.[a-z-]+)+");
        assertThat(SettingSources.environmentName(setting.propertyName())).matches("IFTB_CACHE(_[A-Z]+)+");
    }

    @ParameterizedTest
    @CsvSource({"1ms,1", "90s,90000", "2m,120000", "1h,3600000"})
    void resolve_time_isRead(String text, long millis) {
        manager.setProperty("iftb.cache.redis.operation-timeout", text);

        assertThat(resolve(NAME).operationTimeout()).isEqualTo(Duration.ofMillis(millis));
    }

    // ---- what is refused

    @ParameterizedTest
    @CsvSource({
        "redis.uri, localhost:6379, embedded",
        "redis.uri, '', embedded",
        "redis.user, ' ', name of a user",
        "redis.database, -1, 0 or more",
        "redis.database, one, 0 or more",
        "redis.connect-timeout, 5, 500ms or 5s",
        "redis.connect-timeout, 0s, 1ms to 1h",
        "redis.operation-timeout, 2h, 1ms to 1h",
        "redis.operation-timeout, -5s, 1ms to 1h",
        "redis.password-file, /does/not/exist, readable file",
        "trusted, com.acme.*Order, com.acme.model.*",
        "trusted, 'com.acme.Order,,', com.acme.model.*"
    })
    void resolve_wrongValue_namesSettingPlaceValueAndWhatIsAccepted(String name, String value, String accepted) {
        system.setProperty("iftb.cache." + name, value);

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessageStartingWith("Setting iftb.cache." + name + " in the system properties is '" + value + "'")
                .withMessageContaining(accepted);
    }

    @Test
    void resolve_wrongValueInTheEnvironment_namesTheVariable() {
        environment.put("IFTB_CACHE_REDIS_DATABASE", "x");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessage("Setting iftb.cache.redis.database in the environment as IFTB_CACHE_REDIS_DATABASE is 'x';"
                        + " accepted is a whole number, 0 or more");
    }

    @Test
    void resolve_unknownProperty_suggestsAndListsTheKnownOnesAndHidesItsValue() {
        manager.setProperty("iftb.cache.redis.pasword", "secret");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessageContaining("There is no setting iftb.cache.redis.pasword")
                .withMessageContaining("the properties of the cache manager")
                .withMessageContaining("did you mean iftb.cache.redis.password?")
                .withMessageContaining("iftb.cache.redis.password-file,")
                .withMessageNotContaining("secret");
    }

    @Test
    void resolve_unknownInheritedProperty_isRefusedToo() {
        Properties inheriting = new Properties(manager);
        manager.setProperty("iftb.cache.nonsense", "1");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> new SettingSources(() -> inheriting, environment::get).resolve(loader()))
                .withMessageContaining("iftb.cache.nonsense");
    }

    @Test
    void resolve_propertyThatIsNoText_isRefused() {
        manager.put("iftb.cache.redis.database", 3);

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessageContaining("iftb.cache.redis.database");
    }

    @Test
    void resolve_addressWithPasswordThatIsNone_hidesThePassword() {
        system.setProperty("iftb.cache.redis.uri", "http://user:sec/r@et@localhost");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessageContaining("'http://***@localhost'")
                .withMessageNotContaining("sec");
    }

    @Test
    void resolve_passwordAndPasswordFileInOnePlace_areRefusedTogether() {
        system.setProperty("iftb.cache.redis.password", "secret");
        system.setProperty("iftb.cache.redis.password-file", "/run/secrets/redis");

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessageContaining("iftb.cache.redis.password in the system properties")
                .withMessageContaining("iftb.cache.redis.password-file in the system properties")
                .withMessageNotContaining("secret ");
    }

    // ---- which login counts

    @Test
    void resolve_passwordAndPasswordFileInTwoPlaces_takesTheNearer(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("password"), "from the file");
        environment.put("IFTB_CACHE_REDIS_PASSWORD", "secret");
        system.setProperty("iftb.cache.redis.password-file", file.toString());
        assertThat(resolve(NAME).password()).isEqualTo("from the file".toCharArray());

        manager.setProperty("iftb.cache.redis.password", "nearer");
        assertThat(resolve(NAME).password()).isEqualTo("nearer".toCharArray());
    }

    @Test
    void resolve_loginInANearerAddress_goesBeforeUserAndPassword() {
        environment.put("IFTB_CACHE_REDIS_USER", "bot");
        environment.put("IFTB_CACHE_REDIS_PASSWORD", "secret");
        assertThat(resolve(URI.create("redis://localhost")).password()).isEqualTo("secret".toCharArray());

        CacheSettings settings = resolve(URI.create("redis://other:own@localhost"));

        assertThat(settings.user()).isNull();
        assertThat(settings.password()).isNull();
    }

    @Test
    void resolve_userAloneInANearerAddress_goesBeforeUsersOnly() {
        environment.put("IFTB_CACHE_REDIS_USER", "bot");
        environment.put("IFTB_CACHE_REDIS_PASSWORD", "secret");

        CacheSettings settings = resolve(URI.create("redis://other@localhost"));

        assertThat(settings.user()).isNull();
        assertThat(settings.password()).isEqualTo("secret".toCharArray());
    }

    @Test
    void resolve_socketWithASignOfLogins_hasNoLogin() {
        environment.put("IFTB_CACHE_REDIS_PASSWORD", "secret");

        assertThat(resolve(URI.create("redis+uds:///run/a@b.sock")).password()).isEqualTo("secret".toCharArray());
    }

    @Test
    void resolve_embedded_hasNoLogin() {
        environment.put("IFTB_CACHE_REDIS_USER", "bot");
        manager.setProperty("iftb.cache.redis.password", "secret");

        CacheSettings settings = resolve(URI.create("embedded"));

        assertThat(settings.user()).isNull();
        assertThat(settings.password()).isNull();
    }

    // ---- TLS

    @Test
    void resolve_settingsOfTls_areRead(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("ca.pem"), "not looked into yet");
        for (String name : List.of("trust-file", "certificate-file", "key-file")) {
            system.setProperty("iftb.cache.redis.tls." + name, file.toString());
        }
        system.setProperty("iftb.cache.redis.tls.trust-password", "s3cr3t");
        system.setProperty("iftb.cache.redis.tls.key-password", "s3cr3t");
        system.setProperty("iftb.cache.redis.tls.protocols", "TLSv1.2, TLSv1.3");
        system.setProperty("iftb.cache.redis.tls.ciphers", "TLS_AES_256_GCM_SHA384");

        TlsSettings tls = resolve(NAME).tls();

        assertThat(tls)
                .isEqualTo(new TlsSettings(
                        file,
                        "s3cr3t",
                        file,
                        file,
                        "s3cr3t",
                        List.of("TLSv1.2", "TLSv1.3"),
                        List.of("TLS_AES_256_GCM_SHA384")));
        assertThat(tls.toString()).contains("ca.pem").doesNotContain("s3cr3t");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "trust-file | /no/such/file | the path of a readable file of certificates",
                "certificate-file | / | the path of a readable file with a certificate",
                "key-file | /no/such/file | the path of a readable file with a key",
                "protocols | TLSv9 | names of protocols separated by commas",
                "ciphers | ROT13 | names of cipher suites separated by commas",
            })
    void resolve_wrongSettingOfTls_saysWhatIsAccepted(String name, String value, String accepted) {
        system.setProperty("iftb.cache.redis.tls." + name, value);

        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(NAME))
                .withMessageContaining("iftb.cache.redis.tls." + name + " in the system properties is '" + value + "'")
                .withMessageContaining(accepted);
    }

    // ---- what a program has of its own

    @Test
    void resolve_fallback_standsBehindEveryPlace() {
        SettingSources sources =
                new SettingSources(() -> system, environment::get).orElse(Setting.NAMESPACE, "fallback");
        assertThat(sources.resolve(loader()).namespace()).isEqualTo("fallback");

        environment.put("IFTB_CACHE_NAMESPACE", "environment");
        assertThat(sources.resolve(loader()).namespace()).isEqualTo("environment");
    }

    @Test
    void resolve_withoutAClassLoader_loadsNoTypes() {
        manager.setProperty("iftb.cache.caches.orders.key-type", "com.acme.Unknown");

        CacheSettings settings =
                new SettingSources(() -> system, environment::get).resolve(manager, "the options", null, null);

        assertThat(settings.classLoader()).isNull();
        assertThat(settings.caches().of("orders").keyType()).isNull();
    }

    @Test
    void resolve_foreignNames_areLeftAlone() {
        environment.put("IFTB_CACHE_SERVICE_HOST", "10.0.0.1");
        environment.put("IFTB_CACHE_REDIS_USER", "");
        system.setProperty("iftb.other", "1");
        manager.setProperty("org.acme.setting", "1");

        assertThat(resolve(NAME).user()).isNull();
    }

    private CacheSettings resolve(URI uri) {
        return new SettingSources(() -> system, environment::get)
                .resolve(manager, "the properties of the cache manager", uri, loader());
    }

    private ClassLoader loader() {
        return Objects.requireNonNull(getClass().getClassLoader());
    }
}
