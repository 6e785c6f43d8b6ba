package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import javax.cache.CacheException;
import javax.cache.Caching;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs with a second caching provider on the class path. */
class OtherProvidersTest {

    private static final String OURS = IftbCachingProvider.class.getName();
    private static final String WARNING = "has other caching providers too: [org.redisson.jcache.JCachingProvider]";

    @TempDir
    Path folder;

    @Test
    void lookup_secondProvider_failsAndTheRemedyIsLoggedOnce() throws Exception {
        String output = inJvm("lookup");

        assertThat(output).containsSubsequence("Multiple CachingProviders", "Multiple CachingProviders");
        assertThat(output.split(WARNING.replaceAll("[\\[\\]]", "\\\\$0"), -1)).hasSize(2);
        assertThat(output)
                .contains("Caching.getCachingProvider(\"" + OURS + "\")")
                .contains(Caching.JAVAX_CACHE_CACHING_PROVIDER);
    }

    @Test
    void byName_secondProvider_works() throws Exception {
        assertThat(inJvm(OURS)).contains("ours");
    }

    @Test
    void namedByProperty_secondProvider_worksAndNothingIsLogged() throws Exception {
        assertThat(inJvm("lookup", "-D" + Caching.JAVAX_CACHE_CACHING_PROVIDER + "=" + OURS))
                .contains("ours")
                .doesNotContain(WARNING);
    }

    /** The output of a JVM in which Redisson's provider is registered too. */
    private String inJvm(String name, String... options) throws IOException, InterruptedException {
        Path services = Files.createDirectories(folder.resolve("META-INF/services"));
        Files.writeString(
                services.resolve("javax.cache.spi.CachingProvider"),
                "# of another jar\norg.redisson.jcache.JCachingProvider\n");
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-Dorg.slf4j.simpleLogger.defaultLogLevel=warn"));
        command.addAll(List.of(options));
        command.addAll(List.of(
                "-cp",
                folder + File.pathSeparator + System.getProperty("java.class.path"),
                OtherProvidersTest.class.getName(),
                name));
        Process jvm = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = jvm.inputReader(StandardCharsets.UTF_8).lines().collect(Collectors.joining("\n"));
        assertThat(jvm.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** What the other JVM runs. */
    public static void main(String[] arguments) {
        for (int i = 0; i < 2; i++) {
            try {
                Object found = arguments[0].equals("lookup")
                        ? Caching.getCachingProvider()
                        : Caching.getCachingProvider(arguments[0]);
                System.out.println(found instanceof IftbCachingProvider ? "ours" : "another");
            } catch (CacheException e) {
                System.out.println(e.getMessage());
            }
        }
    }
}
