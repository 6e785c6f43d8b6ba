package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.OhlcvCache;
import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheSettings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The rules for users (ACL) as they stand in the guide: they are enough, and nothing in them is idle. */
@Tag("servers")
class AccessRightsTest {

    private static final String REFUSED = "does not let this user do that";

    private static final Path GUIDE = Path.of("FAILURES.md");
    private static final String NAMESPACE = "bot1";
    private static final String PASSWORD = "s3cr3t";
    private static final SeriesKey SERIES = SeriesKey.of("BTC", "1h");
    private static final OhlcvBar FIRST = new OhlcvBar(0, 1, 2, 0.5, 1.5, 10);
    private static final OhlcvBar SECOND = new OhlcvBar(3_600_000, 1, 2, 0.5, 1.5, 10);

    private static final Set<String> READ_BY_SCRIPTS =
            Set.of("strlen", "zscore", "zrangebyscore", "zrevrangebyscore", "memory|usage");

    private static EmbeddedServer server;
    private static RawRedis raw;

    @BeforeAll
    static void start() {
        server = EmbeddedServer.start();
        raw = new RawRedis(server.uri());
    }

    @AfterAll
    static void stop() {
        raw.close();
        server.close();
    }

    @BeforeEach
    void clean() {
        raw.send("FLUSHALL");
        raw.send("SCRIPT", "FLUSH");
    }

    /** The rule for a user that stands in the guide, behind its name and password. */
    static List<String> rule(String user) throws IOException {
        Matcher block = Pattern.compile("ACL SETUSER " + user + " on >password ([^`]*)```")
                .matcher(guide());
        assertThat(block.find()).isTrue();
        return Arrays.asList(block.group(1).strip().split("[\\s\\\\]+"));
    }

    static String guide() throws IOException {
        return Files.readString(GUIDE);
    }

    static List<String> rightsOfBot() throws IOException {
        return rule("bot").stream().filter(right -> right.matches("[+~&].*")).toList();
    }

    static List<String> rightsOfReader() throws IOException {
        return rule("reader").stream().filter(right -> right.matches("[+~&].*")).toList();
    }

