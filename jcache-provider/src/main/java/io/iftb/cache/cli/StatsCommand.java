package io.iftb.cache.cli;

import io.iftb.cache.Maintenance;
import io.iftb.cache.redis.RedisServerException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the server counts, once or again and again. */
@Command(
        name = "stats",
        mixinStandardHelpOptions = true,
        description =
                "Shows what the server counts: hits and misses, commands a second, what expired and was evicted, memory"
                        + " and clients, all primaries together and for all programs that use them. What one JVM counts for each of"
                        + " its caches is in its MBeans.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache stats",
            "  iftb-cache stats --watch",
            "  iftb-cache stats --watch --every 10s --json > stats.jsonl",
            "",
            "JSON, one line each time: server, version, primaries, upSeconds, keys, usedMemoryBytes, maxMemoryBytes (null for no"
                    + " limit), commandsPerSecond, hits, misses, expired, evicted, clients, trackingClients,"
                    + " trackedPrefixes; or problem, if the server does not answer."
        })
final class StatsCommand implements Callable<Integer> {

    private static final String BARS = "▁▂▃▄▅▆▇█";
    private static final int LABEL = 10;
    private static final Duration USUAL_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofDays(365);

    private final Shell shell;
    private final boolean terminal;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(names = "--watch", description = "Show it again and again, until Ctrl-C; on a terminal as a live screen.")
    private boolean watch;

    @Option(
            names = "--every",
            paramLabel = "TIME",
            description = "How often, with --watch: a count and one of ms s m h d, at most 365d. Default: 1s.")
    private @Nullable String every;

    @Option(names = "--count", paramLabel = "N", description = "How often in all, with --watch. Default: for ever.")
    private int count = Integer.MAX_VALUE;

    /** @param terminal whether the output is one */
    StatsCommand(Shell shell, boolean terminal) {
        this.shell = shell;
        this.terminal = terminal;
    }

    @Override
    public Integer call() throws InterruptedException {
        if (!watch && (every != null || count < Integer.MAX_VALUE)) {
            throw CommandFailure.wrongUsage("--every and --count are for --watch; add it, or leave them out");
        }
        Duration pause = every == null ? USUAL_PAUSE : Lifetime.parse(every);
        if ("never".equals(every)) {
            throw CommandFailure.wrongUsage("--every never shows nothing; give a time such as 1s");
        }
        if (pause.compareTo(LONGEST_PAUSE) > 0) {
            throw CommandFailure.wrongUsage("--every " + every + " is too long; give at most 365d");
        }
        if (count < 1) {
            throw CommandFailure.wrongUsage("--count " + count + " is not positive; give 1 or more");
        }
        try (ServerSession session = server.open(shell)) {
            if (watch) {
                watch(session, pause);
            } else {
                ServerFigures figures = figures(session);
                if (json.isWanted()) {
                    JsonOption.print(shell, figures.document());
                } else {
                    figures.lines(null, Duration.ZERO).forEach(shell.out()::println);
                }
            }
        }
        return ExitStatus.DONE;
    }

    private static ServerFigures figures(ServerSession session) {
        Maintenance maintenance = session.caches().maintenance();
        return ServerFigures.of(session.name(), maintenance.database(), ServerInfo.all(maintenance));
    }

    private void watch(ServerSession session, Duration pause) throws InterruptedException {
        try (LiveScreen screen = terminal && !json.isWanted() ? LiveScreen.on(shell.out()) : null) {
            Deque<Long> commands = new ArrayDeque<>();
            ServerFigures before = null;
            long beforeNanos = System.nanoTime();
            for (int i = 0; i < count && !shell.out().checkError(); i++) {
                if (i > 0) {
                    TimeUnit.NANOSECONDS.sleep(pause.toNanos());
                }
                try {
                    ServerFigures figures = figures(session);
                    long now = System.nanoTime();
                    remember(commands, figures.commandsPerSecond());
                    show(screen, figures, before, Duration.ofNanos(now - beforeNanos), commands);
                    before = figures;
                    beforeNanos = now;
                } catch (RedisServerException away) { // it may come back
                    show(screen, String.valueOf(away.getMessage()));
                }
            }
        }
    }

    private void remember(Deque<Long> commands, long perSecond) {
        commands.add(perSecond);
        if (commands.size() > shell.screen().width() - LABEL) {
            commands.remove();
        }
    }

    private void show(
            @Nullable LiveScreen screen,
            ServerFigures figures,
            @Nullable ServerFigures before,
            Duration since,
            Collection<Long> commands) {
        if (json.isWanted()) {
            JsonOption.print(shell, figures.document());
            shell.out().flush();
            return;
        }
        List<String> lines = new ArrayList<>(figures.lines(before, since));
        if (screen != null) {
            if (shell.screen().unicode()) {
                lines.add("          " + sparkline(commands));
            }
            lines.add("");
            lines.add("Ctrl-C ends this");
            int width = shell.screen().width();
            screen.paint(lines.stream()
                    .map(line -> line.length() <= width ? line : line.substring(0, width))
                    .toList());
        } else {
            lines.add("");
            lines.forEach(shell.out()::println);
            shell.out().flush();
        }
    }

    private void show(@Nullable LiveScreen screen, String problem) {
        String safe = Printable.text(problem);
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("problem", problem);
            JsonOption.print(shell, document);
            shell.out().flush();
        } else if (screen != null) {
            screen.paint(List.of(safe, "", "Ctrl-C ends this"));
        } else {
            shell.out().println(safe);
            shell.out().flush();
        }
    }

    /** Numbers as bars, the highest of full height. */
    static String sparkline(Collection<Long> numbers) {
        long highest =
                Math.max(1, numbers.stream().mapToLong(each -> each).max().orElse(1));
        StringBuilder line = new StringBuilder();
        for (long each : numbers) {
            line.append(BARS.charAt((int) Math.min(BARS.length() - 1, each * BARS.length() / (highest + 1))));
        }
        return line.toString();
    }
}
