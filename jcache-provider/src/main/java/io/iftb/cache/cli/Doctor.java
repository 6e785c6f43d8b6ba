package io.iftb.cache.cli;

import io.iftb.cache.Maintenance;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.PrimaryCommands;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.redis.Reply;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.redis.ScanPosition;
import io.iftb.cache.store.FoundKey;
import io.iftb.cache.store.KeyOwner;
import io.iftb.cache.store.KeyWalk;
import io.iftb.cache.store.UserRights.Purpose;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Checks a set-up: each primary, what its user may do, and what stands between. */
final class Doctor {

    private static final int WARM_UP = 20;
    private static final int PINGS = 200;
    private static final double FAR_MICROS = 2_000;
    private static final double TOO_FAR_MICROS = 50_000;
    private static final long OFF_MILLIS = 1_000;
    private static final long FAR_OFF_MILLIS = 60_000;
    private static final int MOST_STEPS = 50;
    private static final Duration TRACKING = Duration.ofSeconds(3);
    private static final int FEW = 12;

    private static final Map<Purpose, String> PURPOSES = new EnumMap<>(Map.of(
            Purpose.READS, "reads",
            Purpose.WRITES, "writes",
            Purpose.NEAR, "near caches",
            Purpose.EVENTS, "remote events and fetching",
            Purpose.LEASES, "computing once for all JVMs",
            Purpose.BUDGETS, "budgets of requests"));

    private final Maintenance maintenance;
    private final String namespace;
    private final Clock clock;

    /** @param clock of this machine */
    Doctor(Maintenance maintenance, String namespace, Clock clock) {
        this.maintenance = maintenance;
        this.namespace = namespace;
        this.clock = clock;
    }

    /** All findings; those of a primary with its address if there are several. */
    List<Finding> examine() {
        List<PrimaryCommands> primaries = maintenance.primaries();
        List<Finding> findings = new ArrayList<>();
        for (PrimaryCommands primary : primaries) {
            Stream<Finding> of = Stream.of(
                            checked("server", () -> server(primary)),
                            checked("clock", () -> List.of(clock(primary))),
                            checked("latency", () -> List.of(latency(primary))))
                    .flatMap(List::stream);
            of.map(each -> primaries.size() == 1
                            ? each
                            : new Finding(
                                    each.level(), each.topic(), primary.server() + ": " + each.what(), each.remedy()))
                    .forEach(findings::add);
        }
        findings.addAll(checked("cluster", this::cluster));
        findings.addAll(checked("rights", this::rights));
        findings.addAll(checked("keys", () -> List.of(keys())));
        findings.addAll(checked("tracking", () -> List.of(tracking())));
        return findings;
    }

    /** A check that the server refuses is a finding too. */
    private static List<Finding> checked(String topic, Supplier<List<Finding>> check) {
        try {
            return check.get();
        } catch (RedisServerException e) {
            return List.of(refused(topic, e));
        }
    }

    /** A failure of the server: our messages end with the remedy. */
    static Finding refused(String topic, RedisServerException failure) {
        String message = String.valueOf(failure.getMessage());
        int remedy = message.lastIndexOf("; ");
        return remedy < 0
                ? Finding.bad(topic, message, "check the server")
                : Finding.bad(topic, message.substring(0, remedy), message.substring(remedy + 2));
    }

    private static List<Finding> server(PrimaryCommands primary) {
        return new ServerChecks(ServerInfo.of(primary), save(primary)).all();
    }

    private static String save(PrimaryCommands primary) {
        try {
            List<Object> pair = ReplyFuture.await(primary.ask(Reply.TREE, Command.CONFIG, "GET", "save"));
            return pair.size() < 2 ? "?" : String.valueOf(pair.get(1));
        } catch (RedisServerException mayNotAsk) {
            return "?";
        }
    }

    private Finding clock(PrimaryCommands primary) {
        long before = clock.millis();
        long there = primary.clock().millis();
        long difference = there - (before + clock.millis()) / 2;
        String what = Math.abs(difference) < 10
                ? "as this machine's, within " + Math.abs(difference) + " ms"
                : Lifetime.text(Duration.ofMillis(Math.abs(difference))) + (difference > 0 ? " ahead of" : " behind")
                        + " this machine's";
        String remedy = "let both keep their clocks by NTP, such as chrony";
        if (Math.abs(difference) >= FAR_OFF_MILLIS) {
            return Finding.bad("clock", what + ": programs here and there disagree about which bar is open", remedy);
        }
        return Math.abs(difference) >= OFF_MILLIS ? Finding.warn("clock", what, remedy) : Finding.ok("clock", what);
    }

