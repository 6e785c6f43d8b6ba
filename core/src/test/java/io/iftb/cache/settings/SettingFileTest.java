package io.iftb.cache.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Settings in a YAML file; none of them needs a server. */
class SettingFileTest {

    private static final URI NAME = URI.create("iftb-cache");
    private static final String YAML = "iftb.cache.redis.uri: redis://file:7000\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    private final Properties manager = new Properties();
    private final Properties system = new Properties();
    private final Map<String, String> environment = new HashMap<>();

    // ---- where a file is

    @Test
    void resolve_absoluteFile_isRead() throws IOException {
        assertThat(resolve(write(YAML)).redisUri()).isEqualTo("redis://file:7000");
    }

    @Test
    void resolve_relativeFile_isReadFromTheWorkingDirectory() throws IOException {
        Path file = Files.createTempFile(Path.of("target"), "settings", ".yaml");
        Files.writeString(file, YAML);

        assertThat(resolve(URI.create("file:target/" + file.getFileName())).redisUri())
                .isEqualTo("redis://file:7000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"classpath:sub/bot.yaml", "classpath:/sub/bot.yaml", "CLASSPATH:sub/bot.yaml"})
    void resolve_resource_isFoundByTheManagersLoader(String uri) throws IOException {
        Files.createDirectory(folder.resolve("sub"));
        Files.writeString(folder.resolve("sub/bot.yaml"), YAML);
        try (URLClassLoader loader =
                new URLClassLoader(new URL[] {folder.toUri().toURL()}, null)) {
            assertThat(resolve(URI.create(uri), loader).redisUri()).isEqualTo("redis://file:7000");
        }
    }

    @Test
    void resolve_resourceInAJar_isReadAsSpringNamesIt() throws IOException {
        Path jar = folder.resolve("app.jar");
        try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
            out.putNextEntry(new JarEntry("bot.yaml"));
            out.write(YAML.getBytes(StandardCharsets.UTF_8));
        }

        assertThat(resolve(URI.create("jar:" + jar.toUri() + "!/bot.yaml")).redisUri())
                .isEqualTo("redis://file:7000");
    }

    @Test
    void resolve_fileNamedByASetting_isRead() throws IOException {
        system.setProperty("iftb.cache.config", write(YAML).toString());
        assertThat(resolve(NAME).redisUri()).isEqualTo("redis://file:7000");

        system.clear();
        environment.put("IFTB_CACHE_CONFIG", write(YAML).toString());
        assertThat(resolve(NAME).redisUri()).isEqualTo("redis://file:7000");
    }

    @Test
    void resolve_fileNamedByTheUri_goesBeforeOneNamedByASetting() throws IOException {
        manager.setProperty("iftb.cache.config", "file:nowhere.yaml");

        assertThat(resolve(write(YAML)).redisUri()).isEqualTo("redis://file:7000");
    }

    @ParameterizedTest
    @ValueSource(strings = {"iftb-cache.yaml", "/etc/bot.yaml", "http://host/bot.yaml", "file: x", ""})
    void resolve_settingThatNamesNoFile_isRefusedWithWhatIsAccepted(String uri) {
        system.setProperty("iftb.cache.config", uri);

        assertRefused(
                NAME,
                "Setting iftb.cache.config in the system properties is '" + uri + "'; accepted is the URI of a YAML"
                        + " file, such as file:/etc/bot/iftb-cache.yaml");
    }

    @Test
    void resolve_fileThatNamesAnother_isRefused() throws IOException {
        assertRefused(write("iftb.cache.config: file:other.yaml"), "iftb.cache.config in line 1 of", "not accepted");
    }

    @ParameterizedTest
    @ValueSource(strings = {"file:/does/not/exist.yaml", "file:nowhere.yaml", "classpath:nowhere.yaml"})
    void resolve_missingFile_isRefusedWithItsName(String uri) {
        assertRefused(URI.create(uri), "There is no file " + uri);
    }

    @ParameterizedTest
    @ValueSource(strings = {"file://host/settings.yaml", "jar:nonsense", "file:/"})
    void resolve_uriThatIsNoFile_isRefusedWithItsName(String uri) {
        assertRefused(URI.create(uri), "Settings in " + uri);
    }

    // ---- what stands in it

    @ParameterizedTest
    @ValueSource(
            strings = {
                "iftb.cache.redis.connect-timeout: 7s",
                "iftb: {cache: {redis: {connect-timeout: 7s}}}",
                "iftb.cache:\n  redis:\n    connect-timeout: '7s'",
                "iftb:\n  cache.redis:\n    connect-timeout: \"7s\" # seven",
                "---\niftb.cache.redis.connect-timeout: 7s\n...\n"
            })
    void resolve_anyCutOfTheName_isTheSameSetting(String yaml) throws IOException {
        assertThat(resolve(write(yaml)).connectTimeout()).isEqualTo(Duration.ofSeconds(7));
    }

    @Test
    void resolve_values_areTakenAsWritten() throws IOException {
        URI file = write("""
                iftb.cache:
                  namespace: 010
                  redis:
                    database: 3
                    password: 1_000.0
                    user: yes
                  trusted: [com.acme.Order, com.acme.model.*]
                """);

        assertThat(resolve(file).namespace()).isEqualTo("010");
        assertThat(resolve(file).database()).isEqualTo(3);
        assertThat(resolve(file).password()).isEqualTo("1_000.0".toCharArray());
        assertThat(resolve(file).user()).isEqualTo("yes");
        assertThat(resolve(file).trusted()).containsExactly("com.acme.Order", "com.acme.model.*");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "# nothing yet\n", "---\n", "iftb: {}\n"})
    void resolve_emptyFile_givesTheDefaults(String yaml) throws IOException {
        assertThat(resolve(write(yaml)).redisUri()).isEqualTo("redis://127.0.0.1:6379");
    }