    private static void setUser(List<String> rule) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "bot", "reset", "on", ">" + PASSWORD));
        command.addAll(rule);
        raw.send(command.toArray());
    }

    private static EveryOperation program() {
        return new EveryOperation(address("bot"), NAMESPACE, "fenced");
    }

    private static EveryOperation writer() {
        raw.send("ACL", "SETUSER", "writer", "on", ">" + PASSWORD, "~*", "&*", "+@all");
        return new EveryOperation(address("writer"), NAMESPACE, "on");
    }

    private static EveryOperation reader() {
        return new EveryOperation(address("bot"), NAMESPACE, "on");
    }

    private static String address(String user) {
        return "redis://" + user + ":" + PASSWORD + "@127.0.0.1:" + server.port();
    }

    private static List<String> without(List<String> rule, String right) {
        return rule.stream().filter(each -> !each.equals(right)).toList();
    }

    // ---- the rule for everything

    @Test
    void bot_everyOperation_isAllowed() throws IOException {
        setUser(rule("bot"));

        assertThat(program().readAndWrite().failures()).isEmpty();
        assertThat(program().read().failures()).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("rightsOfBot")
    @Tag("thorough") // half a minute
    void bot_withoutARight_someOperationNamesIt(String right) throws IOException {
        setUser(without(rule("bot"), right));

        List<String> failures = program().readAndWrite().failures();
        failures.addAll(program().read().failures());

        assertThat(failures).anyMatch(failure -> names(failure, right));
    }

    /** Whether a failure says what is missing: a command, keys or channels. */
    private static boolean names(String failure, String right) {
        String said = failure.toLowerCase(Locale.ROOT);
        if (!right.startsWith("+")) {
            // "one of the keys used as arguments" until Valkey 9, which says "a key"
            String what = right.startsWith("~") ? "key" : "channel";
            return said.contains("access one of the " + what + "s")
                    || said.contains("access a " + what)
                    || said.contains("to the " + what + " "); // our words, before a script writes
        }
        String command = right.substring(1);
        if (command.equals("subscribe")) { // the client library waits for an answer that names a channel
            return said.contains("did not answer in time");
        }
        return said.contains("'" + command + "'")
                // Redis 6.2 does not say which subcommand
                || said.contains("'" + command.split("\\|", 2)[0] + "' command or its subcommand")
                || said.contains("call " + command.replace('|', ' '))
                // the server's words for what scripts read do not name it
                || ((READ_BY_SCRIPTS.contains(command) || !canCheck())
                        && said.contains("the user executing the script can't run this"));
    }

    // ---- the rule for readers

    @Test
    void reader_everyRead_isAllowedAndWritesAreNot() throws IOException {
        assertThat(writer().readAndWrite().failures()).isEmpty();
        setUser(rule("reader"));
        Map<String, String> before = content();

        assertThat(reader().read().failures()).isEmpty();
        try (MarketCaches caches = open()) {
            assertThatThrownBy(() -> caches.ohlcv().put(SERIES, List.of(FIRST)))
                    .isInstanceOf(RedisServerException.class)
                    .hasMessageContaining(REFUSED);
            assertThatThrownBy(() -> caches.ohlcv().invalidate(SERIES)).hasMessageContaining(REFUSED);
            assertThatThrownBy(caches::clearAll).hasMessageContaining(REFUSED);
        }
        assertThat(content()).isEqualTo(before);
    }

    @ParameterizedTest
    @MethodSource("rightsOfReader")
    @Tag("thorough")
    void reader_withoutARight_someReadFails(String right) throws IOException {
        writer().readAndWrite();
        raw.send("SCRIPT", "FLUSH");
        setUser(without(rule("reader"), right));

        assertThat(reader().read().failures()).isNotEmpty();
    }

    // ---- a right that is missing inside a script

    @ParameterizedTest
    @ValueSource(strings = {"pexpireat", "persist", "zadd", "zrem", "setrange", "append", "set", "unlink", "rename"})
    void put_withoutARightInsideTheScript_changesNothingAndNamesIt(String command) throws IOException {
        assumeTrue(canCheck());
        setUser(without(rule("bot"), "+" + command));
        for (boolean isThere : new boolean[] {false, true}) {
            if (isThere) {
                raw.send("ACL", "SETUSER", "bot", "+" + command);
                try (MarketCaches caches = open()) {
                    caches.ohlcv().put(SERIES, List.of(FIRST), Duration.ofHours(1));
                }
                raw.send("ACL", "SETUSER", "bot", "-" + command);
            }
            Map<String, String> before = content();
            try (MarketCaches caches = open()) {
                // the newest bar, which has a way of its own, and one before it
                for (OhlcvBar bar : List.of(SECOND, new OhlcvBar(-3_600_000, 1, 2, 0.5, 1.5, 10))) {
                    for (Duration lifetime : List.of(Duration.ofDays(1), OhlcvCache.NEVER)) {
                        putMayBeRefused(caches, bar, lifetime, command, before);
                        if (!content().equals(before)) {
                            raw.send("FLUSHALL");
                            before = content();
                        }
                    }
                }
            }
        }
    }

    /** A write is refused as a whole, with the name of the right, or is made as a whole without needing it. */
    private static void putMayBeRefused(
            MarketCaches caches, OhlcvBar bar, Duration lifetime, String command, Map<String, String> before) {
        try {
            caches.ohlcv().put(SERIES, List.of(bar), lifetime);
        } catch (RedisServerException e) {
            assertThat(e)
                    .hasMessageContaining("does not let this user do that")
                    .hasMessageContaining("'" + command + "'")
                    .hasMessageContaining("ACL SETUSER");
            assertThat(content()).isEqualTo(before);
            return;
        }
        assertThat(caches.ohlcv().latest(SERIES, 10).bars()).contains(bar);
    }

    @Test
    void put_newSeriesWithoutTheRightToLiveOn_isRefused() throws IOException {
        assumeTrue(canCheck());
        setUser(without(rule("bot"), "+pexpireat"));
        try (MarketCaches caches = open()) {
            assertThatThrownBy(() -> caches.ohlcv().put(SERIES, List.of(FIRST), Duration.ofHours(1)))
                    .isInstanceOf(RedisServerException.class)
                    .hasMessageStartingWith(
                            "Redis at redis://127.0.0.1:" + server.port() + " does not let this user do that: ")
                    .hasMessageContaining("NOPERM this user has no permissions to run the 'pexpireat' command; grant");
        }
        assertThat(content()).isEmpty();
    }

    private static MarketCaches open() {
        return MarketCaches.open(CacheSettings.builder()
                .redisUri(address("bot"))
                .namespace(NAMESPACE)
                .build());
    }

    /** Whether scripts can ask for rights: from Redis 7.0 on. */
    private static boolean canCheck() {
        return Long.valueOf(1).equals(raw.send("EVAL", "return redis.acl_check_cmd and 1 or 0", "0"));
    }

    /** What is on the server, and does not end by itself during a test. */
    private static Map<String, String> content() {
        Map<String, String> content = new TreeMap<>();
        for (String key : raw.keys("*")) {
            long left = (Long) Objects.requireNonNull(raw.send("PTTL", key));
            if (left == -1 || left > 60_000) {
                content.put(key, Arrays.toString((byte[]) raw.send("DUMP", key)));
            }
        }
        return content;
    }
}
