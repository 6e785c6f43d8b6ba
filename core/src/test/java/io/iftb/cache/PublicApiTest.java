package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The public API is what {@code api.txt} says, so that nobody changes it without seeing it, and has Javadoc. */
class PublicApiTest {

    private static final Path LIST = Path.of("api.txt");
    private static final Set<String> PUBLIC = Set.of(
            "io.iftb.cache",
            "io.iftb.cache.embedded",
            "io.iftb.cache.fetch",
            "io.iftb.cache.market",
            "io.iftb.cache.metrics",
            "io.iftb.cache.observe",
            "io.iftb.cache.settings",
            "io.iftb.cache.ta4j",
            // what members of these return or throw
            "io.iftb.cache.codec.CorruptValueException",
            "io.iftb.cache.redis.BreakerStatus",
            "io.iftb.cache.redis.RedisOutcomeUnknownException",
            "io.iftb.cache.redis.RedisServerException",
            "io.iftb.cache.redis.RedisUnavailableException",
            "io.iftb.cache.store.Aged",
            "io.iftb.cache.store.DatedValue",
            "io.iftb.cache.store.FreshnessCounts",
            "io.iftb.cache.store.OutageStatus");

    @Test
    void publicApi_isAsListed() throws IOException {
        String api = ApiListing.of(MarketCaches.class, PUBLIC);
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
