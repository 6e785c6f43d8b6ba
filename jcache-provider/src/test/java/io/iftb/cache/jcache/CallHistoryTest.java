package io.iftb.cache.jcache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.jcache.TimedCall.Kind;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

/** Whether the checker of histories accepts what can have happened, and nothing else. */
class CallHistoryTest {

    private static final long UNKNOWN = Long.MAX_VALUE;

    private static TimedCall call(Kind kind, long value, long expected, long began, long ended, long result) {
        return new TimedCall("key", kind, value, expected, began, ended, result);
    }

    private static boolean isLinearizable(TimedCall... calls) {
        return new CallHistory<>(List.of(calls), TimedCall.ABSENT).isLinearizable();
    }

    /** Each call takes effect at a moment of its own, and its begin and end lie around that. */
    @Property(tries = 300)
    void calls_aroundTheirMoments_areLinearizable(
            @ForAll @Size(max = 30) List<Kind> kinds, @ForAll @IntRange(max = 40) int spread) {
        List<TimedCall> calls = new ArrayList<>();
        long value = 0;
        for (int i = 0; i < kinds.size(); i++) {
            TimedCall call = call(kinds.get(i), i + 100, value, i * 10L - spread, i * 10L + spread, 0);
            calls.add(call(
                    call.kind(),
                    call.value(),
                    call.expected(),
                    call.began(),
                    call.ended(),
                    call.kind().result(value, call)));
            value = call.after(value);
        }
        assertThat(new CallHistory<>(calls, TimedCall.ABSENT).isLinearizable()).isTrue();
        calls.add(call(Kind.GET, 0, 0, 10_000, 10_001, value));
        assertThat(new CallHistory<>(calls, TimedCall.ABSENT).isLinearizable()).isTrue();
        calls.add(call(Kind.GET, 0, 0, 10_002, 10_003, value + 1));
        assertThat(new CallHistory<>(calls, TimedCall.ABSENT).isLinearizable()).isFalse();
    }

    /** Its end is known, so it can come behind another call only if that began before. */
    @Test
    void removalThatNeedNotHappen_cannotComeBehindTheNext_happens() {
        assertThat(isLinearizable(
                        call(Kind.PUT, 1, 0, 0, 1, 0),
                        call(Kind.GET, 0, 0, 2, 9, 1),
                        call(Kind.REMOVE_ALL_AGAIN, 0, 0, 3, 10, 0),
                        call(Kind.REMOVE_OLD, 0, 7, 11, 12, 0),
                        call(Kind.REMOVE, 0, 0, 13, 14, 0)))
                .isTrue();
    }

    @Test
    void read_ofAnOlderValueAfterANewer_isNot() {
        TimedCall one = call(Kind.PUT, 1, 0, 0, 1, 0);
        TimedCall two = call(Kind.PUT, 2, 0, 2, 9, 0);

        assertThat(isLinearizable(one, two, call(Kind.GET, 0, 0, 3, 4, 2), call(Kind.GET, 0, 0, 5, 6, 1)))
                .isFalse();
        assertThat(isLinearizable(one, two, call(Kind.GET, 0, 0, 3, 4, 1), call(Kind.GET, 0, 0, 5, 6, 2)))
                .isTrue();
    }

    /** Any of them may be the one that happened, so their orders need not be searched. */
    @Test
    void removals_unknownAndMany_areDecidedAndEachHappensOnceAtMost() {
        List<TimedCall> calls = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            calls.add(call(Kind.REMOVE_ALL, 0, 0, i, UNKNOWN, 0));
        }
        for (int i = 0; i < 60; i++) { // each value is seen, and then gone
            calls.add(call(Kind.PUT, i + 1, 0, 100 + 10L * i, 101 + 10L * i, 0));
            calls.add(call(Kind.GET, 0, 0, 102 + 10L * i, 103 + 10L * i, i + 1));
            calls.add(call(Kind.GET, 0, 0, 104 + 10L * i, 105 + 10L * i, 0));
        }
        CallHistory<Long> possible = new CallHistory<>(calls, TimedCall.ABSENT);
        assertThat(possible.isLinearizable()).isTrue();
        assertThat(possible.isUndecided()).isFalse();

