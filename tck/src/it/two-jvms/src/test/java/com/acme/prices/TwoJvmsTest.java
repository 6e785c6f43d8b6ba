package com.acme.prices;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.iftb.cache.embedded.EmbeddedServer;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class TwoJvmsTest {

    @Test
    @Timeout(60)
    void secondJvm_sameParameters_hitsWhatTheFirstStored() throws Exception {
        try (EmbeddedServer server = EmbeddedServer.start()) {
            assertEquals("computed 6 by Spring, 2 by Guice", outputOfJvm(server.uri()));
            assertEquals("computed 0 by Spring, 0 by Guice", outputOfJvm(server.uri()));
        }
    }

    private static String outputOfJvm(String uri) throws IOException, InterruptedException {
        ProcessBuilder jvm = new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                PricesApplication.class.getName());
        jvm.environment().put("IFTB_CACHE_REDIS_URI", uri);
        Process process = jvm.redirectError(new File("target/two-jvms.err")).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> "see target/two-jvms.err; " + output);
        return output.strip();
    }
}