    @Test
    void resolve_setEverywhere_takesTheNearest() throws IOException {
        URI file = write("iftb.cache.namespace: file\n");
        assertThat(resolve(file).namespace()).isEqualTo("file");

        environment.put("IFTB_CACHE_NAMESPACE", "environment");
        assertThat(resolve(file).namespace()).isEqualTo("environment");

        system.setProperty("iftb.cache.namespace", "system");
        assertThat(resolve(file).namespace()).isEqualTo("system");

        manager.setProperty("iftb.cache.namespace", "manager");
        assertThat(resolve(file).namespace()).isEqualTo("manager");
    }

    // ---- what is refused

    @Test
    void resolve_wrongValue_namesSettingLineFileValueAndWhatIsAccepted() throws IOException {
        URI file = write("# bot\niftb.cache:\n  redis:\n    database: first\n");

        assertRefused(
                file,
                "Setting iftb.cache.redis.database in line 4 of " + file
                        + " is 'first'; accepted is a whole number, 0 or more");
    }

    @ParameterizedTest
    @CsvSource({
        "iftb.cache.redis.databse, iftb.cache.redis.database",
        "iftb.cach.redis.uri, iftb.cache.redis.uri",
        "redis.uri, iftb.cache.redis.uri",
        "namespace, iftb.cache.namespace",
        "iftb.cache.caches.com.acme.Orders.expirey, iftb.cache.caches.com.acme.Orders.expiry",
        "iftb.cache.caches.*.value-typ, iftb.cache.caches.*.value-type"
    })
    void resolve_unknownName_isRefusedWithItsLineAndTheNearestKnownOne(String name, String known) throws IOException {
        URI file = write("iftb.cache.namespace: x\n\n" + name + ": secret\n");

        assertRefused(
                file,
                "There is no setting " + name + ", which is in line 3 of " + file + "; did you mean " + known + "?");
    }