        calls.remove(0); // one too few
        CallHistory<Long> impossible = new CallHistory<>(calls, TimedCall.ABSENT);
        assertThat(impossible.isLinearizable()).isFalse();
    }

    @Test
    void write_unknown_mayBeSeenLaterOrNever() {
        TimedCall lost = call(Kind.PUT, 1, 0, 0, UNKNOWN, 0);

        assertThat(isLinearizable(lost, call(Kind.GET, 0, 0, 5, 6, 0), call(Kind.GET, 0, 0, 7, 8, 1)))
                .isTrue();
        assertThat(isLinearizable(lost, call(Kind.GET, 0, 0, 5, 6, 0))).isTrue();
        assertThat(isLinearizable(lost, call(Kind.GET, 0, 0, 5, 6, 1), call(Kind.GET, 0, 0, 7, 8, 0)))
                .isFalse();
    }

    @Test
    void writes_unknown_mayBeSeenTogether() {
        TimedCall first = call(Kind.INCREMENT, 0, 0, 2, UNKNOWN, 0);
        TimedCall second = call(Kind.INCREMENT, 0, 0, 3, UNKNOWN, 0);

        assertThat(isLinearizable(call(Kind.PUT, 10, 0, 0, 1, 0), first, second, call(Kind.GET, 0, 0, 4, 5, 12)))
                .isTrue();
        assertThat(isLinearizable(call(Kind.PUT, 10, 0, 0, 1, 0), first, second, call(Kind.GET, 0, 0, 4, 5, 13)))
                .isFalse();
    }

    @Test
    void increment_twice_isNot() {
        assertThat(isLinearizable(
                        call(Kind.PUT, 10, 0, 0, 1, 0),
                        call(Kind.INCREMENT, 0, 0, 2, 3, 11),
                        call(Kind.GET, 0, 0, 4, 5, 12)))
                .isFalse();
    }

    @Test
    void conditions_thatBothHold_areNot() {
        TimedCall put = call(Kind.PUT, 1, 0, 0, 1, 0);

        assertThat(isLinearizable(put, call(Kind.REMOVE_OLD, 0, 1, 2, 9, 1), call(Kind.REPLACE_OLD, 5, 1, 2, 9, 1)))
                .isFalse();
        assertThat(isLinearizable(put, call(Kind.REMOVE_OLD, 0, 1, 2, 9, 1), call(Kind.PUT_IF_ABSENT, 5, 0, 2, 9, 1)))
                .isTrue();
    }

    @Test
    void walk_thatRemovesAKeyTwice_mayDoSoUntilItsEnd() {
        TimedCall[] calls = {
            call(Kind.REMOVE_ALL, 0, 0, 0, 9, 0),
            call(Kind.REMOVE_ALL_AGAIN, 0, 0, 0, 9, 0),
            call(Kind.PUT, 1, 0, 1, 2, 0),
            call(Kind.GET, 0, 0, 3, 4, 1),
            call(Kind.GET, 0, 0, 5, 6, 0),
            call(Kind.PUT, 2, 0, 7, 8, 0),
            call(Kind.GET, 0, 0, 12, 13, 2),
        };

        assertThat(isLinearizable(calls)).isTrue();
        calls[6] = call(Kind.GET, 0, 0, 12, 13, 0);
        assertThat(isLinearizable(calls)).isTrue();
        calls[5] = call(Kind.PUT, 2, 0, 10, 11, 0);
        assertThat(isLinearizable(calls)).isFalse();
    }

    @Test
    void line_ofACall_isReadAgain() {
        TimedCall call = call(Kind.REPLACE_OLD, 5, 4, 3, UNKNOWN, 1);

        assertThat(TimedCall.parse(call.line())).isEqualTo(call);
    }
}
