package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.iftb.cache.TestServer;
import io.iftb.cache.fetch.SharedTokens.Answer;
import io.iftb.cache.fetch.SharedTokens.Question;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.Keys;
import java.time.Duration;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the script grants and when, by a clock that the test sets. */
class TakeTokensTest {

    private static final Duration MINUTE = Duration.ofMinutes(1);

    /** Burst 101, of which a read leaves a fifth and a warm-up two; refill 909.9 a minute, that is 15 a second. */
    private static final RequestLimits LIMITS =
            RequestLimits.ofWeight(1_122, MINUTE).withBurst(101);

    private static RedisConnection redis;

    @BeforeAll
    @BeforeContainer
    static void connect() {
        redis = TestServer.connect();
    }

    @AfterAll
    @AfterContainer
    static void close() {
        redis.close();
    }

    private static ClockedTokens tokens(int jvms) {
        return new ClockedTokens(redis, LIMITS, jvms);
    }

    private static ClockedTokens full(int jvms) {
        ClockedTokens tokens = tokens(jvms);
        tokens.idle(60_000);
        return tokens;
    }

    @Tag("thorough")
    @Property(tries = 60)
    void take_atManyTimesByAnyJvms_keepsToEachWindow(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int capacity,
            @ForAll @IntRange(min = 100, max = 20_000) int window,
            @ForAll @IntRange(min = 1, max = 3) int jvms) {
        take_atAnyTimesByAnyJvms_keepsToEachWindow(seed, capacity, window, jvms);
    }

