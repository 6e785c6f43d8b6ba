package io.iftb.cache.fetch;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

/** What JVMs let through that each keep to their share by themselves. */
class OwnTokensTest {

    private static final long BEGIN =
            Long.MAX_VALUE - TimeUnit.HOURS.toNanos(1); // as System.nanoTime(), it may overflow

    @Property(tries = 300)
    void take_byAllJvmsAtAnyTimes_keepsToEachWindow(
            @ForAll long seed,
            @ForAll @IntRange(min = 1, max = 6_000) int capacity,
            @ForAll @IntRange(min = 100, max = 60_000) int window,
            @ForAll @IntRange(min = 1, max = 12) int jvms) {
        int together = Math.min(jvms, capacity); // with fewer, chance may bring them together
        RequestLimits limits = RequestLimits.ofWeight(capacity, Duration.ofMillis(window));
        List<OwnTokens> all = new ArrayList<>();
        for (int i = 0; i < together; i++) {
            all.add(OwnTokens.among(limits, together, BEGIN));
        }
        Random random = new Random(seed);
        Grants grants = new Grants();
        long nanos = 0;
        for (int i = 0; i < 3_000; i++) {
            double millis = random.nextInt(50) == 0 ? random.nextInt(window) : random.nextDouble() * window / capacity;
            nanos += (long) (millis * 1e6);
            int weight = 1 + random.nextInt(2);
            OwnTokens own = all.get(random.nextInt(together));
            if (own.canHold(weight) && own.take(weight, ClockedTokens.anyPriority(random), BEGIN + nanos) == 0) {
                grants.add(nanos, weight);
            }
        }
        grants.assertAtMost(capacity, Duration.ofMillis(window));
    }

    @Property(tries = 200)
    void take_byNewcomersToo_keepsToEachWindow(
            @ForAll long seed,
            @ForAll @IntRange(min = 64, max = 6_000) int capacity,
            @ForAll @IntRange(min = 0, max = 8) int known,
            @ForAll @IntRange(min = 1, max = 8) int newcomers) {
        RequestLimits limits = RequestLimits.ofWeight(capacity, Duration.ofSeconds(10));
        List<OwnTokens> all = new ArrayList<>();
        for (int i = 0; i < known + newcomers; i++) {
            all.add(i < known ? OwnTokens.among(limits, known, BEGIN) : OwnTokens.ofNewcomer(limits, BEGIN));
        }
        Random random = new Random(seed);
        Grants grants = new Grants();
        long nanos = 0;
        for (int i = 0; i < 3_000; i++) {
            nanos += (long) (random.nextDouble() * 10_000 / capacity * 1e6);
            OwnTokens own = all.get(random.nextInt(all.size()));
            if (own.take(1, ClockedTokens.anyPriority(random), BEGIN + nanos) == 0) {
                grants.add(nanos, 1);
            }
        }
        grants.assertAtMost(capacity, Duration.ofSeconds(10));
    }

    @Test
    void take_byANewcomer_isA64thOfTheLimit() {
        OwnTokens own = OwnTokens.ofNewcomer(RequestLimits.ofWeight(6_400, Duration.ofMinutes(1)), BEGIN);
        int granted = 0;
        for (int millis = 0; millis < 60_000; millis++) {
            granted += own.take(1, Priority.ORDER, BEGIN + TimeUnit.MILLISECONDS.toNanos(millis)) == 0 ? 1 : 0;
        }

        assertThat(granted).isBetween(70, 91); // of 100, without a burst at first
    }

    @Test
    void take_byANewcomer_ofALimitOfOne_isLetThroughNowAndThen() {
        OwnTokens own = OwnTokens.ofNewcomer(RequestLimits.ofRequests(1, Duration.ofSeconds(1)), BEGIN);
        int granted = 0;
        for (int second = 0; second < 1_000; second++) {
            granted += own.take(1, Priority.ORDER, BEGIN + TimeUnit.SECONDS.toNanos(second)) == 0 ? 1 : 0;
        }

        assertThat(granted).isBetween(8, 16);
    }

    @Test
    void take_fewerThanJvms_letsEachThroughOnceInALongerTime() {
        OwnTokens own = OwnTokens.among(RequestLimits.ofRequests(1, Duration.ofSeconds(1)), 8, BEGIN);
        Grants grants = new Grants();
        for (int second = 0; second < 100; second++) {
            if (own.take(1, Priority.READ, BEGIN + TimeUnit.SECONDS.toNanos(second)) == 0) {
                grants.add(TimeUnit.SECONDS.toNanos(second), 1);
            }
        }

        assertThat(grants.weight()).isBetween(6, 10);
        grants.assertAtMost(1, Duration.ofSeconds(8));
    }

    @Test
    void take_beforeItBegins_tellsWhenTheTokensAreThere() {
        OwnTokens own = OwnTokens.among(RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)), 1, BEGIN);

        assertThat(own.take(71, Priority.ORDER, BEGIN - TimeUnit.SECONDS.toNanos(5)))
                .isBetween(5_990L, 6_010L);
        assertThat(own.take(71, Priority.ORDER, BEGIN + TimeUnit.MILLISECONDS.toNanos(990)))
                .isPositive();
        assertThat(own.take(71, Priority.ORDER, BEGIN + TimeUnit.MILLISECONDS.toNanos(1_010)))
                .isZero();
    }

    @Test
    void take_readsWithoutEnd_leavesSomeToAWarmUp() {
        OwnTokens own = OwnTokens.among(RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)), 1, BEGIN);
        int warmUps = 0;
        for (int millis = 0; millis < 60_000; millis += 10) {
            long now = BEGIN + TimeUnit.MILLISECONDS.toNanos(millis);
            warmUps += own.take(1, Priority.WARM_UP, now) == 0 ? 1 : 0;
            for (long wait = 0; wait == 0; wait = own.take(1, Priority.READ, now)) {
                assertThat(warmUps).isLessThan(3_000);
            }
        }

        assertThat(warmUps).isGreaterThan(300);
    }

    @Test
    void used_byOthers_leavesAPartOfTheRest() {
        OwnTokens own = OwnTokens.among(RequestLimits.ofWeight(6_000, Duration.ofMinutes(1)), 2, BEGIN);
        long later = BEGIN + TimeUnit.MINUTES.toNanos(1);
        own.used(5_380, later); // of 5,400.9

        int taken = 0;
        while (own.take(1, Priority.ORDER, later) == 0) {
            taken++;
        }
        assertThat(taken).isEqualTo(9); // seven eighths of the half of 20.9
    }
}
