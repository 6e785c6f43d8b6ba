package io.iftb.cache.cli;

import io.iftb.cache.Maintenance;
import io.iftb.cache.cli.Canvas.Colour;
import io.iftb.cache.cli.Finding.Level;
import io.iftb.cache.redis.RedisServerException;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import java.time.Clock;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Says what is wrong with a set-up. */
@Command(
        name = "doctor",
        mixinStandardHelpOptions = true,
        description = {
            "Says what is wrong with your set-up, and what to do: version, memory, eviction, persistence, connections and"
                    + " replication of each server, its clock and latency, the state of a cluster, the rights of your user,"
                    + " the tracking of keys for near caches, and keys of other programs in your namespace.",
            "It changes nothing, apart from a key iftb-cache:fence:… that lives a second. The exit status is 1 if something is bad; warnings leave it 0."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache doctor",
            "  iftb-cache doctor --redis redis://bot@cache.example:6379 --redis-password-file password.txt --namespace bot1",
            "  iftb-cache doctor --json",
            "",
            "JSON: server, mode (null if nothing answers), worst (ok, warn, bad), findings: a list of objects with level, topic, what, remedy (null if"
                    + " there is nothing to do)."
        })
final class DoctorCommand implements Callable<Integer> {

    private static final int TOPIC = 13;

    private final Shell shell;
    private final Clock clock;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    DoctorCommand(Shell shell, Clock clock) {
        this.shell = shell;
        this.clock = clock;
    }

    @Override
    public Integer call() {
        CacheSettings settings = server.settings(shell);
        try (ServerSession session = server.open(shell)) {
            Maintenance maintenance = session.caches().maintenance();
            return report(
                    session.name(), maintenance.mode(), new Doctor(maintenance, settings.namespace(), clock).examine());
        } catch (RedisServerException e) {
            String address = Setting.masked(settings.redisUri());
            return report(address, null, List.of(Doctor.refused("connection", e)));
        }
    }

    private int report(String name, @Nullable String mode, List<Finding> findings) {
        Level worst = findings.stream()
                .map(Finding::level)
                .max(Comparator.naturalOrder())
                .orElse(Level.OK);
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("server", name);
            document.put("mode", mode);
            document.put("worst", worst.toString());
            document.put("findings", findings.stream().map(Finding::document).toList());
            JsonOption.print(shell, document);
        } else {
            shell.out().println(Printable.text(name) + (mode == null ? "" : ", " + mode));
            findings.forEach(this::print);
            shell.out().println(summary(findings));
        }
        return worst == Level.BAD ? ExitStatus.TROUBLE : ExitStatus.DONE;
    }

    private void print(Finding finding) {
        String level = finding.level().toString();
        shell.out()
                .println(colour(finding.level()).paint(level, shell.screen())
                        + " ".repeat(6 - level.length())
                        + finding.topic()
                        + " ".repeat(Math.max(1, TOPIC - finding.topic().length()))
                        + Printable.text(finding.what()));
        if (!finding.remedy().isEmpty()) {
            shell.out()
                    .println(" ".repeat(6 + TOPIC)
                            + (shell.screen().unicode() ? "→ " : "-> ")
                            + Printable.text(finding.remedy()));
        }
    }

    private static Colour colour(Level level) {
        return switch (level) {
            case OK -> Colour.RISING;
            case WARN -> Colour.STRONG;
            case BAD -> Colour.FALLING;
        };
    }

    private static String summary(List<Finding> findings) {
        long bad = findings.stream().filter(each -> each.level() == Level.BAD).count();
        long warnings =
                findings.stream().filter(each -> each.level() == Level.WARN).count();
        return Printable.count(bad, "thing is bad", "things are bad") + ", "
                + Printable.count(warnings, "warning", "warnings");
    }
}
