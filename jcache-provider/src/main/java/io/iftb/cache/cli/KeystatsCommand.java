package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.Maintenance;
import io.iftb.cache.MarketCaches;
import io.iftb.cache.redis.ReplyFuture;
import io.iftb.cache.store.FoundKey;
import io.iftb.cache.store.KeyWalk;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows what the keys of each cache take. */
@Command(
        name = "keystats",
        mixinStandardHelpOptions = true,
        description =
                "Shows for each cache how many keys it has, what memory they take, how long they still live, and which"
                        + " are the biggest; also the keys that belong to no cache. One SCAN over all primaries, never KEYS.",
        footer = {
            "",
            "Examples:",
            "  iftb-cache keystats",
            "  iftb-cache keystats --samples 1000 --namespace bot1 --json",
            "  iftb-cache keystats --resume walk.json --biggest 50",
            "",
            "JSON: server, keys, caches: a list of objects with name, kind (cache, internal, others), keys, measured, bytes,"
                    + " neverEnds, shortestMillis, medianMillis, longestMillis, series, bars, bytesPerBar; biggest: a list of"
                    + " objects with key, owner, bytes."
        })
final class KeystatsCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Option(
            names = "--samples",
            paramLabel = "N",
            description =
                    "Measure about N keys of each cache, and assume that the others are similar. Much faster with a million"
                            + " keys. Default: all.")
    private int samples = Integer.MAX_VALUE;

    @Option(
            names = "--biggest",
            paramLabel = "N",
            defaultValue = "10",
            description = "How many of the biggest keys to show. Default: 10.")
    private int biggest = 10;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description =
                    "Keep in this file how far it has come, and go on from there if the file exists. It is deleted at"
                            + " the end. It is valid until a server restarts.")
    private @Nullable Path resume;

    KeystatsCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (samples < 1) {
            throw CommandFailure.wrongUsage("--samples " + samples + " is not positive; give 1 or more");
        }
        if (biggest < 0) {
            throw CommandFailure.wrongUsage("--biggest " + biggest + " is negative; give 0 or more");
        }
        try (ServerSession session = server.open(shell)) {
            Maintenance maintenance = session.caches().maintenance();
            List<ServerInfo> servers = ServerInfo.all(maintenance);
            ResumeFile file = resume == null ? null : resumeFile(resume, session, servers);
            JsonNode kept = file == null ? null : file.read();
            KeyStatistics found = kept == null ? new KeyStatistics(biggest) : resumed(kept);
            long total = servers.stream()
                    .mapToLong(each -> each.keys(maintenance.database()))
                    .sum();
            walk(maintenance.keys(found.position()), found, total, file);
            if (json.isWanted()) {
                JsonOption.print(shell, document(session, found));
            } else {
                print(session, found);
            }
            if (file != null) {
                file.delete();
            }
        }
        return ExitStatus.DONE;
    }

    private KeyStatistics resumed(JsonNode kept) {
        int most = KeyStatistics.mostBig(kept);
        if (biggest > most) {
            throw CommandFailure.wrongUsage("'" + resume + "' keeps the " + most + " biggest keys only; give --biggest "
                    + most + " or less, or delete it to start anew");
        }
        return KeyStatistics.of(kept, biggest);
    }

    private ResumeFile resumeFile(Path file, ServerSession session, List<ServerInfo> servers) {
        String namespace = server.settings(shell).namespace();
        return new ResumeFile(file, "keystats", of(namespace, session.caches(), servers));
    }

    /** What a walk is of: cursors hold for one run of these servers. */
    static String of(String namespace, MarketCaches caches, List<ServerInfo> servers) {
        return "namespace '" + namespace + "' in database "
                + caches.maintenance().database() + " on "
                + caches.server() + " in run "
                + servers.stream()
                        .map(each -> each.text("run_id"))
                        .sorted()
                        .map(id -> id.substring(0, Math.min(8, id.length())))
                        .collect(Collectors.joining("+"));
    }

    private void walk(KeyWalk walk, KeyStatistics found, long total, @Nullable ResumeFile file) {
        try (Progress progress = Progress.start(shell, "keys", total)) {
            while (true) {
                int before = walk.begunAnew();
                List<FoundKey> step = ReplyFuture.await(
                        walk.next(owner -> walk.begunAnew() > before || found.measured(owner) < samples));
                if (step == null) {
                    return;
                }
                if (walk.begunAnew() > before) {
                    found.beginPrimaryAnew();
                }
                found.add(step, walk.position());
                progress.at(Math.min(total, found.steps() * KeyWalk.step()));
                if (file != null) {
                    file.writeSometimes(found::state);
                }
            }
        }
    }

    private static Object document(ServerSession session, KeyStatistics found) {
        Map<String, @Nullable Object> document = Json.object();
        document.put("server", session.caches().server());
        document.put("keys", found.keys());
        document.put("caches", found.tallies().stream().map(KeyTally::document).toList());
        document.put(
                "biggest",
                found.biggest().stream().map(KeyStatistics.Big::document).toList());
        return document;
    }

    private void print(ServerSession session, KeyStatistics found) {
        if (found.keys() == 0) {
            shell.err().println(Cli.NAME + ": no keys are stored on " + session.name());
            return;
        }
        TextTable table = new TextTable(
                "cache", ">keys", ">bytes", ">bytes/key", ">never ends", ">shortest", ">median", ">longest");
        found.tallies().forEach(each -> table.row(cells(each)));
        table.print(shell.out());
        found.tallies().stream()
                .filter(each -> each.bars() > 0)
                .forEach(each -> shell.out()
                        .println("\n" + Printable.count(each.bars(), "bar", "bars") + " in "
                                + Printable.count(each.series(), "series", "series") + ", "
                                + String.format(Locale.ROOT, "%.1f", each.bytesPerBar()) + " bytes a bar"));
        if (found.tallies().stream().anyMatch(each -> each.measured() < each.keys())) {
            shell.out().println("\n~ measured are about " + Printable.count(samples) + " keys of each cache");
        }
        if (!found.biggest().isEmpty()) {
            shell.out().println();
            TextTable big = new TextTable(">bytes", "of", "biggest keys");
            found.biggest()
                    .forEach(each -> big.row(
                            Printable.count(each.bytes()), Printable.text(each.owner()), Printable.text(each.key())));
            big.print(shell.out());
        }
    }

    private static String[] cells(KeyTally tally) {
        String about = tally.measured() < tally.keys() ? "~" : "";
        LifetimeTally lifetimes = tally.lifetimes();
        double share = tally.measured() == 0 ? 0 : (double) tally.keys() / tally.measured();
        return new String[] {
            Printable.text(tally.owner().name()),
            Printable.count(tally.keys()),
            about + Printable.count(tally.bytes()),
            Printable.count(tally.bytes() / Math.max(1, tally.keys())),
            about + Printable.count(Math.round(lifetimes.never() * share)),
            text(lifetimes.shortest()),
            text(lifetimes.median()),
            text(lifetimes.longest())
        };
    }

    private static String text(@Nullable Long millis) {
        return millis == null ? "-" : Lifetime.text(Duration.ofMillis(millis));
    }
}
