package io.iftb.cache.jcache.boot;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.redis.RedisServerException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;
import java.util.Objects;
import java.util.Properties;
import javax.cache.CacheException;
import org.junit.jupiter.api.Test;
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
}
