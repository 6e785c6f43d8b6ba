package io.iftb.cache.cli;

import io.iftb.cache.Health;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Shows the state of the server. */
@Command(name = "health", mixinStandardHelpOptions = true, description = "Shows the state of the server.")
final class HealthCommand implements Callable<Integer> {

    private static final double NANOS_PER_MILLI = 1e6;

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

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
