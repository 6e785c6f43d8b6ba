package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.ApiListing;
import io.iftb.cache.UndocumentedApi;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The public API beside {@code javax.cache} is what {@code api.txt} says, and has Javadoc. */
class PublicJCacheApiTest {

    private static final Path LIST = Path.of("api.txt");
    private static final Set<String> PACKAGES = Set.of("io.iftb.cache.jcache", "io.iftb.cache.jcache.boot");

    @Test
    void publicApi_isAsListed() throws IOException {
        String api = ApiListing.of(IftbCachingProvider.class, PACKAGES);
        if (Boolean.getBoolean("api.update")) {
            Files.writeString(LIST, api);
        }

        assertThat(api)
                .as("the public API changed; if that is meant, run this test with -Dapi.update=true and commit " + LIST)
                .isEqualTo(Files.readString(LIST));
    }

    @Test
    void publicNames_ofAllPackages_haveJavadoc() throws IOException {
        assertThat(UndocumentedApi.of(Path.of("src/main/java"))).isEmpty();
    }
}
