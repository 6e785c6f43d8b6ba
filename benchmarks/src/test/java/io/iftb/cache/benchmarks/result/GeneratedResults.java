package io.iftb.cache.benchmarks.result;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Generated results of realistic size; the same seed gives the same results. */
public final class GeneratedResults {

    /** The machine in the results. */
    public static final Machine MACHINE = new Machine(
            "Intel(R) Xeon(R) Processor @ 2.90GHz",
            2,
            8L << 30,
            "Linux 6.1.0",
            "17.0.15+6",
            "7.0.15",
            "0123abc",
            "2026-01-31T12:00:00Z");

    private static final double SOCKET = 20;

    private final Random random;
    private final int forks;
    private final List<CaseResult> measured = new ArrayList<>();

    private GeneratedResults(long seed, int forks) {
        this.random = new Random(seed);
        this.forks = forks;
    }

    /** A generator without cases. */
    public static GeneratedResults seeded(long seed, int forks) {
        return new GeneratedResults(seed, forks);
    }

    /** The results with all added cases. */
    public Results results(String suite) {
        return new Results(MACHINE, suite, measured);
    }

    /** Adds a case whose time is a multiple of the time of the socket, which is a multiple of 20 µs. */
    public GeneratedResults add(String contender, String workload, Map<String, ?> params, double size, double ratio) {
        return add(Case.of(contender, workload, params), size, ratio, new Costs(1.0, 1.0, 5_700.0, 9_000.0, 1.4, null));
    }

    /** Adds a case with costs. */
    public GeneratedResults add(Case of, double size, double ratio, Costs costs) {
        List<ForkTime> times = new ArrayList<>();
        for (int i = 0; i < forks; i++) {
            double socket = SOCKET * size * noise(0.3);
            double found = ratio * noise(0.02);
            double bucket = 1.9 * noise(0.02);
            times.add(new ForkTime(socket * found, socket * found * 2.4, found, found / bucket));
        }
        measured.add(new CaseResult(of, times, costs));
        return this;
    }

    private double noise(double deviation) {
        return Math.exp(random.nextGaussian() * deviation);
    }

    /** Results like those of the full suite. */
    public static Results full() {
        GeneratedResults made = seeded(42, 8);
        for (int limit : new int[] {1, 100, 500, 5_000}) {
            made.latest(Map.of("limit", limit, "bars", 10_000));
        }
        made.latest(Map.of("limit", 100, "bars", 10_000, "threads", 4));
        for (int size = 1_000; size <= 1_000_000; size *= 10) {
            made.latest(Map.of("limit", 100, "bars", 1_000, "foreignKeys", size));
            made.latest(Map.of("limit", 100, "bars", size, "foreignKeys", 0));
        }
        Map<String, Double> some = new LinkedHashMap<>(Map.of("iftb-tcp", 2.0, "sorted-set", 3.1, "jedis", 1.4));
        some.forEach(
                (contender, ratio) -> made.add(contender, "universe", Map.of("series", 500, "limit", 100), 90, ratio));
        some.forEach((contender, ratio) -> made.add(contender, "upsert", Map.of(), 1.2, ratio * 1.3));
        for (String workload : new String[] {"get", "put", "get-all", "put-all", "invoke"}) {
            double size = workload.endsWith("-all") ? 4 : 1;
            made.add("iftb-tcp", workload, Map.of("threads", 1), size, 2.0)
                    .add("redisson-jcache", workload, Map.of("threads", 1), size, size == 4 ? 19 : 2.9)
                    .add("hazelcast-jcache", workload, Map.of("threads", 1), size, 2.4)
                    .add("caffeine-jcache", workload, Map.of("threads", 1), size, 0.03);
        }
        for (String codec : new String[] {"codec-encode", "codec-decode"}) {
            made.measured.add(new CaseResult(
                    Case.of("iftb-tcp", codec, Map.of("bars", 100)),
                    List.of(new ForkTime(3.1, 4.2, null, null), new ForkTime(3.3, 4.4, null, null)),
                    new Costs(null, null, null, 5_912.0, null, null)));
        }
        return made.results("full");
    }

    private void latest(Map<String, Integer> params) {
        int limit = params.getOrDefault("limit", 1);
        double keys = params.getOrDefault("bars", 0) + params.getOrDefault("foreignKeys", 0);
        double size = 0.8 + limit / 500.0;
        double json = 4 + limit / 60.0;
        latest("socket", params, size, 1, 1.0, null);
        latest("bucket", params, size, 1.9, 1.0, null);
        latest("iftb-tcp", params, size, 1.95, 1.0, 57.3);
        latest("iftb-unix", params, size, 1.2, 1.0, 57.3);
        latest("jedis", params, size, 1.25, 1.0, 57.3);
        latest("lettuce", params, size, 1.75, 1.0, 57.3);
        latest("sorted-set", params, size, 2.4 + limit / 400.0, 1.0, 152.0);
        latest("json-mget", params, size, json, 1.0, 263.0);
        if (keys < 500_000) {
            latest("json-scan", params, size, 3 + keys / 12, keys / 10 + limit, 263.0);
        }
    }

    private void latest(
            String contender,
            Map<String, Integer> params,
            double size,
            double ratio,
            double commands,
            @Nullable Double bytesPerBar) {
        double limit = params.getOrDefault("limit", 1);
        add(
                Case.of(contender, "latest", params),
                size,
                ratio,
                new Costs(
                        commands,
                        commands,
                        56 * limit + 60 + 40 * commands,
                        140 * limit * Math.sqrt(ratio) + 900,
                        1.4 * ratio,
                        bytesPerBar));
    }
}