    private static Finding latency(PrimaryCommands primary) {
        ScanLatency pings =
                ScanLatency.of(WARM_UP, PINGS, () -> ReplyFuture.await(primary.ask(Reply.TEXT, Command.PING)));
        String what = "ping " + text(pings.micros(0.5)) + " in the median, " + text(pings.micros(0.99)) + " p99";
        if (pings.micros(0.5) < FAR_MICROS) {
            return Finding.ok("latency", what);
        }
        String remedy = "run both in one zone, or switch near caches on";
        return pings.micros(0.5) < TOO_FAR_MICROS
                ? Finding.warn("latency", what + ": each read waits that long", remedy)
                : Finding.bad("latency", what + ": too far away for a cache", remedy);
    }

    private static String text(double micros) {
        return micros < 1_000
                ? String.format(Locale.ROOT, "%.0f µs", micros)
                : String.format(Locale.ROOT, "%.1f ms", micros / 1_000);
    }

    private List<Finding> cluster() {
        if (!maintenance.mode().equals("cluster")) {
            return List.of();
        }
        PrimaryCommands any = maintenance.primaries().get(0);
        ServerInfo state;
        try {
            String said = String.valueOf(ReplyFuture.await(any.ask(Reply.TEXT, Command.CLUSTER, "INFO")));
            state = ServerInfo.parse(any.server(), said);
        } catch (RedisServerException e) {
            return List.of(Finding.warn("cluster", "this user may not ask about it", "grant +cluster|info"));
        }
        String slots = Printable.count(state.number("cluster_slots_ok")) + " of 16,384 slots are served";
        return List.of(
                state.text("cluster_state").equals("ok") && state.number("cluster_slots_ok") == 16_384
                        ? Finding.ok("cluster", slots)
                        : Finding.bad(
                                "cluster",
                                "it is " + (state.text("cluster_state").equals("ok") ? "incomplete" : "down") + ": "
                                        + slots,
                                "bring back the primaries of the others, or assign them (redis-cli --cluster fix)"));
    }

    private List<Finding> rights() {
        Map<Purpose, List<String>> missing = maintenance.missingRights();
        List<Finding> findings = new ArrayList<>();
        String user = user();
        missing.forEach((purpose, rights) -> {
            boolean onlyReads = purpose == Purpose.WRITES && rights.contains("+set") && rights.size() >= FEW;
            boolean isVital = purpose == Purpose.READS || (purpose == Purpose.WRITES && !onlyReads);
            String what =
                    "user " + user + (onlyReads ? " can only read" : " lacks rights for " + PURPOSES.get(purpose));
            String keys = rights.size() < FEW || namespace.isEmpty() ? "" : " ~" + namespace + ":*";
            String remedy = "ACL SETUSER " + user + " " + String.join(" ", rights) + keys;
            findings.add(isVital ? Finding.bad("rights", what, remedy) : Finding.warn("rights", what, remedy));
        });
        return findings.isEmpty()
                ? List.of(Finding.ok("rights", "user " + user + " may do all that caches need"))
                : findings;
    }

    private String user() {
        try {
            return Printable.text(String.valueOf(
                    ReplyFuture.await(maintenance.primaries().get(0).ask(Reply.TEXT, Command.ACL, "WHOAMI"))));
        } catch (RedisServerException mayNotAsk) {
            return "NAME";
        }
    }

    private Finding tracking() {
        String trouble = maintenance.trackingTrouble(TRACKING);
        if (trouble.isEmpty()) {
            return Finding.ok("tracking", "the server tells which keys change, as near caches need it");
        }
        int remedy = trouble.lastIndexOf("; ");
        return Finding.warn(
                "tracking",
                "near caches send all reads to the server: " + (remedy < 0 ? trouble : trouble.substring(0, remedy)),
                remedy < 0 ? "check the server" : trouble.substring(remedy + 2));
    }

    /** Looks at some tens of thousands of keys at most. */
    private Finding keys() {
        KeyWalk walk = maintenance.keys(ScanPosition.START);
        long all = 0;
        long others = 0;
        String example = "";
        int steps = 0;
        for (; steps < MOST_STEPS; steps++) {
            List<FoundKey> step = ReplyFuture.await(walk.next(owner -> false));
            if (step == null) {
                break;
            }
            all += step.size();
            for (FoundKey each : step) {
                if (each.owner().kind() == KeyOwner.Kind.OTHERS) {
                    others++;
                    example = each.redisKey();
                }
            }
        }
        String seen = Printable.count(all, "key", "keys") + (steps == MOST_STEPS ? " of many looked at" : "");
        if (others == 0) {
            return Finding.ok("keys", seen + ", none of other programs");
        }
        return Finding.warn(
                "keys",
                seen + ", " + Printable.count(others) + " of other programs, such as '" + Printable.text(example) + "'",
                namespace.isEmpty()
                        ? "set iftb.cache.namespace, so that no name is used twice"
                        : "let the other programs use another prefix than '" + namespace + ":'");
    }
}
