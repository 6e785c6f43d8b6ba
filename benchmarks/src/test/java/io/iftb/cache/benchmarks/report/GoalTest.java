package io.iftb.cache.benchmarks.report;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.CaseResult;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.ForkTime;
import io.iftb.cache.benchmarks.result.GeneratedResults;
import io.iftb.cache.benchmarks.result.Results;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GoalTest {

    /** The case of a goal on packed pages, with its bound. */
    private record Wanted(Case of, String ratio, double bound) {

        static Wanted of(String workload, Map<String, ?> params, String ratio, double bound) {
            return new Wanted(Case.of("iftb-tcp", workload, params), ratio, bound);
        }
    }

    private static final List<Wanted> OVER_BUCKET = List.of(
            Wanted.of("latest", Map.of("limit", 5_000, "bars", 10_000), "latest(5,000) over a plain RBucket.get", 1.0),
            Wanted.of(
                    "range",
                    Map.of("limit", 1_000, "bars", 1_000_000),
                    "range of 1,000 in 1,000,000 bars over a plain RBucket.get",
                    1.3));

    private static final List<Wanted> OVER_SOCKET = List.of(
            Wanted.of("upsert", Map.of("bars", 10_000), "the open bar over a bare socket", 1.9),
            Wanted.of("ingest", Map.of("bars", 525_600), "a year of one-minute bars over a bare socket", 6));

    @Test
    void of_casesOfPages_areComparedWithTheirReferences() {
        for (Wanted each : OVER_BUCKET) {
            assertThat(goals(new ForkTime(10, 20, 99.0, each.bound), each)).containsExactly(goal(each, each.bound));
            assertThat(goals(new ForkTime(10, 20, 0.1, 9.0), each)).containsExactly(goal(each, 9));
        }
        for (Wanted each : OVER_SOCKET) {
            assertThat(goals(new ForkTime(10, 20, each.bound, 99.0), each)).containsExactly(goal(each, each.bound));
            assertThat(goals(new ForkTime(10, 20, 9.0, 0.1), each)).containsExactly(goal(each, 9));
        }
    }

    @Test
    void of_rangeInAShorterSeries_isNoGoal() {
        Wanted shorter = Wanted.of("range", Map.of("limit", 1_000, "bars", 100_000), "", 0);

        assertThat(goals(new ForkTime(10, 20, 1.0, 1.0), shorter)).isEmpty();
    }

    @Test
    void of_backfill_countsRoundTrips() {
        Case backfill = Case.of("iftb-tcp", "backfill", Map.of("limit", 1_000, "bars", 100_000));
        Costs costs = new Costs(2.0, 1.0, 3.0, 4.0, 5.0, null);

        assertThat(Goal.of(results(new CaseResult(backfill, List.of(), costs))))
                .containsExactly(new Goal("round trips of 1,000 missing bars over one", "≤ 1", 1, true));
    }

    @Test
    void of_nearGet_isComparedWithCaffeineAndPeers() {
        List<Goal> goals = Goal.of(new Results(
                GeneratedResults.MACHINE,
                "full",
                List.of(
                        nearGet("iftb-near", 0.05),
                        nearGet("iftb-near-counted", 0.25),
                        nearGet("jedis-near", 6),
                        nearGet("redisson-local-map", 0.5),
                        nearGet("caffeine", 0.05))));

        assertThat(goals)
                .containsExactly(
                        new Goal("near get over Caffeine", "≤ 2", 1, true),
                        new Goal("near get with statistics over Caffeine", "≤ 4", 5, false),
                        new Goal("Redisson's RLocalCachedMap over near get", "≥ 20", 10, false),
                        new Goal("Jedis' client-side caching over near get", "≥ 60", 6 / 0.05, true),
                        new Goal("bytes of a near get", "≤ 0", 0, true));
    }

    @Test
    void of_nearBars_countsBytesAndBars() {
        Costs costs = new Costs(0.0, 0.0, 0.0, 24.01, 0.0, null);
        Case latest = Case.of("iftb-near", "near-latest", Map.of("series", 100, "bars", 200, "limit", 100));
        Case universe = Case.of("iftb-near", "near-universe", Map.of("series", 500, "bars", 200, "limit", 100));

        assertThat(Goal.of(results(new CaseResult(latest, List.of(), costs))))
                .containsExactly(new Goal("bytes of a near latest(100)", "≤ 64", 24, true));
        assertThat(Goal.of(results(new CaseResult(universe, List.of(new ForkTime(50, 60, null, null)), Costs.NONE))))
                .containsExactly(new Goal("million bars a second of a near universe", "≥ 100", 1_000, true));
    }

    private static CaseResult nearGet(String contender, double microseconds) {
        return new CaseResult(
                Case.of(contender, "near-get", Map.of("keys", 100)),
                List.of(new ForkTime(microseconds, 1, null, null)),
                new Costs(0.0, 0.0, 0.0, 0.002, 0.0, null));
    }

    private static Goal goal(Wanted wanted, double actual) {
        return new Goal(wanted.ratio, "≤ " + Figures.number(wanted.bound), actual, actual <= wanted.bound);
    }

    private static List<Goal> goals(ForkTime time, Wanted wanted) {
        return Goal.of(results(new CaseResult(wanted.of, List.of(time), Costs.NONE)));
    }

    private static Results results(CaseResult result) {
        return new Results(GeneratedResults.MACHINE, "full", List.of(result));
    }
}
