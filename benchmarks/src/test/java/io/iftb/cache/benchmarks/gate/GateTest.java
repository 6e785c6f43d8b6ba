package io.iftb.cache.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.iftb.cache.benchmarks.result.Case;
import io.iftb.cache.benchmarks.result.Costs;
import io.iftb.cache.benchmarks.result.GeneratedResults;
import io.iftb.cache.benchmarks.result.Machine;
import io.iftb.cache.benchmarks.result.Results;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class GateTest {

    private static final Case SCAN = Case.of("iftb-tcp", "latest", Map.of("limit", 100));
    private static final Costs COSTS = new Costs(1.0, 1.0, 5_700.0, 9_000.0, 1.4, 57.3);
    private static final Results BASELINE = results(1, COSTS);

    @Test
    void judge_sameResults_passes() {
        Verdict verdict = Gate.judge(BASELINE, BASELINE);

        assertThat(verdict.changes()).isEmpty();
        assertThat(verdict.failed()).isFalse();
        assertThat(VerdictTable.lines(verdict)).containsExactly("gate: 2 cases, no regression");
    }

    @Test
    void judge_oneCommandMore_namesTheCaseTheFiguresAndTheRemedy() {
        Verdict verdict = Gate.judge(BASELINE, results(1, new Costs(2.0, 1.0, 5_700.0, 9_000.0, 1.4, 57.3)));

        assertThat(verdict.failed()).isTrue();
        assertThat(verdict.hasRegression("commands")).isTrue();
        assertThat(verdict.sentence())
                .isEqualTo("One figure is worse: commands of iftb-tcp latest limit=100 is 2, in the baseline 1"
                        + " (+100.0%); if this is intended, run again with -Dbaseline.update and commit the new"
                        + " baseline.");
    }

    @Test
    void judge_oneClockRequestAMinute_passes() {
        assertThat(Gate.judge(BASELINE, results(1, new Costs(1.004, 1.004, 5_700.0, 9_000.0, 1.4, 57.3)))
                        .changes())
                .isEmpty();
    }

    @Test
    void judge_bytes_mayMoveBy2Percent() {
        assertThat(kinds(new Costs(1.0, 1.0, 5_800.0, 9_170.0, 1.4, 58.0))).isEmpty();
        assertThat(kinds(new Costs(1.0, 1.0, 5_820.0, 9_000.0, 1.4, 57.3))).containsExactly(ChangeKind.REGRESSION);
        assertThat(kinds(new Costs(1.0, 1.0, 5_700.0, 9_200.0, 1.4, 57.3))).containsExactly(ChangeKind.REGRESSION);
        assertThat(kinds(new Costs(1.0, 1.0, 5_700.0, 9_000.0, 1.4, 58.6))).containsExactly(ChangeKind.REGRESSION);
    }

    @Test
    void judge_fewerBytes_suggestsTheUpdate() {
        Verdict verdict = Gate.judge(BASELINE, results(1, new Costs(1.0, 1.0, 5_000.0, 9_000.0, 1.4, 57.3)));

        assertThat(verdict.failed()).isFalse();
        assertThat(verdict.summary())
                .isEqualTo("gate: 2 cases, no regression, 1 better; run with -Dbaseline.update to accept");
    }

    @Test
    void judge_serverTime_isShownOnly() {
        assertThat(kinds(new Costs(1.0, 1.0, 5_700.0, 9_000.0, 9.9, 57.3))).containsExactly(ChangeKind.SHOWN);
    }

    @Test
    void judge_slowScan_failsAlone() {
        Verdict verdict = Gate.judge(BASELINE, results(1.15, COSTS));

        assertThat(verdict.hasRegression("time")).isTrue();
        assertThat(verdict.changes()).singleElement().satisfies(each -> {
            assertThat(each.of()).isEqualTo(SCAN);
            assertThat(each.factor()).isBetween(1.1, 1.2);
        });
    }

    @Test
    void judge_figureNoLongerMeasured_isMissing() {
        assertThat(kinds(new Costs(null, 1.0, 5_700.0, 9_000.0, 1.4, 57.3))).containsExactly(ChangeKind.MISSING);
    }

    @Test
    void judge_costOfAReference_isNotJudged() {
        Case bucket = Case.of("bucket", "latest", Map.of("limit", 100));
        Results before = GeneratedResults.seeded(1, 8).add(bucket, 1, 2, COSTS).results("gate");
        Results now = GeneratedResults.seeded(1, 8)
                .add(bucket, 1, 3, new Costs(2.0, 1.0, 5_700.0, 99_000.0, 1.4, 57.3))
                .results("gate");

        assertThat(Gate.judge(before, now).changes()).isEmpty();
    }

    @Test
    void judge_missingAndNewCases_reportsBoth() {
        Results other = GeneratedResults.seeded(1, 8)
                .add("iftb-tcp", "get", Map.of(), 1, 2)
                .add("iftb-tcp", "put", Map.of(), 1, 2)
                .results("gate");

        Verdict verdict = Gate.judge(BASELINE, other);

        assertThat(verdict.failed()).isTrue();
        assertThat(verdict.summary()).isEqualTo("gate: 1 case, no regression, 1 missing, 1 new");
        assertThat(verdict.sentence())
                .startsWith("the case of iftb-tcp latest limit=100 is in the baseline but not in the run;");
    }

    @Test
    void judge_otherProcessor_judgesCostsOnly() {
        Machine other = machine("AMD EPYC", GeneratedResults.MACHINE.java());

        Verdict slower = Gate.judge(BASELINE, on(other, results(1.5, COSTS)));
        assertThat(slower.failed()).isFalse();
        assertThat(slower.notes())
                .containsExactly("gate: The machine differs from that of the baseline: processor AMD EPYC (baseline:"
                        + " Intel(R) Xeon(R) Processor @ 2.90GHz). Times are shown but not judged;"
                        + " -Dagainst=REVISION judges them.");
        assertThat(slower.changes())
                .singleElement()
                .satisfies(each -> assertThat(each.kind()).isEqualTo(ChangeKind.SHOWN));

        Costs more = new Costs(2.0, 1.0, 5_700.0, 9_900.0, 1.4, 57.3);
        assertThat(Gate.judge(BASELINE, on(other, results(1, more))).changes())
                .extracting(FigureChange::figure, FigureChange::kind)
                .containsExactly(
                        tuple("commands", ChangeKind.REGRESSION), tuple("allocated bytes", ChangeKind.REGRESSION));
    }

    @Test
    void judge_inTurns_judgesTimesByTheOtherBuildOnAnyMachine() {
        Machine elsewhere = machine("AMD EPYC", GeneratedResults.MACHINE.java());
        Costs more = new Costs(2.0, 1.0, 5_700.0, 9_000.0, 1.4, 57.3);
        Results now = on(elsewhere, results(1.1, more, 13));
        Results other = on(elsewhere.with("abc1234"), results(1, COSTS, 13));

        Verdict verdict = Gate.judge(BASELINE, now, other);

        assertThat(verdict.notes())
                .containsExactly("gate: Times are compared with those of abc1234, in turns; counts and bytes with the"
                        + " baseline.");
        assertThat(verdict.changes())
                .extracting(
                        each -> each.of().workload(), FigureChange::figure, FigureChange::kind, FigureChange::remark)
                .containsExactly(
                        tuple("latest", "commands", ChangeKind.REGRESSION, ""),
                        tuple("latest", "time in turns", ChangeKind.REGRESSION, "3 + 10 pairs"),
                        tuple("get", "time in turns", ChangeKind.NOT_SLOWER, "3 + 10 pairs"));
        assertThat(verdict.summary()).isEqualTo("gate: 2 cases, 2 regressions");
    }

    @Test
    void judge_slowerInTurns_namesTheOtherBuildAndTheRemedy() {
        Verdict verdict = Gate.judge(BASELINE, results(1.1, COSTS, 13), other(results(1, COSTS, 13)));

        assertThat(verdict.sentence())
                .matches(
                        "One figure is worse: the time of iftb-tcp latest limit=100 is 1\\.[01]\\d+ times that of abc1234"
                                + " \\(\\+\\d+\\.\\d%\\); if this is intended, compare with a newer revision\\.");
    }

    @Test
    void judge_inTurns_doesNotCompareTimesWithTheBaseline() {
        Verdict verdict = Gate.judge(BASELINE, results(2, COSTS, 3), other(results(2, COSTS, 3)));

        assertThat(verdict.changes())
                .hasSize(2)
                .allSatisfy(each -> assertThat(each.kind()).isEqualTo(ChangeKind.NOT_SLOWER));
    }

    @Test
    void judge_caseThatTheOtherBuildLacks_isNotJudged() {
        Results other = GeneratedResults.seeded(1, 3).add(SCAN, 1, 2, COSTS).results("gate");

        assertThat(Gate.judge(BASELINE, results(1, COSTS, 3), other(other)).changes())
                .extracting(each -> each.of().workload(), FigureChange::kind, FigureChange::remark)
                .containsExactly(
                        tuple("get", ChangeKind.SHOWN, "not in the other build"),
                        tuple("latest", ChangeKind.NOT_SLOWER, "3 pairs"));
    }

    @Test
    void judge_otherJava_doesNotJudgeAllocation() {
        Machine other = machine(GeneratedResults.MACHINE.processor(), "25.0.1");

        Verdict verdict =
                Gate.judge(BASELINE, on(other, results(1, new Costs(1.0, 1.0, 5_700.0, 99_000.0, 1.4, 57.3))));

        assertThat(verdict.failed()).isFalse();
        assertThat(verdict.notes()).anySatisfy(note -> assertThat(note).contains("Allocation is shown but not judged"));
        assertThat(verdict.changes())
                .singleElement()
                .satisfies(each -> assertThat(each.kind()).isEqualTo(ChangeKind.SHOWN));
    }

    @Test
    void lines_severalChanges_standInColumnsWithTheWorstFirst() {
        Verdict verdict = Gate.judge(BASELINE, results(1.3, new Costs(1.0, 1.0, 5_000.0, 9_900.0, 3.0, 57.3)));

        List<String> lines = VerdictTable.lines(verdict);

        assertThat(lines).hasSize(6);
        assertThat(lines.get(1)).startsWith("REGRESSION  iftb-tcp latest limit=100  time / ");
        assertThat(lines.get(2)).startsWith("REGRESSION  iftb-tcp latest limit=100  allocated bytes ");
        assertThat(lines.get(3)).startsWith("better ").contains("-12.3%");
        assertThat(lines.get(4)).startsWith("not judged ").contains("server µs");
        int column = lines.get(0).indexOf("figure");
        assertThat(lines.subList(1, 5))
                .allSatisfy(
                        line -> assertThat(line.substring(column - 2, column)).isBlank());
    }

    private static List<ChangeKind> kinds(Costs costs) {
        return Gate.judge(BASELINE, results(1, costs)).changes().stream()
                .map(FigureChange::kind)
                .toList();
    }

    private static Results results(double slower, Costs costs) {
        return results(slower, costs, 8);
    }

    private static Results results(double slower, Costs costs, int forks) {
        return GeneratedResults.seeded(1, forks)
                .add(SCAN, 1, 2 * slower, costs)
                .add("iftb-tcp", "get", Map.of(), 1, 2)
                .results("gate");
    }

    private static Machine machine(String processor, String java) {
        Machine like = GeneratedResults.MACHINE;
        return new Machine(
                processor,
                like.processors(),
                like.memory(),
                like.system(),
                java,
                like.redis(),
                like.commit(),
                like.date());
    }

    private static Results other(Results results) {
        return on(GeneratedResults.MACHINE.with("abc1234"), results);
    }

    private static Results on(Machine machine, Results results) {
        return new Results(machine, results.suite(), results.measured());
    }
}
