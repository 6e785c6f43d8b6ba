package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Deadline;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Who waits for a turn, and for how long. */
class SeriesTurnsTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1h");
    private static final Duration LONG = Duration.ofMinutes(1);

    private final SeriesTurns turns = new SeriesTurns();
    private final CompletableFuture<String> first = new CompletableFuture<>();

    private CompletableFuture<String> take(Duration budget, CompletableFuture<String> change) {
        return turns.take(BTC, Deadline.after(budget), waited -> change);
    }

    @Test
    void turn_whileAnotherChanges_beginsWhenThatEnds() {
        CompletableFuture<String> one = take(LONG, first);
        CompletableFuture<Boolean> two = turns.take(BTC, Deadline.after(LONG), CompletableFuture::completedFuture);
        assertThat(two).isNotDone();

        first.complete("done");

        assertThat(one).isCompletedWithValue("done");
        assertThat(two).succeedsWithin(LONG).isEqualTo(true);
        assertThat(turns.take(BTC, Deadline.after(LONG), CompletableFuture::completedFuture))
                .succeedsWithin(LONG)
                .isEqualTo(false);
    }

    @Test
    void turn_changeThatNeverEnds_holdsNobodyBeyondTheirBudget() {
        var unused = take(LONG, first);
        CompletableFuture<String> two = take(Duration.ofMillis(50), CompletableFuture.completedFuture("two"));

        assertThat(two).succeedsWithin(LONG).isEqualTo("two");
    }

    @Test
    void turn_changeFails_isGivenBack() {
        CompletableFuture<String> one = turns.take(BTC, Deadline.after(LONG), waited -> {
            throw new IllegalStateException("broken");
        });

        assertThat(one).isCompletedExceptionally();
        assertThat(take(LONG, CompletableFuture.completedFuture("two"))).isCompletedWithValue("two");
    }
}
