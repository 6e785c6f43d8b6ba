package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.settings.CacheSetting;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import javax.cache.Cache;
import javax.cache.expiry.EternalExpiryPolicy;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.jspecify.annotations.Nullable;

/** Without expiry a cache behaves like a map, for any operations in any order, on both paths. */
class CacheModelTest {

    @Nullable
    private static JCacheFixture fixture;

    @Nullable
    private static Cache<Integer, String> fast;

    @Nullable
    private static Cache<Integer, String> general;

    @Nullable
    private static Cache<Integer, String> near;

    @BeforeContainer
    static void open() {
        JCacheFixture opened =
                JCacheFixture.builder().with(CacheSetting.NEAR, "near", "on").build();
        fixture = opened;
        fast = opened.cache("fast", Integer.class, String.class);
        near = opened.cache("near", Integer.class, String.class);
        general = opened.cache("general", Integer.class, String.class, new SameMeaning(new EternalExpiryPolicy()));
    }

    @AfterContainer
    static void close() {
        Objects.requireNonNull(fixture).close();
    }

    @Property(tries = 60)
    void anySequenceOfOperations_onBothPaths_doesWhatAMapDoes(@ForAll("sequences") List<Step> steps) {
        for (Cache<Integer, String> cache :
                List.of(Objects.requireNonNull(fast), Objects.requireNonNull(general), Objects.requireNonNull(near))) {
            cache.clear();
            Map<Integer, String> map = new HashMap<>();
            for (Step step : steps) {
                assertThat(step.act.on(cache, step)).as("%s", step).isEqualTo(step.act.on(map, step));
            }
            assertThat(content(cache)).isEqualTo(map);
        }
    }

    private static Map<Integer, String> content(Cache<Integer, String> cache) {
        Map<Integer, String> content = new HashMap<>();
        cache.forEach(entry -> content.put(entry.getKey(), entry.getValue()));
        return content;
    }

    @Provide
    Arbitrary<List<Step>> sequences() {
        return Combinators.combine(
                        Arbitraries.of(Act.class),
                        Arbitraries.integers().between(0, 2),
                        Arbitraries.of("a", "b"),
                        Arbitraries.of("a", "b"))
                .as(Step::new)
                .list()
                .ofMaxSize(40);
    }

    /** An operation and its arguments. */
    record Step(Act act, int key, String value, String other) {}

    /** Operations, on a cache and on the map that is its model. */
    enum Act {
        GET {
            @Override
            @Nullable
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.get(step.key);
            }

            @Override
            @Nullable
            Object on(Map<Integer, String> map, Step step) {
                return map.get(step.key);
            }
        },
        CONTAINS_KEY {
            @Override
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.containsKey(step.key);
            }

            @Override
            Object on(Map<Integer, String> map, Step step) {
                return map.containsKey(step.key);
            }
        },
        PUT {
            @Override
            @Nullable
            Object on(Cache<Integer, String> cache, Step step) {
                cache.put(step.key, step.value);
                return null;
            }

            @Override
            @Nullable
            Object on(Map<Integer, String> map, Step step) {
                map.put(step.key, step.value);
                return null;
            }
        },
        PUT_ALL {
            @Override
            @Nullable
            Object on(Cache<Integer, String> cache, Step step) {
                cache.putAll(Map.of(step.key, step.value, step.key + 1, step.other));
                return null;
            }

            @Override
            @Nullable
            Object on(Map<Integer, String> map, Step step) {
                map.putAll(Map.of(step.key, step.value, step.key + 1, step.other));
                return null;
            }
        },
        PUT_IF_ABSENT {
            @Override
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.putIfAbsent(step.key, step.value);
            }

            @Override
            Object on(Map<Integer, String> map, Step step) {
                return map.putIfAbsent(step.key, step.value) == null;
            }
        },
        GET_AND_PUT {
            @Override
            @Nullable
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.getAndPut(step.key, step.value);
            }

            @Override
            @Nullable
            Object on(Map<Integer, String> map, Step step) {
                return map.put(step.key, step.value);
            }
        },
        REPLACE {
            @Override
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.replace(step.key, step.value);
            }

            @Override
            Object on(Map<Integer, String> map, Step step) {
                return map.replace(step.key, step.value) != null;
            }
        },
        REPLACE_VALUE {
            @Override
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.replace(step.key, step.other, step.value);
            }

            @Override
            Object on(Map<Integer, String> map, Step step) {
                return map.replace(step.key, step.other, step.value);
            }
        },
        GET_AND_REPLACE {
            @Override
            @Nullable
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.getAndReplace(step.key, step.value);
            }

            @Override
            @Nullable
            Object on(Map<Integer, String> map, Step step) {
                return map.replace(step.key, step.value);
            }
        },
        REMOVE {
            @Override
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.remove(step.key);
            }

            @Override
            Object on(Map<Integer, String> map, Step step) {
                return map.remove(step.key) != null;
            }
        },
        REMOVE_VALUE {
            @Override
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.remove(step.key, step.other);
            }

            @Override
            Object on(Map<Integer, String> map, Step step) {
                return map.remove(step.key, step.other);
            }
        },
        GET_AND_REMOVE {
            @Override
            @Nullable
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.getAndRemove(step.key);
            }

            @Override
            @Nullable
            Object on(Map<Integer, String> map, Step step) {
                return map.remove(step.key);
            }
        },
        REMOVE_ALL_OF {
            @Override
            @Nullable
            Object on(Cache<Integer, String> cache, Step step) {
                cache.removeAll(Set.of(step.key, step.key + 1));
                return null;
            }

            @Override
            @Nullable
            Object on(Map<Integer, String> map, Step step) {
                map.keySet().removeAll(Set.of(step.key, step.key + 1));
                return null;
            }
        },
        GET_ALL {
            @Override
            Object on(Cache<Integer, String> cache, Step step) {
                return cache.getAll(Set.of(step.key, step.key + 1));
            }

            @Override
            Object on(Map<Integer, String> map, Step step) {
                Map<Integer, String> found = new HashMap<>(map);
                found.keySet().retainAll(Set.of(step.key, step.key + 1));
                return found;
            }
        };

        abstract @Nullable Object on(Cache<Integer, String> cache, Step step);

        abstract @Nullable Object on(Map<Integer, String> map, Step step);
    }
}
