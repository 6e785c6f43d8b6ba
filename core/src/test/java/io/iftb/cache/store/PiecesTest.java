package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.redis.RedisUnavailableException;
import io.iftb.cache.redis.WrongTypeException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class PiecesTest {

    private static final List<Integer> NUMBERS =
            IntStream.range(0, 10_000).boxed().toList();

    @Test
    void send_manyEntries_goesPieceByPieceInOrder() {
        List<CompletableFuture<Void>> gates = new ArrayList<>();
        List<Integer> sent = new ArrayList<>();
        CompletableFuture<List<Integer>> sizes = Pieces.ofKeys(NUMBERS).send("stored", piece -> {
            sent.addAll(piece);
            CompletableFuture<Void> gate = new CompletableFuture<>();
            gates.add(gate);
            return gate.thenApply(open -> piece.size());
        });

        assertThat(gates).hasSize(1);
        gates.get(0).complete(null);
        assertThat(gates).hasSize(2);
        gates.get(1).complete(null);
        gates.get(2).complete(null);

        assertThat(sizes).isCompletedWithValue(List.of(4_096, 4_096, 1_808));
        assertThat(sent).isEqualTo(NUMBERS);
    }

    @Test
    void send_largeValues_cutsByBytes() {
        List<List<Integer>> pieces = new ArrayList<>();

        Pieces.ofEntries(List.of(3, 1, 1, 9, 1), megabytes -> (long) megabytes << 20)
                .send("stored", piece -> CompletableFuture.completedFuture(pieces.add(piece)))
                .join();

        assertThat(pieces).containsExactly(List.of(3, 1), List.of(1), List.of(9), List.of(1));
    }

    @Test
    void send_nothing_isDone() {
        assertThat(Pieces.ofKeys(List.of()).send("stored", piece -> CompletableFuture.failedFuture(new Error())))
                .isCompletedWithValue(List.of());
        assertThat(Pieces.ofKeys(List.of()).sendEach("tried", piece -> List.of()))
                .isEmpty();
    }

    @Test
    void send_pieceFails_saysWhatWasDoneAndSendsNoMore() {
        List<Integer> sent = new ArrayList<>();
        CompletableFuture<?> failed = Pieces.ofKeys(NUMBERS).send("stored", piece -> {
            sent.add(piece.size());
            return sent.size() == 2
                    ? CompletableFuture.failedFuture(new RedisUnavailableException("Redis did not answer", null))
                    : CompletableFuture.completedFuture(null);
        });

        assertThatThrownBy(failed::join)
                .isInstanceOf(CompletionException.class)
                .cause()
                .isInstanceOf(RedisUnavailableException.class)
                .hasMessage("Redis did not answer; 4096 of 10000 entries were stored before this");
        assertThat(sent).hasSize(2);
    }

    @Test
    void sendEach_pieceCannotBeSent_failsItsOutcomesAndTheRest() {
        List<CompletableFuture<Integer>> outcomes = Pieces.ofKeys(NUMBERS).sendEach("tried", piece -> {
            if (piece.contains(5_000)) {
                throw new IllegalArgumentException("no key");
            }
            return piece.stream().map(CompletableFuture::completedFuture).toList();
        });

        assertThat(outcomes.get(4_095)).isCompletedWithValue(4_095);
        assertThatThrownBy(() -> outcomes.get(4_096).join()).hasCauseInstanceOf(IllegalArgumentException.class);
        assertThat(outcomes).allMatch(CompletableFuture::isDone);
    }

    @Test
    void sendEach_pieceFails_failsTheRestUnsent() {
        List<Integer> sent = new ArrayList<>();
        List<CompletableFuture<Integer>> outcomes = Pieces.ofKeys(NUMBERS).sendEach("tried", piece -> {
            sent.add(piece.size());
            return piece.stream()
                    .map(number -> number == 5_000
                            ? CompletableFuture.<Integer>failedFuture(
                                    new RedisUnavailableException("Redis did not answer", null))
                            : number % 2 == 0
                                    ? CompletableFuture.completedFuture(number)
                                    : CompletableFuture.<Integer>failedFuture(new WrongTypeException("foreign", null)))
                    .toList();
        });

        assertThat(sent).hasSize(2);
        assertThat(outcomes).hasSize(10_000).allMatch(CompletableFuture::isDone);
        assertThat(outcomes.get(8_190)).isCompletedWithValue(8_190);
        assertThatThrownBy(() -> outcomes.get(1).join()).hasCauseInstanceOf(WrongTypeException.class);
        assertThatThrownBy(() -> outcomes.get(8_192).join())
                .hasCauseInstanceOf(RedisUnavailableException.class)
                .hasMessageContaining("4096 of 10000 entries were tried before this");
    }
}
