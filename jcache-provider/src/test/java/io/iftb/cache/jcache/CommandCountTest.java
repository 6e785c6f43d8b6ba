package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.cache.configuration.MutableConfiguration;
import javax.cache.expiry.AccessedExpiryPolicy;
import javax.cache.expiry.Duration;
import javax.cache.expiry.ExpiryPolicy;
import javax.cache.expiry.ModifiedExpiryPolicy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** The commands of the provider, as the server counts them. */
class CommandCountTest {

    private static final Pattern CALLS = Pattern.compile("cmdstat_([a-z|]+):calls=(\\d+)");
    private static final Pattern READS = Pattern.compile("total_reads_processed:(\\d+)");

    /** What asks for the counts, and what a client sends by itself: on new and idle connections, and to know the time. */
    private static final Set<String> NOT_OURS = Set.of("config", "info", "client", "ping", "time");

    /** A separate server, so that only the calls of this test are counted. */
    @Nullable
    private static JCacheFixture opened;

    @BeforeAll
    static void open() {
        opened = JCacheFixture.builder().ownServer().build();
    }

    @AfterAll
    static void close() {
        fixture().close();
    }

    @AfterEach
    void destroyCache() {
        fixture().manager().destroyCache("texts");
    }

    private static JCacheFixture fixture() {
        return Objects.requireNonNull(opened);
    }

    @ParameterizedTest
    @EnumSource(
            mode = Mode.EXCLUDE,
            names = {
                "ITERATOR_NEXT",
                "ITERATOR_HAS_NEXT",
                "REPLACE_EQUAL",
                "REPLACE_OTHER",
                "REMOVE_EQUAL",
                "REMOVE_OTHER",
                "INVOKE_NOTHING",
                "INVOKE_EXISTS",
                "INVOKE_GET",
                "INVOKE_GET_AND_SET",
                "INVOKE_SET",
                "INVOKE_REMOVE_AND_SET",
                "INVOKE_REMOVE",
                "INVOKE_ALL_SET",
                "INVOKE_ALL_GET",
                "INVOKE_ALL_REMOVE",
                "REMOVE_ALL",
                "CLEAR"
            })
    void plainOperation_constantPolicy_isOneCommand(EntryCase operation) {
        RedisCache<String, String> cache = cache(new ModifiedExpiryPolicy(Duration.ONE_HOUR));
        for (boolean present : new boolean[] {false, true}) {
            prepare(cache, present);
            operation.run(cache, "k", "a", "b", "c");
            assertThat(calls()).as("present: %s", present).hasSize(1).containsValue(1L);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"REPLACE_EQUAL", "REMOVE_EQUAL"})
    void comparingOperation_equalValue_isAReadAndOneChange(EntryCase operation) {
        RedisCache<String, String> cache = cache(new ModifiedExpiryPolicy(Duration.ONE_HOUR));
        prepare(cache, true);
        operation.run(cache, "k", "a", "b", "c");
        prepare(cache, true);

        operation.run(cache, "k", "a", "b", "c");

        requireReadAndOneChange();
    }

    /** The server counts the commands of a script too. */
    private static void requireReadAndOneChange() {
        Map<String, Long> calls = calls();
        assertThat(calls).doesNotContainKey("eval").hasSizeGreaterThan(1);
        if (calls.containsKey("evalsha")) {
            assertThat(calls)
                    .containsEntry("evalsha", 1L)
                    .containsEntry("get", 2L)
                    .hasSize(3);
        } else {
            assertThat(calls).containsEntry("get", 1L).containsValues(1L).hasSize(2); // a new server compares itself
        }
    }

    @ParameterizedTest
    @EnumSource(mode = Mode.EXCLUDE, names = "REMOVE_ALL") // which counts each entry
    void anyOperation_withStatistics_asksNoMoreThanWithout(EntryCase operation) {
        RedisCache<String, String> cache = cache(new ModifiedExpiryPolicy(Duration.ONE_HOUR));
        prepare(cache, true);
        operation.run(cache, "k", "a", "b", "c");
        Map<String, Long> without = calls();
        fixture().manager().enableStatistics("texts", true);
        prepare(cache, true);

        operation.run(cache, "k", "a", "b", "c");

        assertThat(calls()).isEqualTo(without);
    }

    @Test
    void invoke_withoutContention_isAReadAndOneChange() {
        RedisCache<String, String> cache = cache(new ModifiedExpiryPolicy(Duration.ONE_HOUR));
        prepare(cache, true);
        EntryCase.INVOKE_GET_AND_SET.run(cache, "k", "a", "b", "c");
        prepare(cache, true);

        EntryCase.INVOKE_GET_AND_SET.run(cache, "k", "a", "b", "c");

        requireReadAndOneChange();
    }

