package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.StringJoiner;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.ApplicationRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;
import org.springframework.cache.CacheManager;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.support.GenericApplicationContext;

/** What an application says that cannot start. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {

    @Test
    void run_noServer_saysItInAFewLinesWithTheRemedy(CapturedOutput output) {
        System.setProperty("iftb.cache.redis.uri", "redis://127.0.0.1:1");
        try {
            assertFails(new SpringApplication(QuotesApplication.class), "start-failure.yaml");
        } finally {
            System.clearProperty("iftb.cache.redis.uri");
        }
        assertSaid(
                output.getAll(),
                "No Redis server answers at redis://127.0.0.1:1.",
                "Start one there, or set its address (iftb.cache.redis.uri).");
    }

    @Test
    void run_refusedClass_saysItInAFewLinesWithTheRemedy(CapturedOutput output) {
        SpringApplication application = new SpringApplication(QuotesApplication.class);
        application.addInitializers(context -> ((GenericApplicationContext) context)
                .registerBean(ApplicationRunner.class, () -> arguments -> context.getBean(CacheManager.class)
                        .getCache("quotes")
                        .put("key", new StringJoiner(","))));
        assertFails(application, "refused-class.yaml");
        assertSaid(
                output.getAll(),
                "Class java.util.StringJoiner of the JDK is closed, so its objects cannot be stored.",
                "Store their contents in a record or a collection.");
    }

    @Test
    void run_cacheManagerOfAnotherContext_saysItInAFewLinesWithTheRemedies(CapturedOutput output) {
        String file = "refused-class.yaml";
        try (ConfigurableApplicationContext first =
                new SpringApplication(QuotesApplication.class).run("--spring.cache.jcache.config=classpath:" + file)) {
            assertTrue(first.isActive());
            assertFails(new SpringApplication(QuotesApplication.class), file);
        }
        assertSaid(
                output.getAll(),
                "Cache 'quotes' exists already in this cache manager.",
                "Otherwise, create the cache in one place.");
        assertTrue(output.getAll().contains("spring.cache.jcache.config of its own"), output.getAll());
    }

    /** @param file of its own, which gives a cache manager of its own */
    private static void assertFails(SpringApplication application, String file) {
        assertThrows(
                RuntimeException.class, () -> application.run("--spring.cache.jcache.config=classpath:" + file));
    }

    private static void assertSaid(String output, String what, String remedy) {
        assertTrue(output.contains("APPLICATION FAILED TO START"), output);
        assertTrue(output.contains(what + System.lineSeparator()), output);
        assertTrue(output.contains(remedy + System.lineSeparator()), output);
        assertFalse(output.contains("\tat "), output);
    }
}