    @Property(tries = 20)
    void take_atAnyTimesByAnyJvms_keepsToEachWindow(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 60) int capacity,
            @ForAll @IntRange(min = 100, max = 20_000) int window,
            @ForAll @IntRange(min = 1, max = 3) int jvms) {
        RequestLimits limits = RequestLimits.ofWeight(capacity, Duration.ofMillis(window))
                .andRequests(capacity, Duration.ofMillis(3L * window))
                .withShare(1);
        ClockedTokens tokens = new ClockedTokens(redis, limits, jvms);
        Random random = new Random(seed);
        Grants weights = new Grants();
        Grants requests = new Grants();
        for (int i = 0; i < 300; i++) {
            tokens.advance(random.nextInt(5) == 0 ? random.nextInt(window) : random.nextInt(1 + window / capacity));
            int weight = 1 + random.nextInt(limits.greatestWeight());
            Priority priority = ClockedTokens.anyPriority(random);
            if (tokens.take(random.nextInt(jvms), weight, priority).isGranted()) {
                weights.add(tokens.nowNanos(), weight);
                requests.add(tokens.nowNanos(), 1);
            }
            if (random.nextInt(100) == 0) {
                tokens.flush();
            }
        }
        weights.assertAtMost(capacity, Duration.ofMillis(window));
        requests.assertAtMost(capacity, Duration.ofMillis(3L * window));
    }

    @Test
    void take_always_letsAlmostTheShareThrough() {
        ClockedTokens tokens = full(1);
        Grants grants = new Grants();
        long begin = tokens.nowNanos();
        while (tokens.nowNanos() - begin < MINUTE.toNanos()) {
            Answer answer = tokens.take(0, 1, Priority.READ);
            if (answer.isGranted()) {
                grants.add(tokens.nowNanos(), 1);
            } else {
                tokens.advance(answer.pauseMillis());
            }
        }

        assertThat(grants.weight()).isBetween(960, 1_010); // 101 and 909
    }

    @Test
    void take_fromNewBucket_waitsForOneRequestOnly() {
        ClockedTokens tokens = tokens(1);

        assertThat(tokens.take(0, 15, Priority.ORDER).waitMillis()).isCloseTo(989, within(2L));
        tokens.advance(5_000); // nobody else asks meanwhile
        tokens.flush();
        assertThat(tokens.take(0, 15, Priority.WARM_UP).isGranted()).isFalse();
        tokens.advance(1_400);
        assertThat(tokens.take(0, 15, Priority.WARM_UP).isGranted()).isFalse();
        tokens.advance(1_300);
        assertThat(tokens.take(0, 15, Priority.WARM_UP).isGranted()).isTrue();
    }

    @Test
    void take_afterFlush_beginsEmpty() {
        ClockedTokens tokens = full(1);
        tokens.flush();

        assertThat(tokens.takeAll(0, Priority.ORDER)).isZero();
    }

    @Test
    void take_lowerPriorities_leaveTokensToHigherOnes() {
        assertThat(full(2).takeAll(0, Priority.WARM_UP)).isEqualTo(60);
        assertThat(full(2).takeAll(1, Priority.READ)).isEqualTo(80);
        ClockedTokens tokens = full(2);
        tokens.takeAll(0, Priority.READ);

        assertThat(tokens.takeAll(1, Priority.ORDER)).isEqualTo(21);
    }

    @Test
    void take_orderWaitsInAnotherJvm_letsItGoFirst() {
        ClockedTokens tokens = full(2);
        tokens.takeAll(0, Priority.ORDER);
        assertThat(tokens.take(0, 101, Priority.READ).isGranted()).isFalse(); // waits since before
        assertThat(tokens.take(1, 60, Priority.ORDER).isGranted()).isFalse();
        int reads = 0;
        int millis = 0;
        while (reads == 0 && !tokens.take(1, 60, Priority.ORDER).isGranted()) {
            tokens.advance(100);
            millis += 100;
            reads += tokens.take(0, 1, Priority.READ).isGranted() ? 1 : 0;
            reads += tokens.take(0, 1, Priority.WARM_UP).isGranted() ? 1 : 0;
        }

        assertThat(reads).isZero();
        assertThat(millis).isCloseTo(4_000, within(200)); // 60 tokens
    }

    @Test
    void take_limitOfOneRequest_ordersPrioritiesToo() {
        RequestLimits one = RequestLimits.ofRequests(1, Duration.ofSeconds(1));
        ClockedTokens tokens = new ClockedTokens(redis, one, 2);
        tokens.idle(5_000);
        assertThat(tokens.take(0, 1, Priority.READ).isGranted()).isTrue();
        assertThat(tokens.take(0, 1, Priority.READ).isGranted()).isFalse();
        assertThat(tokens.take(1, 1, Priority.ORDER).isGranted()).isFalse();
        tokens.advance(1_000);
        assertThat(tokens.take(1, 1, Priority.ORDER).isGranted()).isFalse();
        tokens.advance(250);

        assertThat(tokens.take(0, 1, Priority.READ).isGranted()).isFalse();
        assertThat(tokens.take(1, 1, Priority.ORDER).isGranted()).isTrue();
    }

    @Test
    void take_readsWithoutEnd_leavesOneTokenInTenToAWarmUp() {
        ClockedTokens tokens = full(2);
        int reads = 0;
        int warmUps = 0;
        for (int millis = 0; millis < 60_000; millis += 50) {
            tokens.advance(50);
            reads += tokens.takeAll(0, Priority.READ);
            warmUps += tokens.take(1, 1, Priority.WARM_UP).isGranted() ? 1 : 0;
        }

        assertThat(warmUps * 100 / (reads + warmUps)).isBetween(8, 12);
        assertThat(reads + warmUps).isGreaterThan(900);
    }

    @Test
    void take_lightReadsWithoutEnd_leaveEverySecondTokenToAHeavyOne() {
        ClockedTokens tokens = full(2);
        int light = 0;
        int heavy = 0;
        for (int millis = 0; millis < 120_000; millis += 50) {
            tokens.advance(50);
            light += tokens.takeAll(0, Priority.READ);
            heavy += tokens.take(1, 60, Priority.READ).isGranted() ? 60 : 0;
        }

        assertThat(heavy * 100 / (light + heavy)).isBetween(30, 55);
        assertThat(light + heavy).isGreaterThan(1_700); // of 15 a second
    }

    @Test
    void take_heavyOneThatHasGone_holdsNobodyUp() {
        ClockedTokens tokens = full(2);
        tokens.takeAll(0, Priority.READ);
        assertThat(tokens.take(1, 80, Priority.READ).isGranted()).isFalse();
        int light = 0;
        for (int millis = 0; millis < 60_000; millis += 50) {
            tokens.advance(50);
            tokens.ask(1, Question.NOTHING);
            light += tokens.takeAll(0, Priority.READ);
        }

        assertThat(light).isGreaterThan(850); // of 15 a second
    }

    @Test
    void take_heavyOneByGreaterLimitsOfAnotherJvm_doesNotHoldUpThisOne() {
        ClockedTokens tokens = full(1);
        int greater = tokens.join(RequestLimits.ofWeight(1_122, MINUTE).withBurst(400));
        int light = 0;
        for (int millis = 0; millis < 120_000; millis += 50) {
            tokens.advance(50);
            light += tokens.takeAll(0, Priority.READ);
            tokens.take(greater, 300, Priority.READ);
        }

        assertThat(light).isGreaterThan(1_700); // of 15 a second
    }

    @Test
    void take_afterTheClockWasSetBack_anotherJvmIsNotHeardUntilItAsks() {
        ClockedTokens tokens = full(2);
        tokens.takeAll(0, Priority.ORDER);
        tokens.advance(-30_000);
        for (int millis = 0; millis < 7_000; millis += 1_000) {
            tokens.advance(1_000);
            tokens.takeAll(0, Priority.ORDER); // the other may use its share without the server now
        }
        tokens.advance(4_000);

        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(30, within(2)); // of 60
        tokens.ask(1, Question.NOTHING);
        tokens.advance(4_000);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(60, within(2));
    }

    @Test
    void take_jvmIsNotHeard_leavesItsShare() {
        ClockedTokens tokens = full(2);
        tokens.takeAll(0, Priority.ORDER);
        tokens.advance(SharedTokens.SILENT.toMillis() + 1);
        tokens.takeAll(0, Priority.ORDER); // the other may use its share now
        tokens.advance(4_000);

        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(30, within(2)); // of 60
        tokens.advance(SharedTokens.FORGOTTEN.toMillis());
        tokens.takeAll(0, Priority.ORDER);
        tokens.advance(4_000);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(60, within(2));
    }

    @Test
    void take_backFromAnOutageAmongFour_beginsWithNothingAndItsShare() {
        ClockedTokens tokens = full(1);

        Answer back = tokens.ask(0, Question.NOTHING.expecting(4));

        assertThat(back.jvms()).isEqualTo(1);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isZero();
        tokens.advance(4_000);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(15, within(2)); // of 60
        tokens.advance(2 * SharedTokens.SILENT.toMillis());
        tokens.takeAll(0, Priority.ORDER);
        tokens.advance(4_000);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(60, within(2));
    }

    @Test
    void take_newcomerIsBackAfterOneThatKnewEight_leavesTheOthersTheirShare() {
        ClockedTokens tokens = full(2);

        tokens.ask(0, Question.NOTHING.expecting(8));
        tokens.ask(1, Question.NOTHING.expecting(1));

        assertThat(tokens.takeAll(0, Priority.ORDER)).isZero();
        tokens.advance(4_000);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(15, within(2)); // two eighths of 60
    }

    @Test
    void stop_shorterAfterLonger_staysLonger() {
        ClockedTokens tokens = full(2);
        tokens.ask(0, Question.NOTHING.stopping(30_000));
        tokens.ask(1, Question.NOTHING.stopping(1_000));
        tokens.advance(29_999);

        Answer stopped = tokens.take(1, 1, Priority.ORDER);
        assertThat(stopped.isGranted()).isFalse();
        assertThat(stopped.stoppedMillis()).isEqualTo(1);
        assertThat(stopped.pauseMillis()).isBetween(1L, 5L);
        tokens.advance(1);
        assertThat(tokens.take(1, 1, Priority.ORDER).isGranted()).isTrue();
    }

    @Test
    void stop_longerThanTheBucketLives_isKept() throws Exception {
        ClockedTokens tokens = tokens(1);
        tokens.ask(0, Question.NOTHING.stopping(Duration.ofHours(2).toMillis()));

        try (var raw = TestServer.raw()) {
            assertThat(raw.number("PTTL", "{budget:source}"))
                    .isGreaterThan(Duration.ofHours(2).toMillis());
        }
    }

    @Test
    void report_ofOwnUseOnly_changesNothing() {
        ClockedTokens tokens = full(1);
        int used = tokens.takeAll(0, Priority.ORDER);
        tokens.idle(3_000);
        tokens.ask(0, Question.NOTHING.reporting(used));

        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(45, within(1));
    }

    @Test
    void report_othersUsedMost_leavesTheRest() {
        ClockedTokens tokens = full(2);
        tokens.ask(0, Question.NOTHING.reporting(1_000)); // of 1,010
        assertThat(tokens.takeAll(1, Priority.ORDER)).isEqualTo(10);
        tokens.ask(0, Question.NOTHING.reporting(0)); // adds nothing
        assertThat(tokens.takeAll(1, Priority.ORDER)).isZero();
        tokens.ask(0, Question.NOTHING.reporting(1_025));
        tokens.advance(900);
        assertThat(tokens.takeAll(1, Priority.ORDER)).isZero();
        tokens.advance(150);
        assertThat(tokens.takeAll(1, Priority.ORDER)).isEqualTo(1);
    }

    @Test
    void clock_setBackByAnHour_givesNoTokensAndGoesOn() {
        ClockedTokens tokens = full(1);
        tokens.takeAll(0, Priority.ORDER);
        tokens.advance(-3_600_000);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isZero();
        tokens.advance(4_000);
        assertThat(tokens.takeAll(0, Priority.ORDER)).isCloseTo(60, within(2));

        tokens.ask(0, Question.NOTHING.stopping(1_000));
        tokens.advance(-3_600_000);
        assertThat(tokens.take(0, 1, Priority.ORDER).stoppedMillis()).isEqualTo(1_000);
    }

    @Test
    void clock_setBackWhileAnOrderWaits_lowerPrioritiesGoOn() {
        ClockedTokens tokens = full(2);
        tokens.takeAll(0, Priority.ORDER);
        assertThat(tokens.take(1, 60, Priority.ORDER).isGranted()).isFalse();
        tokens.advance(-3_600_000);
        tokens.takeAll(0, Priority.READ);
        tokens.advance(4_000);

        assertThat(tokens.takeAll(0, Priority.READ)).isPositive();
    }

    @Test
    void take_otherLimitsInAnotherJvm_areTold() {
        ClockedTokens tokens = tokens(1);
        tokens.take(0, 1, Priority.READ);
        assertThat(tokens.take(0, 1, Priority.READ).otherLimits()).isNull();
        RequestLimits smaller = RequestLimits.ofWeight(60, MINUTE);
        SharedTokens other = new SharedTokens(redis, new Keys(""), "source", smaller);

        assertThat(redis.await(other.ask(Question.NOTHING)).otherLimits()).isEqualTo(LIMITS.toString());
    }
}