    @Test
    void invokeAll_hundredKeys_readsOnceAndCommitsInOneBatch() {
        RedisCache<String, String> cache = cache(new ModifiedExpiryPolicy(Duration.ONE_HOUR));
        Set<String> keys = IntStream.range(0, 100).mapToObj(i -> "k" + i).collect(Collectors.toSet());
        EntryCase.INVOKE_GET_AND_SET.run(cache, "k", "a", "b", "c");
        calls();

        cache.invokeAll(keys, (entry, arguments) -> {
            entry.setValue("v");
            return null;
        });

        assertThat(reads()).isLessThanOrEqualTo(10);
        assertThat(calls()).isEqualTo(Map.of("mget", 1L, "set", 100L));
    }

    @Test
    void get_readThroughAndTheEntryIsThere_isOneCommand() {
        RedisCache<String, String> cache = (RedisCache<String, String>) fixture()
                .manager()
                .createCache(
                        "texts",
                        new MutableConfiguration<String, String>()
                                .setTypes(String.class, String.class)
                                .setReadThrough(true)
                                .setCacheLoaderFactory(() -> new FakeLoader<>(key -> key)));
        prepare(cache, true);

        cache.get("k");

        assertThat(calls()).isEqualTo(Map.of("get", 1L));
    }

    @Test
    void get_accessedPolicy_isOneGetEx() {
        RedisCache<String, String> cache = cache(new AccessedExpiryPolicy(Duration.ONE_HOUR));
        prepare(cache, true);

        cache.get("k");

        assertThat(calls()).isEqualTo(Map.of("getex", 1L));
    }

    @Test
    void putAll_thousandEntries_travelTogether() {
        RedisCache<String, String> cache = cache(new ModifiedExpiryPolicy(Duration.ONE_HOUR));
        calls();

        cache.putAll(thousand());

        assertThat(reads()).isLessThan(100);
        assertThat(calls()).isEqualTo(Map.of("set", 1_000L));
    }

    @Test
    void putAll_thousandEntriesUnderACustomPolicy_readsOnce() {
        RedisCache<String, String> cache = cache(new SameMeaning(new ModifiedExpiryPolicy(Duration.ONE_HOUR)));
        cache.put("k0", "old");
        cache.replace("k0", "old", "older");
        calls();

        cache.putAll(thousand());

        Map<String, Long> calls = calls();
        assertThat(calls).containsEntry("mget", 1L).containsEntry("set", 1_000L);
        assertThat(calls.getOrDefault("evalsha", 0L)).isLessThan(2); // for the entry that is there, on an old server
    }

    @Test
    void getAllAndRemoveAll_thousandEntries_areOneCommandEach() {
        RedisCache<String, String> cache = cache(new ModifiedExpiryPolicy(Duration.ONE_HOUR));
        Map<String, String> entries = thousand();
        cache.putAll(entries);
        calls();

        cache.getAll(entries.keySet());
        assertThat(calls()).isEqualTo(Map.of("mget", 1L));
        cache.removeAll(entries.keySet());
        assertThat(calls()).isEqualTo(Map.of("unlink", 1L));
    }

    private static Map<String, String> thousand() {
        return IntStream.range(0, 1_000).boxed().collect(Collectors.toMap(i -> "k" + i, i -> "v" + i));
    }

    /** How often the server has read from a connection since the last {@link #calls()}. */
    private static long reads() {
        Matcher matcher = READS.matcher(info("stats"));
        assertThat(matcher.find()).isTrue();
        return Long.parseLong(matcher.group(1));
    }

    private static String info(String section) {
        byte[] info = (byte[]) Objects.requireNonNull(fixture().raw().send("INFO", section));
        return new String(info, StandardCharsets.UTF_8);
    }

    private RedisCache<String, String> cache(ExpiryPolicy policy) {
        return fixture().cache("texts", String.class, String.class, policy);
    }

    private void prepare(RedisCache<String, String> cache, boolean present) {
        cache.remove("k");
        if (present) {
            cache.put("k", "a");
        }
        calls();
    }

    /** The commands since the last call. */
    private static Map<String, Long> calls() {
        String info = info("commandstats");
        fixture().raw().send("CONFIG", "RESETSTAT");
        Map<String, Long> calls = new HashMap<>();
        Matcher matcher = CALLS.matcher(info);
        while (matcher.find()) {
            // Redis 6.2 leaves out what stands after the bar in config|resetstat
            if (!NOT_OURS.contains(matcher.group(1).split("\\|", 2)[0])) {
                calls.put(matcher.group(1), Long.valueOf(matcher.group(2)));
            }
        }
        return calls;
    }
}
