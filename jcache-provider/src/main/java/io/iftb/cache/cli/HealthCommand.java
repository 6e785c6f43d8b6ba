package io.iftb.cache.cli;

import io.iftb.cache.Health;
import io.iftb.cache.PrimaryHealth;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the state of the server. */
@Command(
        name = "health",
        mixinStandardHelpOptions = true,
        description = "Shows the state of the server.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache health",
            "  iftb-cache health --redis rediss://bot@cache.example:6380 --redis-password-file password.txt",
            "",
            "JSON: server, data, version, mode, pingMillis, clockErrorMillis, usedMemoryBytes, primaries: a list of objects with server, version, pingMillis, usedMemoryBytes."
        })
final class HealthCommand implements Callable<Integer> {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    HealthCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        try (ServerSession session = server.open(shell)) {
            Health health = session.caches().health();
            if (!health.reachable()) {
                throw CommandFailure.trouble(
                        "the server " + health.server() + " is not well: " + health.problem() + "; check that it runs");
            }
            if (json.isWanted()) {
                JsonOption.print(shell, document(session, health));
                return ExitStatus.DONE;
            }
            print("server", health.server());
            if (!session.name().equals(health.server())) {
                print("data", session.name());
            }
            print("version", known(health.version()));
            print("mode", known(health.mode()));
            print("ping", millis(health.ping()));
            print("clock", "within " + millis(health.clockError()));
            print("memory", Printable.bytes(health.usedMemory()));
            if (health.primaries().size() > 1) {
                health.primaries()
                        .forEach(each -> print(
                                "primary",
                                each.server() + ", " + known(each.version()) + ", " + millis(each.ping()) + ", "
                                        + Printable.bytes(each.usedMemory())));
            }
        }
        return ExitStatus.DONE;
    }

    private static Object document(ServerSession session, Health health) {
        Map<String, @Nullable Object> document = Json.object();
        document.put("server", health.server());
        document.put("data", session.name().equals(health.server()) ? null : session.name());
        document.put("version", health.version());
        document.put("mode", health.mode());
        document.put("pingMillis", Json.millis(health.ping()));
        document.put("clockErrorMillis", Json.millis(health.clockError()));
        document.put("usedMemoryBytes", health.usedMemory());
        document.put(
                "primaries",
                health.primaries().stream().map(HealthCommand::primary).toList());
        return document;
    }

    private static Object primary(PrimaryHealth each) {
        Map<String, @Nullable Object> primary = Json.object();
        primary.put("server", each.server());
        primary.put("version", each.version());
        primary.put("pingMillis", Json.millis(each.ping()));
        primary.put("usedMemoryBytes", each.usedMemory());
        return primary;
    }

    private void print(String name, String value) {
        shell.out().println(String.format(Locale.ROOT, "%-9s%s", name, Printable.text(value)));
    }

    private static String known(@Nullable String value) {
        return value == null ? "unknown" : value;
    }

    private static String millis(@Nullable Duration time) {
        return time == null ? "unknown" : String.format(Locale.ROOT, "%.2f ms", time.toNanos() / NANOS_PER_MILLI);
    }
}
