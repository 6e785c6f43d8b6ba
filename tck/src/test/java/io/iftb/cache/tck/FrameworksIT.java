package io.iftb.cache.tck;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.tck.SurefireReports.Counts;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Checks the reports of the projects in {@code src/it}, which the build has just run: every test ran and passed. */
class FrameworksIT {

    private static final Path PROJECTS = Path.of("src/it");

    /** The tests of each project by class; those of the annotation TCK are three classes of four. */
    private static final Map<String, Map<String, Integer>> TESTS = new TreeMap<>(Map.ofEntries(
            Map.entry("annotations-tck-cdi", annotationTck()),
            Map.entry("annotations-tck-guice", annotationTck()),
            Map.entry("annotations-tck-spring", annotationTck()),
            Map.entry("bucket4j", Map.of("com.acme.limits.LimitsTest", 7)),
            Map.entry("camel-4", Map.of("com.acme.quotes.QuotesTest", 9)),
            Map.entry("cdi", Map.of("com.acme.quotes.QuotesTest", 6)),
            Map.entry("guice", Map.of("com.acme.quotes.QuotesTest", 6)),
            Map.entry("hibernate-7", Map.of("com.acme.market.MarketTest", 8, "com.acme.market.OutageTest", 1)),
            Map.entry("micronaut-4", Map.of("com.acme.quotes.QuotesTest", 10)),
            Map.entry("micronaut-5", Map.of("com.acme.quotes.QuotesTest", 10)),
            Map.entry("quarkus-3", Map.of("com.acme.quotes.QuotesTest", 3)),
            Map.entry("spring-7", Map.of("com.acme.quotes.QuotesTest", 7)),
            Map.entry("spring-boot-3", springBoot()),
            Map.entry("spring-boot-4", springBoot4()),
            Map.entry("ta4j", Map.of("com.acme.indicators.IndicatorsTest", 4)),
            Map.entry("two-jvms", Map.of("com.acme.prices.TwoJvmsTest", 1))));

    /** The oldest Java of each project that does not run on 17; its {@code invoker.properties} says the same. */
    private static final Map<String, Integer> JAVA = Map.of("micronaut-5", 25, "ta4j", 21);

    /** The projects that only the profile {@code thorough} runs; the POM of this module says the same. */
    static final Set<String> THOROUGH = Set.of(
            "annotations-tck-cdi", "annotations-tck-guice", "cdi", "guice", "quarkus-3", "spring-7", "spring-boot-3");

    static Stream<String> projects() {
        return TESTS.keySet().stream()
                .filter(project -> Runtime.version().feature() >= JAVA.getOrDefault(project, 17))
                .filter(project -> Boolean.getBoolean("iftb.test.thorough") || !THOROUGH.contains(project));
    }

    @ParameterizedTest
    @MethodSource("projects")
    void project_inTheBuild_ranAllTestsAndPassed(String project) throws Exception {
        Map<String, Integer> ran = new TreeMap<>();
        SurefireReports.read(Path.of("target/it", project, "target/surefire-reports"))
                .forEach((name, counts) -> {
                    assertThat(counts).as(name).isEqualTo(new Counts(counts.tests(), 0, 0));
                    ran.put(name, counts.tests());
                });
        assertThat(ran).isEqualTo(TESTS.get(project));
    }

    @Test
    void projects_inTheFolder_areAllExpectedHere() throws IOException {
        try (Stream<Path> folders = Files.list(PROJECTS)) {
            assertThat(folders.map(folder -> folder.getFileName().toString()))
                    .containsExactlyInAnyOrderElementsOf(TESTS.keySet());
        }
    }

    private static Map<String, Integer> springBoot() {
        return Map.of(
                "com.acme.bot.BotTest", 7, "com.acme.quotes.QuotesTest", 10, "com.acme.quotes.StartFailureTest", 3);
    }

    private static Map<String, Integer> springBoot4() {
        Map<String, Integer> tests = new TreeMap<>(springBoot());
        tests.put("com.acme.quotes.LazyStartTest", 2);
        return tests;
    }

    private static Map<String, Integer> annotationTck() {
        return Map.of(
                "com.acme.tck.BeanProviderTest", 1,
                "org.jsr107.tck.annotation.InterceptionCacheNameOnEachMethodTest", 4,
                "org.jsr107.tck.annotation.InterceptionUsingCacheConfigTest", 4,
                "org.jsr107.tck.annotation.InterceptionUsingDefaultCacheNameTest", 4);
    }
}