    /** Found by the fuzzer: the colon of a password is missing, or in the wrong place. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "iftb.cache.redis.password/ s3cr3t: x",
                "iftb.cache.redis.PASSWORD=s3cr3t: x",
                "iftb.cache.redis.passwords3cr3t: x",
                "iftb.cache.redis: {password: {s3cr3t: x}}",
                "iftb.cache.redis.tls.key-password s3cr3t: x",
                "iftb.cache.redis.passwor d/ s3cr3t: x",
                "iftb.cache.redis.pasword=s3cr3t: x",
                "iftb.cache.redis: {pwd: {s3cr3t: x}}"
            })
    void resolve_passwordInAName_isNotTold(String line) throws IOException {
        URI file = write(line + "\n");
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(file))
                .withMessageContaining("There is no setting iftb.cache.redis.")
                .withMessageContaining("***, which is in line 1")
                .withMessageNotContaining("s3cr3t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"spring.main.banner", "iftb.cache.caches.orders", "iftb.cache.caches..expiry"})
    void resolve_nameLikeNoOther_isRefusedWithAListOfAll(String name) throws IOException {
        assertRefused(
                write(name + ": 5m\n"),
                "There is no setting " + name + ", which is in line 1",
                "; there are iftb.cache.config, iftb.cache.redis.uri,",
                "iftb.cache.caches.<name>.expiry");
    }

    @Test
    void resolve_settingTwice_namesBothLines() throws IOException {
        URI file = write("iftb.cache.namespace: a\niftb:\n  cache:\n    namespace: b\n");

        assertRefused(file, "Setting iftb.cache.namespace stands twice in " + file + ", in lines 1 and 4");
    }

    @ParameterizedTest
    @CsvSource({
        "'iftb:\n\tcache: {}', 'line 2, column 1: found character'",
        "'iftb.cache.namespace: a: b', 'line 1, column 24: mapping values are not allowed here'",
        "'iftb.cache.redis.password: *secret', 'line 1, column 28'",
        "'iftb.cache.redis.password: %secret', 'line 1, column 28'",
        "'iftb.cache.redis.password: @secret', 'line 1, column 28'",
        "'iftb.cache.redis.password: \"secret', 'line'",
        "'iftb: {cache: {namespace: secret', 'line'",
        "'iftb.cache.namespace: a\n---\niftb.cache.namespace: secret', 'line 2'",
        "'a: 1\nb: secret\u0007', 'line 2: character U+0007 is not allowed'"
    })
    void resolve_wrongYaml_namesTheLineAndHidesTheText(String yaml, String place) throws IOException {
        assertRefused(write(yaml), " are not YAML in ", place);
    }

    @ParameterizedTest
    @CsvSource({
        "'- a\n- b', line 1 of, is not a mapping",
        "redis, line 1 of, is not a mapping",
        "'iftb.cache.namespace: a\n[x]: y', line 2 of, has no name before a colon",
        "'\niftb.cache.namespace: [a, b]', line 2 of, is a list; accepted is one value",
        "'iftb.cache.namespace:', line 1 of, has no value",
        "'iftb.cache.redis.uri: {host: x}', line 1 of, did you mean iftb.cache.redis.u",
        "'iftb: &again {cache: *again}', line 1 of, holds itself",
        "'iftb.cache.trusted: [com.acme.Order, {a: b}]', line 1 of, names of classes"
    })
    void resolve_otherThanNamesAndValues_isRefusedWithTheLine(String yaml, String line, String why) throws IOException {
        assertRefused(write(yaml), line, why);
    }

    @Test
    void resolve_notUtf8_isRefused() throws IOException {
        Path file = Files.write(folder.resolve("bot.yaml"), new byte[] {'a', ':', ' ', (byte) 0xE4});

        assertRefused(file.toUri(), "not text in UTF-8");
    }

    @Test
    void resolve_hugeFile_isRefused() throws IOException {
        assertRefused(write("#".repeat((1 << 20) + 1)), "longer than");
    }

    @ParameterizedTest
    @ValueSource(strings = {"user:secret@host", "http://user:secret@host", "redis//user:secret@host:1"})
    void resolve_addressThatIsNone_hidesThePassword(String address) throws IOException {
        assertRefused(write("iftb.cache.redis.uri: " + address), "***@host");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bot:secret",
                "redis:bot:secret",
                "redis:/bot:secret/0",
                "http://localhost:secret",
                "http://localhost?password=secret",
                "'redis:/[host secret:7000'",
                "user@host:secret"
            })
    void resolve_addressThatIsNoneAndHasNoLogin_hidesWhatMayBeAPassword(String address) throws IOException {
        assertRefused(write("iftb.cache.redis.uri: " + address), "is (not shown); accepted is redis://");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"localhost", "localhost:6379", "http://cache-1.example.com:6379/0", "redis//a:1,b:2", "redis:/a"
            })
    void resolve_addressThatIsNoneWithoutSecrets_isShown(String address) throws IOException {
        assertRefused(write("iftb.cache.redis.uri: " + address), "is '" + address + "'; accepted is redis://");
    }

    @Test
    void resolve_tag_makesNoObject() throws IOException {
        URI file = write("iftb.cache.namespace: !!java.net.URL [\"http://127.0.0.1:1/\"]\n");

        assertRefused(file, "are not YAML in line 1, column 23");
    }

    private void assertRefused(URI file, String... parts) {
        assertThatExceptionOfType(SettingException.class)
                .isThrownBy(() -> resolve(file))
                .satisfies(refusal -> {
                    assertThat(refusal).hasMessageContainingAll(parts).hasMessageNotContaining("secret");
                    assertThat(refusal.getCause() == null
                                    || !refusal.getCause().toString().contains("secret"))
                            .isTrue();
                });
    }

    private URI write(String yaml) throws IOException {
        return Files.writeString(folder.resolve("bot.yaml"), yaml).toUri();
    }

    private CacheSettings resolve(URI uri) {
        return resolve(uri, Objects.requireNonNull(getClass().getClassLoader()));
    }

    private CacheSettings resolve(URI uri, ClassLoader loader) {
        return new SettingSources(() -> system, environment::get)
                .resolve(manager, "the properties of the cache manager", uri, loader);
    }
}
