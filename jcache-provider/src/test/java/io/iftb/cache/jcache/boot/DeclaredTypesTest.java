package io.iftb.cache.jcache.boot;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import org.junit.jupiter.api.Test;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import reactor.core.publisher.Mono;

/** What annotated methods say of the values of caches. */
class DeclaredTypesTest {

    record Quote(double price) {}

    record Report(String text) {}

    static class NoSymbol extends RuntimeException {

        private static final long serialVersionUID = 1L;
    }

    interface Reports {

        @Cacheable("reports")
        Report report(String symbol);
    }

    @CacheDefaults(cacheName = "quotes")
    abstract static class Standard {

        @CacheResult(exceptionCacheName = "failures", cachedExceptions = NoSymbol.class)
        abstract Quote quote(String symbol);

        @CacheResult(cacheName = "all")
        abstract List<Quote> quotes();

        @CachePut(cacheName = "put")
        abstract void put(String symbol, @CacheValue Report report);

        abstract Report notCached(String symbol);
    }

    abstract static class Unnamed {

        @CacheResult
        abstract Quote quote(String symbol, int size);
    }

    @CacheConfig(cacheNames = "quotes")
    abstract static class OfSpring implements Reports {

        @Cacheable
        abstract Quote quote(String symbol);

        @org.springframework.cache.annotation.CachePut({"one", "two"})
        abstract Report update(String symbol);

        @Caching(cacheable = {@Cacheable("three"), @Cacheable("four")})
        abstract Mono<Quote> later(String symbol);
    }

    @Test
    void declared_methodsOfTheStandard_giveResultsValuesAndExceptions() {
        assertThat(declared(Standard.class))
                .isEqualTo(Map.of(
                        "quotes", Set.of("Quote"),
                        "failures", Set.of("NoSymbol"),
                        "all", Set.of("List of Quote"),
                        "put", Set.of("Report")));
    }

    @Test
    void declared_methodWithoutAName_hasTheNameOfTheStandard() {
        assertThat(declared(Unnamed.class).keySet())
                .containsExactly(Unnamed.class.getName() + ".quote(java.lang.String,int)");
    }

    @Test
    void declared_methodsOfSpring_giveResultsToAllTheirCaches() {
        assertThat(declared(OfSpring.class))
                .isEqualTo(Map.of(
                        "quotes", Set.of("Quote"),
                        "one", Set.of("Report"),
                        "two", Set.of("Report"),
                        "three", Set.of("Quote"),
                        "four", Set.of("Quote")));
    }

    @Test
    void declared_methodOfAnInterface_countsWhereItIsImplemented() {
        class Implementing implements Reports {
            @Override
            public Report report(String symbol) {
                return new Report(symbol);
            }
        }
        assertThat(declared(Implementing.class)).isEqualTo(Map.of("reports", Set.of("Report")));
    }

    @Cacheable("quotes")
    abstract static class CachedWholly {

        public abstract Quote quote(String symbol);

        @Cacheable("reports")
        public abstract Report report(String symbol);

        abstract List<Quote> notPublic(String symbol);
    }

    @Test
    void declared_annotationOfTheClass_countsForItsPublicMethodsWithoutOne() {
        assertThat(declared(CachedWholly.class))
                .isEqualTo(Map.of("quotes", Set.of("Quote"), "reports", Set.of("Report")));
    }

    abstract static class Plain {

        public abstract Report plain(String symbol);
    }

    @Cacheable("wholly")
    abstract static class InheritingCachedWholly extends Plain {

        @CacheEvict("quotes")
        public abstract Report evict(String symbol);

        public abstract Quote quote(String symbol);
    }

    /** As Spring's own rules are: an annotation of the method counts alone, and else that of the class that declares it. */
    @Test
    void declared_methodThatEvictsOrIsInherited_hasNothingOfTheClass() {
        assertThat(declared(InheritingCachedWholly.class)).isEqualTo(Map.of("wholly", Set.of("Quote")));
    }

    abstract static class WithFixedTypes {

        @Cacheable("ticker")
        abstract Quote first(String symbol);

        @Cacheable({"ticker", "quotes"})
        abstract Quote both(String symbol);

        @Cacheable("reports")
        abstract Report report(String symbol);

        @CacheResult(cacheName = "ticker", exceptionCacheName = "failures", cachedExceptions = NoSymbol.class)
        abstract Quote last(String symbol);
    }

    @Test
    void declared_aCacheRefusesItsTypes_othersAreTold() {
        Set<String> told = new TreeSet<>();
        DeclaredTypes.declared(WithFixedTypes.class, (cache, value) -> {
            if (cache.equals("ticker")) {
                throw new IllegalArgumentException("cache 'ticker' holds others");
            }
            told.add(cache);
        });

        assertThat(told).containsExactly("failures", "quotes", "reports");
    }

    private static Map<String, Set<String>> declared(Class<?> type) {
        Map<String, Set<String>> found = new TreeMap<>();
        DeclaredTypes.declared(
                type,
                (cache, value) ->
                        found.computeIfAbsent(cache, name -> new TreeSet<>()).add(text(value)));
        return found;
    }

    private static String text(Type type) {
        return type instanceof ParameterizedType of
                ? text(of.getRawType()) + " of " + text(of.getActualTypeArguments()[0])
                : ((Class<?>) type).getSimpleName();
    }
}
