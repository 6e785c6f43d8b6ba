package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.embedded.EmbeddedServer;
import io.iftb.cache.jcache.Fault.Ending;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.cache.CacheException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Each operation of the standard and the asynchronous API on both stores, by each fault, in each of its round trips, with
 * each of those who have to be told. The ordinary build runs a selection in which each pair of these comes; the profile
 * {@code thorough} runs all.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class FailureMatrixTest {

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");
    private static final String CELLS = System.getProperty("iftb.test.cells", ".*");
    private static final Duration SHORT = Duration.ofMillis(250);
    private static final Duration LONG = Duration.ofSeconds(30);

    private final Map<String, FailureBench> benches = new HashMap<>();
    private EmbeddedServer server = EmbeddedServer.start();
    private final Leftovers leftovers = new Leftovers();

    /** The two APIs. */
    enum Api {
        STANDARD,
        ASYNC
    }

    /**
     * A cell of the matrix.
     *
     * @param trip the number of the round trip that is struck
     */
    record Cell(Api api, StoreKind store, FailureSetup setup, FailureOperation operation, Fault fault, int trip) {

        char kindOfTrip() {
            String trips = operation.trips(setup);
            if (fault.strike == null) { // falls on any
                return trips.contains("W") ? 'W' : 'R';
            }
            return trips.charAt(trip);
        }

        boolean exists() {
            boolean can = api == Api.STANDARD ? operation.blocking != null : operation.stage != null;
            boolean fits = api == Api.STANDARD ? fault != Fault.CANCEL : !fault.interrupts();
            boolean loads = !operation.loads() || setup == FailureSetup.LOADER;
            int trips = fault.strike == null ? 1 : operation.trips(setup).length();
            return can && fits && loads && trip < trips;
        }

        /** What it says together with each other part of it. */
        Set<String> pairs() {
            List<Object> parts = List.of(api, store, setup, operation, fault + " on " + kindOfTrip());
            Set<String> pairs = new HashSet<>();
            for (Object one : parts) {
                parts.forEach(other -> pairs.add(one + "+" + other));
            }
            return pairs;
        }
    }

    static Stream<Cell> cells() {
        List<Cell> all = new ArrayList<>();
        for (FailureSetup setup : FailureSetup.values()) {
            for (StoreKind store : StoreKind.values()) {
                for (FailureOperation operation : FailureOperation.values()) {
                    for (Fault fault : Fault.values()) {
                        for (Api api : Api.values()) {
                            for (int trip = 0; trip < 4; trip++) {
                                all.add(new Cell(api, store, setup, operation, fault, trip));
                            }
                        }
                    }
                }
            }
        }
        all.removeIf(cell -> !cell.exists());
        return THOROUGH ? all.stream().filter(cell -> cell.toString().matches(CELLS)) : selected(all).stream();
    }

    /** Few cells in which each pair comes that comes in all. */
    private static List<Cell> selected(List<Cell> all) {
        Set<String> covered = new HashSet<>();
        Set<Cell> selected = new HashSet<>();
        for (int most = 30; most > 0; most--) {
            for (Cell cell : all) {
                Set<String> more = new HashSet<>(cell.pairs());
                more.removeAll(covered);
                if (more.size() >= most) {
                    selected.add(cell);
                    covered.addAll(more);
                }
            }
        }
        return all.stream().filter(selected::contains).toList();
    }

    /** Checks the table of round trips, once the scripts are loaded. */
    @BeforeAll
    void countRoundTrips() throws Exception {
        Map<Cell, Integer> counts = new HashMap<>();
        int seen = 0;
        for (FailureSetup setup : FailureSetup.values()) {
            for (StoreKind store : StoreKind.values()) {
                for (FailureOperation operation : FailureOperation.values()) {
                    Cell cell = new Cell(Api.ASYNC, store, setup, operation, Fault.NONE, 0);
                    if (cell.exists()) {
                        FailureBench bench = bench(cell);
                        for (int i = 0; i < 2; i++) {
                            bench.prepare(store, operation.before);
                            seen = StruckCall.stage(bench.proxy(), Fault.NONE, 0, stage(bench, cell), () -> {})
                                    .requests();
                        }
                        counts.put(cell, seen);
                    }
                }
            }
        }
        assertThat(counts)
                .allSatisfy((cell, count) -> assertThat(count)
                        .as(cell.toString())
                        .isEqualTo(cell.operation().trips(cell.setup()).length()));
    }

    private FailureBench bench(Cell cell) throws IOException {
        Duration budget = cell.fault().endsAtOnce ? LONG : SHORT;
        String name = cell.setup() + " " + budget;
        FailureBench bench = benches.get(name);
        if (bench == null) {
            bench = new FailureBench(URI.create(server.uri()), cell.setup(), budget);
            benches.put(name, bench);
        }
        return bench;
    }

    @AfterAll
    void close() {
        benches.values().forEach(FailureBench::close);
        server.close();
        leftovers.assertNone();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource("cells")
    void call_fault_endsInTimeWithTheTruthAndLeavesNothing(Cell cell) throws Exception {
        FailureBench bench = bench(cell);
        FailureOperation operation = cell.operation();
        StoreKind store = cell.store();
        bench.prepare(store, operation.before);
        List<String> messages = bench.messageConnections();
        List<String> heard = new ArrayList<>();

        StruckCall call = struck(bench, cell, () -> heard.addAll(bench.heard()));

        Ending ending = call.ending(OutcomeUnknownException.class, cell.fault().endsAtOnce ? LONG : SHORT);
        if (cell.fault() == Fault.NONE) {
            assertThat(call.requests())
                    .as("round trips")
                    .isEqualTo(operation.trips(cell.setup()).length());
        }
        assertEnding(cell, ending, call);
        if (ending == Ending.CANCELLED) { // it goes on for nobody
            await().pollInterval(Duration.ofMillis(2))
                    .until(() -> bench.state(store).equals(operation.after));
        }
        bench.awaitNothingLeft(store);
        List<Integer> state = bench.state(store);
        assertTruth(cell, ending, state);
        assertHeard(cell, bench, ending, state, heard);
        assertWritten(cell, ending, bench.written());
        assertNextCallWorks(cell, bench);
        if (!cell.fault().closesAll()) {
            assertThat(bench.messageConnections())
                    .as("connections for messages")
                    .isEqualTo(messages);
        }
    }

    private static StruckCall struck(FailureBench bench, Cell cell, Runnable atEnd) throws Exception {
        FailureOperation.Caller caller = bench.caller(cell.store());
        if (cell.api() == Api.STANDARD) {
            var blocking = Objects.requireNonNull(cell.operation().blocking);
            return StruckCall.blocking(bench.proxy(), cell.fault(), cell.trip(), () -> blocking.on(caller), atEnd);
        }
        return StruckCall.stage(bench.proxy(), cell.fault(), cell.trip(), stage(bench, cell), atEnd);
    }

    private static Supplier<CompletionStage<?>> stage(FailureBench bench, Cell cell) {
        var stage = Objects.requireNonNull(cell.operation().stage);
        return () -> stage.on(bench.caller(cell.store()));
    }

    private static void assertEnding(Cell cell, Ending ending, StruckCall call) {
        Ending expected = cell.fault().ending(cell.kindOfTrip());
        if (cell.operation().isRead()) {
            assertThat(ending).as("a read is never unknown").isNotEqualTo(Ending.UNKNOWN);
        }
        if (expected == Ending.UNKNOWN && cell.operation().isRead()) {
            expected = Ending.FAILED;
        }
        if (expected != Ending.ANY) {
            assertThat(ending).as("ends with " + call.error()).isEqualTo(expected);
        }
        if (call.error() != null && ending != Ending.CANCELLED) {
            assertThat(call.error())
                    .isExactlyInstanceOf(
                            ending == Ending.UNKNOWN ? OutcomeUnknownException.class : CacheException.class)
                    .hasMessageStartingWith("Cache 'matrix");
        }
    }

    private static void assertTruth(Cell cell, Ending ending, List<Integer> state) {
        List<Integer> before = cell.operation().before;
        List<Integer> after = cell.operation().after;
        switch (ending) {
            case RESULT -> assertThat(state).isEqualTo(after);
            case FAILED -> {
                if (cell.operation() != FailureOperation.LOADING_GET) {
                    assertThat(state).isEqualTo(before);
                }
            }
            default -> {
                for (int i = 0; i < state.size(); i++) { // a batch may be carried out in part
                    assertThat(state.get(i)).isIn(before.get(i), after.get(i));
                }
            }
        }
        boolean reached = cell.kindOfTrip() == 'W' && ending == Ending.UNKNOWN;
        switch (cell.fault()) {
            case REPLY_LOST, REPLY_CUT, REPLY_TOO_LATE, INTERRUPT_DURING -> {
                if (reached) {
                    assertThat(state).as("it was carried out").isEqualTo(after);
                }
            }
            case REQUEST_LOST ->
                assertThat(state).as("what is done").isEqualTo(ending == Ending.RESULT ? after : before);
            default -> {
                // as the moment decides
            }
        }
    }

    private static void assertHeard(
            Cell cell, FailureBench bench, Ending ending, List<Integer> state, List<String> before) {
        List<String> made = cell.operation().isHeard(cell.setup())
                ? FailureBench.events(cell.store(), cell.operation().before, state)
                : List.of();
        List<String> all = new ArrayList<>(before);
        boolean left = cell.fault().interrupts() && cell.setup() == FailureSetup.REMOTE_EVENTS; // to the executor
        if (ending == Ending.RESULT && !left) {
            assertThat(before).as("heard before the return").containsExactlyInAnyOrderElementsOf(made);
        }
        boolean unheard = cell.setup() == FailureSetup.LISTENER && ending == Ending.UNKNOWN;
        if (cell.fault().closesAll() && ending == Ending.UNKNOWN) {
            bench.awaitConnected();
            all.addAll(bench.heard()); // once, or lost with the connection of messages
            assertThat(all).isSubsetOf(made).doesNotHaveDuplicates();
            return;
        }
        if (unheard && made.size() > 1 && cell.fault() == Fault.INTERRUPT_AFTER) {
            // the replies of a batch that were there before the interrupt are known
            all.addAll(bench.heard());
            assertThat(all).as("heard in all").isSubsetOf(made).doesNotHaveDuplicates();
            return;
        }
        await().pollInterval(Duration.ofMillis(2)).untilAsserted(() -> {
            all.addAll(bench.heard());
            assertThat(all).as("heard in all").containsExactlyInAnyOrderElementsOf(unheard ? List.of() : made);
        });
    }

    private static void assertWritten(Cell cell, Ending ending, List<String> written) {
        if (cell.setup() != FailureSetup.WRITER) {
            return;
        }
        boolean changes =
                !cell.operation().before.equals(cell.operation().after) && cell.operation() != FailureOperation.CLEAR;
        if (ending == Ending.RESULT) {
            assertThat(written.isEmpty()).as("the writer is told").isNotEqualTo(changes);
        }
        boolean toldFirst =
                cell.operation().name().endsWith("_ALL") || cell.operation() == FailureOperation.REMOVE_EACH;
        boolean later = cell.fault() == Fault.INTERRUPT_AFTER; // it may go on up to its change
        if (ending == Ending.FAILED && !toldFirst && !later && cell.fault().strike != null) {
            assertThat(written).as("what the writer is told without a change").isEmpty();
        }
    }

    private static void assertNextCallWorks(Cell cell, FailureBench bench) {
        FailureOperation.Caller caller = bench.caller(cell.store());
        if (cell.fault().closesAll()) {
            bench.awaitConnected();
        }
        if (cell.fault().closesAll() || !cell.fault().endsAtOnce) {
            // suspected connections are made anew, fifty a second at most
            await().pollInterval(Duration.ofMillis(2))
                    .ignoreExceptions()
                    .untilAsserted(() -> caller.cache().get(caller.a()));
        }
        bench.heard();
        if (cell.api() == Api.STANDARD) {
            caller.cache().put(caller.a(), caller.value(7));
            assertThat(caller.cache().get(caller.a())).isEqualTo(caller.value(7));
        } else {
            caller.async()
                    .put(caller.a(), caller.value(7))
                    .toCompletableFuture()
                    .join();
            assertThat(caller.async().get(caller.a()).toCompletableFuture().join())
                    .isEqualTo(caller.value(7));
        }
        if (cell.setup().listens()) {
            assertThat(bench.heard()).hasSize(1);
        }
        bench.awaitNothingLeft(cell.store());
    }
}
