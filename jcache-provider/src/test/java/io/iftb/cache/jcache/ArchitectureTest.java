package io.iftb.cache.jcache;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.assertj.core.api.Assertions;

/** The allowed dependencies between packages. */
@AnalyzeClasses(packages = "io.iftb.cache", importOptions = ImportOption.DoNotIncludeTests.class)
class ArchitectureTest {

    @ArchTest
    static final ArchRule arrows_pointOneWay = layeredArchitecture()
            .consideringOnlyDependenciesInLayers()
            .withOptionalLayers(true)
            .layer("command line")
            .definedBy("io.iftb.cache.cli..")
            .layer("jcache")
            .definedBy("io.iftb.cache.jcache..")
            .layer("façade")
            .definedBy("io.iftb.cache")
            .layer("store")
            .definedBy("io.iftb.cache.store..")
            .layer("redis")
            .definedBy("io.iftb.cache.redis..")
            .layer("settings")
            .definedBy("io.iftb.cache.settings..")
            .layer("codec")
            .definedBy("io.iftb.cache.codec..")
            .layer("market")
            .definedBy("io.iftb.cache.market..")
            .whereLayer("command line")
            .mayNotBeAccessedByAnyLayer()
            .whereLayer("jcache")
            .mayOnlyBeAccessedByLayers("command line")
            .whereLayer("façade")
            .mayOnlyBeAccessedByLayers("command line", "jcache")
            .whereLayer("store")
            .mayOnlyBeAccessedByLayers("command line", "jcache", "façade")
            .whereLayer("redis")
            .mayOnlyBeAccessedByLayers("command line", "jcache", "façade", "store")
            .whereLayer("settings")
            .mayOnlyBeAccessedByLayers("command line", "jcache", "façade", "store")
            .whereLayer("codec")
            .mayOnlyBeAccessedByLayers("command line", "jcache", "façade", "store");

    @ArchTest
    static final ArchRule theClientLibrary_staysInOnePackage = noClasses()
            .that()
            .resideInAPackage("io.iftb.cache..")
            .and()
            .resideOutsideOfPackage("io.iftb.cache.redis..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("org.redisson..", "io.netty..");

    @ArchTest
    static final ArchRule core_doesNotKnowTheCachingApi = noClasses()
            .that()
            .resideInAnyPackage(
                    "io.iftb.cache",
                    "io.iftb.cache.settings..",
                    "io.iftb.cache.store..",
                    "io.iftb.cache.redis..",
                    "io.iftb.cache.codec..",
                    "io.iftb.cache.market..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("javax.cache..");

    @ArchTest
    static final ArchRule onlyWhatProgramsUse_isPublicHere = classes()
            .that()
            .resideInAPackage("io.iftb.cache.jcache")
            .and()
            .arePublic()
            .should()
            .haveSimpleName("IftbCachingProvider")
            .orShould()
            .haveSimpleName("AsyncCache")
            .orShould()
            .haveSimpleName("OutcomeUnknownException");

    @ArchTest
    static final ArchRule eventsAndManagement_knowNothingOfTheProvider = noClasses()
            .that()
            .resideInAnyPackage("io.iftb.cache.jcache.event..", "io.iftb.cache.jcache.management..")
            .should()
            .dependOnClassesThat()
            .resideInAPackage("io.iftb.cache.jcache");

    @ArchTest
    static final ArchRule eventsAndManagement_knowNothingOfEachOther = slices().matching(
                    "io.iftb.cache.jcache.(event|management)..")
            .should()
            .notDependOnEachOther();

    @ArchTest
    static final ArchRule aHandfulOfEvents_isPublic = classes()
            .that()
            .resideInAPackage("io.iftb.cache.jcache.event..")
            .and()
            .arePublic()
            .should()
            .haveNameMatching(".*\\.(CacheEvents|PendingEvent|EventDelivery|EntryChange|ListenerFailures|FailureText)");

    @ArchTest
    static void mainCode_neverAsksWhetherItIsTested(JavaClasses ignored) {
        for (Path source : sources()) {
            String text = read(source).toLowerCase(Locale.ROOT);
            Assertions.assertThat(text)
                    .as(source.toString())
                    .doesNotContain("jsr107.tck")
                    .doesNotContainPattern("\\btck\\b");
        }
    }

    /** The exceptions are explained in DECISIONS.md, "Which classes may be longer than 300 lines?". */
    @ArchTest
    static void sources_areShort(JavaClasses ignored) {
        Set<String> exceptions = Set.of("RedisCache.java");
        for (Path source : sources()) {
            if (source.startsWith("src") && source.toString().endsWith(".java")) {
                int most = exceptions.contains(String.valueOf(source.getFileName())) ? 500 : 300;
                Assertions.assertThat(read(source).lines().count())
                        .as(source.toString())
                        .isLessThanOrEqualTo(most);
            }
        }
    }

    private static List<Path> sources() {
        List<Path> sources = new ArrayList<>();
        for (Path root : List.of(Path.of("src/main"), Path.of("../core/src/main"))) {
            try (Stream<Path> files = Files.walk(root)) {
                files.filter(Files::isRegularFile).forEach(sources::add);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
        return sources;
    }

    private static String read(Path source) {
        try {
            return Files.readString(source);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
