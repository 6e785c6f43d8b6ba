package io.iftb.cache.benchmarks.measure;

import static io.iftb.cache.benchmarks.measure.NearCosts.atMost;

import io.iftb.cache.benchmarks.contender.RespSocket;
import io.iftb.cache.redis.ConnectionSettings;
import io.iftb.cache.redis.KeyTracking;
import io.iftb.cache.redis.RedisConnection;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.LongAdder;

/**
 * The server's CPU time for a write, at 10,000 writes a second, with clients that track the written prefix or another one.
 * Each client has the connections of a JVM of its own. Cases take turns.
 *
 * @param server the server
 * @param turn how long each turn takes
 * @param rounds how many turns each case has
 * @param together how many writes are sent at once: the server tells each client about all of them in one piece
 */
record TrackingCosts(BenchmarkServer server, Duration turn, int rounds, int together) {

    private static final String WRITTEN = "ticker:";
    private static final String OTHER = "funding:";
    private static final String NONE = "nobody tracks";
    private static final long PACE_NANOS = 100_000;
    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final int KEYS = 100;
    private static final byte[] VALUE = new byte[70];

    /**
     * A case.
     *
     * @param clients how many clients track
     * @param prefix what they track
     */
    private record Tracked(int clients, String prefix) {

        @Override
        public String toString() {
            String how = clients == 1 ? "1 JVM tracks " : clients + " JVMs track ";
            return clients == 0 ? NONE : how + (prefix.equals(WRITTEN) ? "it" : "another prefix");
        }
    }

    /** What a turn took. */
    private record Turn(double cpuMicros, double writesPerSecond) {}

    /** @param clients the numbers of tracking clients */
    List<CostFigure> figures(List<Integer> clients) {
        List<Tracked> cases = new ArrayList<>(List.of(new Tracked(0, WRITTEN)));
        clients.forEach(number -> cases.add(new Tracked(number, WRITTEN)));
        clients.forEach(number -> cases.add(new Tracked(number, OTHER)));
        List<RedisConnection> connections = new ArrayList<>();
        Map<Tracked, List<Turn>> turns = new LinkedHashMap<>();
        try {
            int most = clients.stream().mapToInt(Integer::intValue).max().orElse(0);
            for (int i = 0; i < most; i++) {
                connections.add(connect());
            }
            turn(connections, cases.get(0)); // the server and this JVM warm up
            for (int round = 0; round < rounds; round++) {
                for (Tracked each : cases) {
                    turns.computeIfAbsent(each, first -> new ArrayList<>()).add(turn(connections, each));
                }
            }
        } finally {
            connections.forEach(RedisConnection::close);
        }
        double none = least(Objects.requireNonNull(turns.get(cases.get(0))));
        List<CostFigure> figures = new ArrayList<>();
        turns.forEach((each, all) -> figures.add(figure(each, all, none)));
        return figures;
    }

    private RedisConnection connect() {
        return RedisConnection.open(new ConnectionSettings(server.address().tcp(), null, null, null, TIMEOUT, TIMEOUT));
    }

    private CostFigure figure(Tracked of, List<Turn> turns, double none) {
        double micros = least(turns);
        double ratio = micros / none;
        String goal = of.clients > 0 && of.prefix.equals(OTHER)
                ? ", " + atMost(1.05, ratio)
                : of.clients == 1 ? ", " + atMost(2.5, ratio) : "";
        double pace =
                turns.stream().mapToDouble(Turn::writesPerSecond).average().orElse(0);
        return new CostFigure(
                "server CPU for a write, 10,000 writes a second, " + together + " at once",
                of.toString(),
                micros,
                "µs",
                String.format(Locale.ROOT, "%.2f ×%s; %,.0f writes/s", ratio, goal, pace));
    }

    private Turn turn(List<RedisConnection> connections, Tracked tracked) {
        LongAdder heard = new LongAdder();
        List<KeyTracking.Registration> registrations = new ArrayList<>();
        try (RespSocket socket = new RespSocket(server.address().port())) {
            for (RedisConnection each : connections.subList(0, tracked.clients)) {
                registrations.add(each.tracking().track(tracked.prefix, counting(heard)));
            }
            Awaited.until(
                    "all clients track", () -> registrations.stream().allMatch(KeyTracking.Registration::isTracked));
            Awaited.until(
                    "all fences are proven",
                    () -> connections.subList(0, tracked.clients).stream()
                            .allMatch(each -> each.tracking().status().fenced()));
            Turn turn = turn(socket);
            int wanted = tracked.prefix.equals(WRITTEN) ? tracked.clients : 0;
            if ((wanted > 0) != (heard.sum() > 0)) {
                throw new WrongAnswerException(heard.sum() + " changes were heard where " + tracked);
            }
            return turn;
        } finally {
            registrations.forEach(KeyTracking.Registration::close);
            Awaited.until(
                    "nobody tracks any more",
                    () -> server.field("clients", "tracking_clients").equals("0"));
        }
    }

    private static KeyTracking.Listener counting(LongAdder heard) {
        return new KeyTracking.Listener() {
            @Override
            public void changed(String redisKey) {
                heard.increment();
            }

            @Override
            public void reset() {}
        };
    }

    private Turn turn(RespSocket socket) {
        long start = System.nanoTime();
        double cpu = cpuMicros();
        long writes;
        try (PacedWriter writer =
                new PacedWriter(Duration.ofNanos(PACE_NANOS * together), number -> write(socket, number))) {
            long least = turn.toNanos() / PACE_NANOS / together;
            Awaited.until(
                    "the writes of a turn are done",
                    () -> writer.writes() >= least || System.nanoTime() - start > 3 * turn.toNanos());
            writes = writer.end() * together;
        }
        double used = cpuMicros() - cpu;
        return new Turn(used / writes, writes * 1e9 / (System.nanoTime() - start));
    }

    private void write(RespSocket socket, long number) {
        for (int i = 0; i < together; i++) {
            socket.send("SET", WRITTEN + "SYM" + (number * together + i) % KEYS + "USDT", VALUE);
        }
        for (int i = 0; i < together; i++) {
            socket.receive();
        }
    }

    /** All CPU time that the server has used. */
    private double cpuMicros() {
        return 1e6
                * (Double.parseDouble(server.field("cpu", "used_cpu_user"))
                        + Double.parseDouble(server.field("cpu", "used_cpu_sys")));
    }

    /** Others that use the machine only add to the time. */
    private static double least(List<Turn> turns) {
        return turns.stream().mapToDouble(Turn::cpuMicros).min().orElseThrow();
    }
}
