package io.iftb.cache.jcache.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.iftb.cache.codec.GivenClasses;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.codec.UntrustedClassException;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.jcache.IftbCachingProvider;
import io.iftb.cache.redis.RedisServerException;
import java.io.IOException;
import java.io.InputStream;
import java.io.ObjectOutputStream;
import java.io.Serializable;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import java.util.StringJoiner;
import javax.cache.CacheException;
import javax.cache.CacheManager;
import javax.cache.configuration.MutableConfiguration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.springframework.boot.diagnostics.FailureAnalysis;
import org.springframework.boot.diagnostics.FailureAnalyzer;

class CacheFailureAnalyzerTest {

    private final FailureAnalyzer analyzer = new CacheFailureAnalyzer();

    @Test
    void analyze_oursUnderOthers_givesWhatAndTheRemedy() {
        String message = "no Redis server answers at redis://h:1; start one there, or set its address";
        RedisServerException ours = new RedisServerException(message);

        FailureAnalysis analysis =
                analyzer.analyze(new IllegalStateException("bean", new CacheException(message, ours)));

        assertThat(analysis.getDescription()).isEqualTo("No Redis server answers at redis://h:1.");
        assertThat(analysis.getAction()).isEqualTo("Start one there, or set its address.");
        assertThat(analysis.getCause()).isSameAs(ours);
    }

    /** Values that are refused, each for another reason. */
    static List<Object> refused() {
        Map<String, String> byUse = new LinkedHashMap<>(16, 0.75f, true);
        Runnable lambda = () -> {};
        return List.of(
                new StringJoiner(","),
                lambda,
                byUse,
                new SelfWriter(),
                new SerializableWriter(Thread.class),
                new SerializableWriter(SelfWriter[].class),
                new SerializableWriter(new StringJoiner(",")),
                Proxy.newProxyInstance(
                        CacheFailureAnalyzerTest.class.getClassLoader(),
                        new Class<?>[] {Runnable.class},
                        (proxy, method, arguments) -> null));
    }

    @ParameterizedTest
    @MethodSource("refused")
    void analyze_refusedClass_givesWhatAndTheRemedy(Object value) {
        KryoCodec codec = KryoCodec.builder().trustGiven(new GivenClasses()).build();
        UntrustedClassException refusal =
                catchThrowableOfType(UntrustedClassException.class, () -> codec.encode(value));

        FailureAnalysis analysis = analyzer.analyze(new CacheException("Cache 'c': " + refusal.getMessage(), refusal));

        assertThat(analysis.getDescription()).matches("(?s)(Class|A) [\\w.$/]+(\\[])? [^;]*[^.]\\.");
        assertThat(analysis.getAction()).matches("(Implement|Let|Store|Write) [^;]*[^.]\\.");
    }

    /** Of a second context, for which Spring Boot creates the caches of the first one again. */
    @Test
    void analyze_cacheThatExists_givesWhatAndTheRemedies() {
        try (EmbeddedServer server = EmbeddedServer.start();
                CacheManager manager = new IftbCachingProvider().getCacheManager(URI.create(server.uri()), null)) {
            manager.createCache("quotes", new MutableConfiguration<>());
            CacheException failure = catchThrowableOfType(
                    CacheException.class, () -> manager.createCache("quotes", new MutableConfiguration<>()));

            FailureAnalysis analysis = analyzer.analyze(new IllegalStateException("bean", failure));

            assertThat(analysis.getDescription()).isEqualTo("Cache 'quotes' exists already in this cache manager.");
            assertThat(analysis.getAction()).contains("spring.cache.jcache.config", "@DirtiesContext");
            assertThat(analysis.getCause()).isSameAs(failure);
        }
    }

    @Test
    void analyze_failureOfAnotherLibrary_isLeftToOthers() {
        assertThat(analyzer.analyze(new IllegalStateException("bean", new CacheException("of another cache"))))
                .isNull();
    }

    @Test
    void registration_namesTheClass() throws IOException {
        Properties factories = new Properties();
        try (InputStream file =
                Objects.requireNonNull(CacheFailureAnalyzer.class.getResourceAsStream("/META-INF/spring.factories"))) {
            factories.load(file);
        }
        assertThat(factories)
                .containsOnly(Map.entry(FailureAnalyzer.class.getName(), CacheFailureAnalyzer.class.getName()));
    }

    @SuppressWarnings("UnusedMethod") // serialization would call it
    private static final class SelfWriter {
        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeObject("without Serializable");
        }
    }

    @SuppressWarnings({"UnusedMethod", "serial"}) // serialization calls it
    private static final class SerializableWriter implements Serializable {
        private final Object content;

        SerializableWriter(Object content) {
            this.content = content;
        }

        private void writeObject(ObjectOutputStream out) throws IOException {
            out.writeObject(content);
        }
    }
}
