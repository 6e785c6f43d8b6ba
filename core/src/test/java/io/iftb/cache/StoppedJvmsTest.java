package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.market.Analysis;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.Coverage;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A JVM that is stopped (SIGSTOP) while it loads, for longer than its lease lives: 10 s. */
@Tag("thorough")
@Timeout(120)
class StoppedJvmsTest {

    private static final Duration LEASE_AND_MORE = Duration.ofSeconds(20);

    private final AtomicInteger fetched = new AtomicInteger();
    private final AtomicInteger computed = new AtomicInteger();
    private final CompletableFuture<Boolean> answered = new CompletableFuture<>();
    private MarketCaches here;
    private HeldLoadJvm stopped;
    private CompletableFuture<BarSeries> bars;
    private CompletableFuture<Analysis> analysis;

    /** The other JVM loads and is stopped; this one waits for the same. */
    @BeforeEach
    void start() throws Exception {
        TestServer.flush();
        here = MarketCaches.open(TestServer.uri());
        stopped = new HeldLoadJvm(TestServer.uri());
        stopped.load("candles");
        stopped.load("analysis");
        stopped.stop();
        bars = HeldLoadJvm.read(here.ohlcv()
                .withSource(
                        (series, from, to, limit) -> {
                            fetched.incrementAndGet();
                            return answered.thenApply(done -> List.of(HeldLoadJvm.bar(2)));
                        },
                        HeldLoadJvm.options()));
        analysis = here.llm()
                .computeIfAbsentAsync(HeldLoadJvm.ANALYSIS, () -> {
                    computed.incrementAndGet();
                    return answered.thenApply(done -> new Analysis("2"));
                })
                .toCompletableFuture();
    }

    @AfterEach
    void close() throws Exception {
        stopped.close();
        here.close();
    }

    private void requireLoadedHere() throws Exception {
        assertThat(bars.get(60, TimeUnit.SECONDS).bars()).containsExactly(HeldLoadJvm.bar(2));
        assertThat(analysis.get(60, TimeUnit.SECONDS)).isEqualTo(new Analysis("2"));
        assertThat(fetched).hasValue(1);
        assertThat(computed).hasValue(1);
        requireStoredIsOfHere();
    }

    private void requireStoredIsOfHere() {
        assertThat(here.ohlcv()
                        .range(HeldLoadJvm.SERIES, HeldLoadJvm.NOON - HeldLoadJvm.HOUR, HeldLoadJvm.NOON)
                        .bars())
                .containsExactly(HeldLoadJvm.bar(2));
        assertThat(here.llm().get(HeldLoadJvm.ANALYSIS)).contains(new Analysis("2"));
    }

    private Coverage coverage() {
        return here.ohlcv().fetching().coverage(HeldLoadJvm.SERIES);
    }

    @Test
    void stoppedAndGoesOnAfterAnother_changesNothing() throws Exception {
        long began = System.nanoTime();
        answered.complete(true);
        requireLoadedHere();
        assertThat(Duration.ofNanos(System.nanoTime() - began)).isLessThan(LEASE_AND_MORE);
        Coverage before = coverage();

        stopped.goOn();
        stopped.answer();
        List<String> ends = List.of(stopped.awaitEnd()[2], stopped.awaitEnd()[2]);

        assertThat(ends).containsExactlyInAnyOrder("2.0", "Analysis[json=1]"); // what is stored; what its own code gave
        requireStoredIsOfHere();
        assertThat(coverage().revision()).isEqualTo(before.revision());
    }

    @Test
    void stoppedAndGoesOnWhileAnotherLoads_storesNothingInItsPlace() throws Exception {
        await().atMost(LEASE_AND_MORE).until(() -> fetched.get() + computed.get() == 2);

        stopped.goOn();
        stopped.answer();
        assertThat(stopped.awaitEnd()[2]).isEqualTo("Analysis[json=1]"); // its own code gave it
        assertThat(here.ohlcv()
                        .range(HeldLoadJvm.SERIES, HeldLoadJvm.NOON - HeldLoadJvm.HOUR, HeldLoadJvm.NOON)
                        .isEmpty())
                .isTrue();
        assertThat(here.llm().get(HeldLoadJvm.ANALYSIS)).isEmpty();

        answered.complete(true);
        requireLoadedHere();
        assertThat(stopped.awaitEnd()[2]).isEqualTo("2.0");
    }
}
