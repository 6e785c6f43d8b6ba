package io.iftb.cache.jcache;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.settings.SettingSources;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.management.ManagementFactory;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import javax.cache.Cache;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanServer;
import javax.management.ObjectName;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A password is said nowhere: not in a message, a log, a text of an object, the health or JMX, however it was given. */
class PasswordsTest {

    private static final String PASSWORD = "s3cr3t";

    private final EmbeddedServer server =
            EmbeddedServer.builder().arguments("--requirepass", PASSWORD).start();
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;
    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();
    private final IftbCachingProvider provider =
            new IftbCachingProvider(new SettingSources(Properties::new, name -> ""));
    private final List<String> said = new ArrayList<>();

    @BeforeEach
    void capture() {
        try (RawRedis raw = new RawRedis(server.uri())) {
            raw.send("AUTH", PASSWORD);
            raw.send("ACL", "SETUSER", "bot", "on", ">" + PASSWORD, "~*", "&*", "+@all");
        }
        PrintStream stream = new PrintStream(printed, true, UTF_8);
        System.setOut(stream);
        System.setErr(stream);
    }

    @AfterEach
    void stop() {
        System.setOut(out);
        System.setErr(err);
        provider.close();
        server.close();
    }

    @Test
    void use_passwordInEachPlace_isSaidNowhere(@TempDir Path folder) throws Exception {
        Path file = Files.writeString(folder.resolve("password"), PASSWORD);
        use("redis://bot:" + PASSWORD + "@", "namespace", "a");
        use("redis://:" + PASSWORD + "@", "namespace", "b");
        use("redis://bot@", "redis.password", PASSWORD);
        use("redis://bot@", "redis.password-file", file.toString());

        assertSilence();
    }

    @Test
    void open_refused_isSaidNowhere() {
        fail("redis://bot:s3cr3t-wrong@", "namespace", "a");
        fail("redis://:s3cr3t-wrong@", "namespace", "b");
        fail("redis://s3cr3t@", "namespace", "c");
        fail("redis://", "redis.password", "s3cr3t-wrong");
        fail("redis://bot:s3cr3t@no-such-host.invalid", "namespace", "d");
        fail("redis://bot:s3cr3t@:", "namespace", "e");
        fail("redis://bot:s3cr3t@", "redis.password-file", "/no/such/file");
        fail("redis://bot:s3cr3t@", "redis.passwort", PASSWORD);

        assertSilence();
    }

    private CacheManager manager(String login, String setting, String value) {
        Properties properties = new Properties();
        String address =
                login.contains("invalid") || login.endsWith(":") ? login : login + "127.0.0.1:" + server.port();
        properties.setProperty("iftb.cache.redis.uri", address);
        properties.setProperty("iftb.cache." + setting, value);
        properties.setProperty("iftb.cache.caches.quotes.near", "on");
        return provider.getCacheManager(URI.create("urn:" + login.hashCode() + setting), null, properties);
    }

    private void use(String login, String setting, String value) throws Exception {
        CacheManager manager = manager(login, setting, value);
        Cache<String, String> quotes = manager.createCache(
                "quotes",
                new MutableConfiguration<String, String>()
                        .setTypes(String.class, String.class)
                        .setStatisticsEnabled(true)
                        .setManagementEnabled(true));
        quotes.put("k", "v");
        quotes.get("k");
        MarketCaches caches = manager.unwrap(MarketCaches.class);
        said.add(List.<Object>of(caches, manager, quotes, provider, manager.getURI())
                .toString());
        said.add(caches.server() + caches.health());
        said.add(String.valueOf(quotes.unwrap(RedisCache.class)));
        MBeanServer beans = ManagementFactory.getPlatformMBeanServer();
        for (ObjectName name : beans.queryNames(ObjectName.getInstance("*:*"), null)) {
            if (name.getDomain().contains("cache")) {
                said.add(name.toString());
                for (MBeanAttributeInfo attribute : beans.getMBeanInfo(name).getAttributes()) {
                    said.add(String.valueOf(beans.getAttribute(name, attribute.getName())));
                }
            }
        }
        assertThat(said).anyMatch(text -> text.contains("quotes"));
        manager.close();
    }

    private void fail(String login, String setting, String value) {
        Throwable thrown = catchThrowable(() -> {
            CacheManager manager = manager(login, setting, value);
            manager.getCache("ticker");
        });
        assertThat(thrown).as(login).isNotNull();
        StringWriter trace = new StringWriter();
        thrown.printStackTrace(new PrintWriter(trace));
        said.add(trace.toString());
    }

    private void assertSilence() {
        assertThat(String.join("\n", said)).isNotEmpty().doesNotContain("s3cr3t");
        assertThat(printed.toString(UTF_8)).doesNotContain("s3cr3t");
    }
}
