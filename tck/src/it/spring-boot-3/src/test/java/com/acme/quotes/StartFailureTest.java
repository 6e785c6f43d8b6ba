package com.acme.quotes;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.test.system.CapturedOutput;
import org.springframework.boot.test.system.OutputCaptureExtension;

/** What an application says that cannot start. */
@ExtendWith(OutputCaptureExtension.class)
class StartFailureTest {

    @Test
    void run_noServer_saysItInAFewLinesWithTheRemedy(CapturedOutput output) {
        System.setProperty("iftb.cache.redis.uri", "redis://127.0.0.1:1");
        try {
            // a file of its own gives a cache manager of its own
            assertThrows(
                    RuntimeException.class,
                    () -> SpringApplication.run(
                            QuotesApplication.class, "--spring.cache.jcache.config=classpath:start-failure.yaml"));
        } finally {
            System.clearProperty("iftb.cache.redis.uri");
        }
        String said = output.getAll();
        assertTrue(said.contains("APPLICATION FAILED TO START"), said);
        assertTrue(said.contains("No Redis server answers at redis://127.0.0.1:1."), said);
        assertTrue(said.contains("Start one there, or set its address (iftb.cache.redis.uri)."), said);
        assertFalse(said.contains("\tat "), said);
    }
}
