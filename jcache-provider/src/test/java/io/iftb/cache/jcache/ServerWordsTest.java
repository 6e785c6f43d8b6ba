package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.jcache.Fault.Ending;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each operation of the standard API while a real server answers with each error that it can be brought to say. The
 * ordinary build runs some operations; the profile {@code thorough} runs all.
 */
@Tag("servers")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ServerWordsTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final Duration BUDGET = Duration.ofSeconds(30);

    private final EmbeddedServer server = EmbeddedServer.start();
    private final Map<FailureSetup, FailureBench> benches = new EnumMap<>(FailureSetup.class);

    /** A cell of the matrix. */
    record Cell(ServerWord word, FailureSetup setup, StoreKind store, FailureOperation operation) {

        boolean isRefused() {
            return switch (word.refused) {
                case ALL -> true;
                case WRITES -> operation.trips(setup).contains("W");
                case SOME_WRITES -> operation.after.contains(2);
            };
        }
    }

    static Stream<Cell> cells() {
        List<Cell> cells = new ArrayList<>();
        for (ServerWord word : ServerWord.values()) {
            for (FailureSetup setup : FailureSetup.values()) {
                for (StoreKind store : StoreKind.values()) {
                    for (FailureOperation operation : FailureOperation.values()) {
                        boolean exists =
                                operation.blocking != null && (!operation.loads() || setup == FailureSetup.LOADER);
                        if (exists && (THOROUGH || isTelling(setup, operation))) {
                            cells.add(new Cell(word, setup, store, operation));
                        }
                    }
                }
            }
        }
        return cells.stream();
    }

    private static boolean isTelling(FailureSetup setup, FailureOperation operation) {
        return switch (operation) {
            case GET, PUT, PUT_ALL, INVOKE -> setup == FailureSetup.NOBODY || setup == FailureSetup.REMOTE_EVENTS;
            default -> false;
        };
    }

    private FailureBench bench(FailureSetup setup) throws Exception {
        FailureBench bench = benches.get(setup);
        if (bench == null) {
            bench = new FailureBench(URI.create(server.uri()), setup, BUDGET);
            benches.put(setup, bench);
        }
        return bench;
    }

    @AfterAll
    void close() {
        benches.values().forEach(FailureBench::close);
        server.close();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void call_serverRefuses_endsAtOnceWithOurWordsAndChangesNothing(Cell cell) throws Exception {
        FailureBench bench = bench(cell.setup());
        FailureOperation.Caller caller = bench.caller(cell.store());
        var blocking = Objects.requireNonNull(cell.operation().blocking);
        bench.prepare(cell.store(), cell.operation().before);
        blocking.on(caller); // the scripts are loaded
        bench.prepare(cell.store(), cell.operation().before);
        StruckCall call;
        List<String> heard;

        RawRedis control = FailureBench.control(server.uri());
        cell.word().begin(control, server.uri());
        try (control) {
            call = StruckCall.blocking(bench.proxy(), Fault.NONE, 0, () -> blocking.on(caller), () -> {});
            heard = bench.heard();
            cell.word().end(control);
        }

        Ending ending = call.ending(OutcomeUnknownException.class, BUDGET);
        List<Integer> state = bench.state(cell.store());
        boolean closing = cell.word() == ServerWord.NOAUTH // it met a connection that the server was closing
                && String.valueOf(call.error()).contains("closed");
        if (cell.isRefused() && !closing) {
            assertThat(call.error())
                    .isExactlyInstanceOf(CacheException.class)
                    .hasMessageStartingWith("Cache 'matrix")
                    .hasMessageContaining(cell.word().told)
                    .hasMessageNotContainingAny("script:", "f_", "@user_script");
        }
        assertThat(ending == Ending.UNKNOWN && !closing).as("unknown").isFalse();
        assertThat(state).isEqualTo(ending == Ending.RESULT ? cell.operation().after : cell.operation().before);
        if (ending == Ending.FAILED) {
            assertThat(heard).isEmpty();
        }
        bench.awaitNothingLeft(cell.store());
        if (cell.word() == ServerWord.NOAUTH) { // it closed the connections
            bench.awaitConnected();
            await().ignoreExceptions().untilAsserted(() -> caller.cache().get(caller.a()));
        }
        caller.cache().put(caller.a(), caller.value(7));
        assertThat(caller.cache().get(caller.a())).isEqualTo(caller.value(7));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            -MOVED 1 127.0.0.1:7                                              | is a node of a Redis Cluster and holds other
            -ASK 1 127.0.0.1:7                                                | is a node of a Redis Cluster and holds other
            -CROSSSLOT Keys in request don't hash to the same slot            | takes keys of one slot only
            -CLUSTERDOWN Hash slot not served                                 | is a node of a Redis Cluster that is down
            -EXECABORT Transaction discarded because of previous errors.      | dropped a transaction
            -LOADING Redis is loading the dataset in memory                   | is loading its data
            -WRONGPASS invalid username-password pair or user is disabled.    | refused the login
            -MISCONF Redis is configured to save RDB snapshots                | cannot save to its disk""")
    void call_answeredByAnErrorOfOtherServers_endsAtOnceWithOurWordsAndChangesNothing(String said, String told)
            throws Exception {
        for (FailureSetup setup : List.of(FailureSetup.NOBODY, FailureSetup.REMOTE_EVENTS)) {
            FailureBench bench = bench(setup);
            for (StoreKind store : StoreKind.values()) {
                for (FailureOperation operation :
                        List.of(FailureOperation.GET, FailureOperation.PUT, FailureOperation.INVOKE)) {
                    int last = operation.trips(setup).length() - 1;
                    FailureOperation.Caller caller = bench.caller(store);
                    var blocking = Objects.requireNonNull(operation.blocking);
                    bench.prepare(store, operation.before);
                    blocking.on(caller);
                    bench.prepare(store, operation.before);
                    StruckCall call = StruckCall.answered(bench.proxy(), said, last, () -> blocking.on(caller));

                    assertThat(call.error())
                            .as(operation + " on " + store + " with " + setup)
                            .isExactlyInstanceOf(CacheException.class)
                            .hasMessageContaining(told);
                    assertThat(call.ending(OutcomeUnknownException.class, BUDGET))
                            .isEqualTo(Ending.FAILED);
                    bench.awaitNothingLeft(store);
                    assertThat(bench.state(store)).isEqualTo(operation.before);
                    assertThat(bench.heard()).isEmpty();
                    caller.cache().put(caller.a(), caller.value(7));
                }
            }
        }
    }
}
