package io.iftb.cache;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.Date;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The packages of core and the allowed dependencies between them. */
class CoreArchitectureTest {

    private static final String ROOT = "io.iftb.cache";

    private static final JavaClasses CORE = new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .importPackages(ROOT);

    @Test
    void packages_arrows_pointOneWay() {
        layeredArchitecture()
                .consideringOnlyDependenciesInAnyPackage(ROOT + "..")
                .layer("façade")
                .definedBy(ROOT)
                .layer("store")
                .definedBy(ROOT + ".store..")
                .layer("fetch")
                .definedBy(ROOT + ".fetch..")
                .layer("redis")
                .definedBy(ROOT + ".redis..")
                .layer("embedded")
                .definedBy(ROOT + ".embedded..")
                .layer("near")
                .definedBy(ROOT + ".near..")
                .layer("settings")
                .definedBy(ROOT + ".settings..")
                .layer("codec")
                .definedBy(ROOT + ".codec..")
                .layer("market")
                .definedBy(ROOT + ".market..")
                .layer("ta4j")
                .definedBy(ROOT + ".ta4j..")
                .layer("metrics")
                .definedBy(ROOT + ".metrics..")
                .layer("observe")
                .definedBy(ROOT + ".observe..")
                .whereLayer("metrics")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("observe")
                .mayOnlyBeAccessedByLayers("façade", "metrics")
                .whereLayer("ta4j")
                .mayNotBeAccessedByAnyLayer()
                .whereLayer("façade")
                .mayOnlyBeAccessedByLayers("metrics")
                .whereLayer("fetch")
                .mayOnlyBeAccessedByLayers("façade", "metrics")
                .whereLayer("store")
                .mayOnlyBeAccessedByLayers("façade", "fetch", "metrics")
                .whereLayer("redis")
                .mayOnlyBeAccessedByLayers("façade", "fetch", "store", "metrics", "observe")
                .whereLayer("embedded")
                .mayOnlyBeAccessedByLayers("façade", "redis")
                .whereLayer("near")
                .mayOnlyBeAccessedByLayers("store")
                .whereLayer("settings")
                .mayOnlyBeAccessedByLayers("façade", "fetch", "store")
                .whereLayer("codec")
                .mayOnlyBeAccessedByLayers("façade", "store")
                .whereLayer("market")
                .mayOnlyBeAccessedByLayers("façade", "fetch", "store", "codec", "settings", "ta4j", "metrics")
                .ensureAllClassesAreContainedInArchitecture()
                .check(CORE);
    }

    @Test
    void redissonAndNetty_areSeenByRedisOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".redis..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("org.redisson..", "io.netty..")
                .check(CORE);
    }

    @Test
    void kryo_isSeenByCodecOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".codec..")
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("com.esotericsoftware..", "net.jpountz..")
                .check(CORE);
    }

    @Test
    void caffeine_isSeenByNearOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".near..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.github.benmanes..")
                .check(CORE);
    }

    @Test
    void resilience4j_isSeenByRedisOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".redis..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.github.resilience4j..")
                .check(CORE);
    }

    @Test
    void snakeYaml_isSeenBySettingsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".settings..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.yaml..")
                .check(CORE);
    }

    /** It is optional, so everything else works without it. */
    @Test
    void micrometer_isSeenByMetricsOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".metrics..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("io.micrometer..")
                .check(CORE);
    }

    /** It is optional, so everything else works without it. */
    @Test
    void ta4j_isSeenByItsOwnPackageOnly() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".ta4j..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("org.ta4j..")
                .check(CORE);
    }

    /** The clocks of JVMs differ by minutes. Only the server's and the monotonic one say when a source may be asked. */
    @Test
    void fetch_neverReadsTheDateOfThisJvm() {
        noClasses()
                .that()
                .resideInAPackage(ROOT + ".fetch..")
                .should()
                .callMethod(System.class, "currentTimeMillis")
                .orShould()
                .callMethod(Instant.class, "now")
                .orShould()
                .dependOnClassesThat()
                .belongToAnyOf(Clock.class, LocalDateTime.class, ZonedDateTime.class, Date.class)
                .check(CORE);
    }

    @Test
    void javaxCache_isSeenByNobody() {
        noClasses()
                .should()
                .dependOnClassesThat()
                .resideInAPackage("javax.cache..")
                .check(CORE);
    }

    @Test
    void market_needsNothingButTheJdk() {
        classes()
                .that()
                .resideInAPackage(ROOT + ".market..")
                .should()
                .onlyDependOnClassesThat()
                .resideInAnyPackage(ROOT + ".market..", "java..", "org.jspecify..")
                .check(CORE);
    }

    @Test
    void sources_areShort() throws IOException {
        try (Stream<Path> sources = Files.walk(Path.of("src/main/java"))) {
            for (Path source : sources.filter(Files::isRegularFile).toList()) {
                assertThat(Files.readAllLines(source)).as(source.toString()).hasSizeLessThanOrEqualTo(300);
            }
        }
    }
}
