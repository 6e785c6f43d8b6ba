package io.iftb.cache.jcache.boot;

import io.iftb.cache.MarketCaches;
import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Parameter;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.cache.annotation.CacheDefaults;
import javax.cache.annotation.CachePut;
import javax.cache.annotation.CacheResult;
import javax.cache.annotation.CacheValue;
import org.jspecify.annotations.Nullable;
import org.springframework.beans.factory.config.ConfigurableListableBeanFactory;
import org.springframework.cache.annotation.CacheConfig;
import org.springframework.cache.annotation.CacheEvict;
import org.springframework.cache.annotation.Cacheable;
import org.springframework.cache.annotation.Caching;
import org.springframework.core.ReactiveAdapterRegistry;
import org.springframework.core.annotation.AnnotatedElementUtils;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * Tells the caches which types the annotated methods of an application's beans give to them: what {@code @CacheResult} and {@code
 * @Cacheable} methods return, the value of {@code @CachePut}, and cached exceptions. So a JVM that has just started reads what
 * others have stored.
 */
final class DeclaredTypes implements CachesWatcher {

    /** A method that has one of these has nothing of its class. */
    private static final List<Class<? extends Annotation>> SPRING = List.of(
            Cacheable.class, org.springframework.cache.annotation.CachePut.class, CacheEvict.class, Caching.class);

    private final ConfigurableListableBeanFactory beans;

    DeclaredTypes(ConfigurableListableBeanFactory beans) {
        this.beans = beans;
    }

    @Override
    public void opened(String unused, MarketCaches caches) {
        for (String name : beans.getBeanDefinitionNames()) {
            quietly(() -> {
                Class<?> type = beans.getType(name, false);
                if (type != null) {
                    declared(ClassUtils.getUserClass(type), caches::declareValues);
                }
            });
        }
    }

    /** Tells which types the methods of a class give to which caches; one that fails keeps no other from being told. */
    static void declared(Class<?> type, BiConsumer<String, Type> caches) {
        BiConsumer<String, Type> each = (cache, given) -> quietly(() -> caches.accept(cache, given));
        for (Method method : ReflectionUtils.getUniqueDeclaredMethods(type)) {
            quietly(() -> {
                standard(type, method, each);
                Type result = withoutPublisher(method.getGenericReturnType());
                spring(method).forEach(cache -> each.accept(cache, result));
            });
        }
    }

    /** A class that a signature names may be absent, or a cache may have types that are fixed. Whoever uses it is told. */
    private static void quietly(Runnable telling) {
        try {
            telling.run();
        } catch (RuntimeException | LinkageError e) {
            // goes on with the next
        }
    }

    private static void standard(Class<?> type, Method method, BiConsumer<String, Type> caches) {
        CacheResult result = AnnotatedElementUtils.findMergedAnnotation(method, CacheResult.class);
        if (result != null) {
            caches.accept(name(result.cacheName(), type, method), withoutPublisher(method.getGenericReturnType()));
            if (!result.exceptionCacheName().isEmpty()) {
                List.of(result.cachedExceptions())
                        .forEach(exception -> caches.accept(result.exceptionCacheName(), exception));
            }
        }
        CachePut put = AnnotatedElementUtils.findMergedAnnotation(method, CachePut.class);
        if (put != null) {
            for (Parameter parameter : method.getParameters()) {
                if (parameter.isAnnotationPresent(CacheValue.class)) {
                    caches.accept(name(put.cacheName(), type, method), parameter.getParameterizedType());
                }
            }
        }
    }

    /** The name of a cache, by the rules of JSR-107 if the annotation has none. */
    private static String name(String given, Class<?> type, Method method) {
        if (!given.isEmpty()) {
            return given;
        }
        CacheDefaults defaults = AnnotatedElementUtils.findMergedAnnotation(type, CacheDefaults.class);
        return defaults != null && !defaults.cacheName().isEmpty()
                ? defaults.cacheName()
                : method.getDeclaringClass().getName() + "." + method.getName()
                        + Arrays.stream(method.getParameterTypes())
                                .map(Class::getName)
                                .collect(Collectors.joining(",", "(", ")"));
    }

    /** The names of the caches that Spring's own annotations of a method name, or those of the class that declares it. */
    private static Set<String> spring(Method method) {
        Class<?> declaring = method.getDeclaringClass();
        boolean isOfClass = Modifier.isPublic(method.getModifiers()) && declaring != Object.class;
        return SPRING.stream().anyMatch(each -> AnnotatedElementUtils.hasAnnotation(method, each))
                ? spring(declaring, method)
                : isOfClass ? spring(declaring, declaring) : Set.of();
    }

    private static Set<String> spring(Class<?> type, AnnotatedElement annotated) {
        Caching caching = AnnotatedElementUtils.findMergedAnnotation(annotated, Caching.class);
        CacheConfig config = AnnotatedElementUtils.findMergedAnnotation(type, CacheConfig.class);
        Stream<String[]> single = Stream.concat(
                AnnotatedElementUtils.findAllMergedAnnotations(annotated, Cacheable.class).stream()
                        .map(Cacheable::cacheNames),
                AnnotatedElementUtils.findAllMergedAnnotations(
                                annotated, org.springframework.cache.annotation.CachePut.class)
                        .stream()
                        .map(org.springframework.cache.annotation.CachePut::cacheNames));
        return Stream.concat(single, several(caching))
                .flatMap(names -> Arrays.stream(names.length == 0 && config != null ? config.cacheNames() : names))
                .collect(Collectors.toSet());
    }

    private static Stream<String[]> several(@Nullable Caching caching) {
        return caching == null
                ? Stream.empty()
                : Stream.concat(
                        Arrays.stream(caching.cacheable()).map(Cacheable::cacheNames),
                        Arrays.stream(caching.put()).map(org.springframework.cache.annotation.CachePut::cacheNames));
    }

    /** What a reactive type gives, since that is what is cached. */
    private static Type withoutPublisher(Type type) {
        return type instanceof ParameterizedType parameterized
                        && parameterized.getRawType() instanceof Class<?> raw
                        && ReactiveAdapterRegistry.getSharedInstance().getAdapter(raw) != null
                        && parameterized.getActualTypeArguments().length == 1
                ? parameterized.getActualTypeArguments()[0]
                : type;
    }
}
