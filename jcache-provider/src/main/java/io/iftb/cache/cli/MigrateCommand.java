package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.Maintenance;
import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.cli.MigrationPlan.OldKeys;
import io.iftb.cache.redis.KeyScan;
import io.iftb.cache.store.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.TypeConversionException;

/** Moves entries from another layout. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Copies entries of another layout into this one, while bots go on. From python: JSON under ohlcv:SYMBOL:TF:TIME,"
                    + " ticker:SYMBOL, funding:SYMBOL, fear_greed, llm:TYPE:HASH.",
            "It stores what the new layout does not have, with what is left of each lifetime; what is there stays. Then it reads"
                    + " back and compares. So you can begin it again at any time, and again while bots move one after the"
                    + " other.",
            "The old keys stay, unless you give --delete-old and --yes: then those are removed whose values were read back"
                    + " equal and have not changed since.",
            "Tickers, funding rates, fear_greed and analyses have keys of the same names in both layouts, in another format. So"
                    + " they are left out, unless the new ones go to another --namespace, which Python bots do not read."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache migrate python --namespace java --dry-run",
            "  iftb-cache migrate python --namespace java --resume migration.json",
            "  iftb-cache migrate python --namespace java --delete-old --yes",
            "",
            "JSON: server, dryRun, deleted (whether removed keys were removed, not only counted), kinds: a list of objects with"
                    + " kind, found, unreadable, equal (read back), different (the new layout's stayed), gone, lost, removed;"
                    + " others (keys), leftOut, refused, complaints: a list of objects with key, reason; millis."
        })
final class MigrateCommand implements Callable<Integer> {

    private final Shell shell;

    @Mixin
    private final ServerOptions server = new ServerOptions();

    @Mixin
    private final JsonOption json = new JsonOption();

    @Parameters(paramLabel = "FROM", description = "The other layout: ${COMPLETION-CANDIDATES}.")
    private From from = From.PYTHON;

    @Option(
            names = "--prefix",
            paramLabel = "TEXT",
            description = "What the names of all old keys begin with, such as bot: with its colon. Default: nothing.")
    private String prefix = "";

    @Option(names = "--dry-run", description = "Only read: store nothing, remove nothing, and say what cannot be read.")
    private boolean dryRun;

    @Option(
            names = "--delete-old",
            description = "Remove the old keys whose values have arrived; without --yes they are only counted.")
    private boolean deleteOld;

    @Option(names = "--yes", description = "Do remove them.")
    private boolean yes;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description = "Keep in this file how far it has come, and go on from there if the file exists. It is deleted at"
                    + " the end.")
    private @Nullable Path resume;

    /** Another layout. */
    enum From {
        /** JSON under keys of its own for each bar */
        PYTHON;

        static From parse(String text) {
            return Arrays.stream(values())
                    .filter(each -> each.toString().equalsIgnoreCase(text))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException("layout '" + text + "' is not known; write one of "
                            + Arrays.stream(values()).map(From::toString).collect(Collectors.joining(", "))));
        }

        /** The name on the command line. */
        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    MigrateCommand(Shell shell) {
        this.shell = shell;
    }

    @Override
    public Integer call() {
        if (yes && !deleteOld) {
            throw CommandFailure.wrongUsage("--yes is for --delete-old; add that, or leave --yes out");
        }
        OldKeys old = !deleteOld ? OldKeys.KEPT : yes ? OldKeys.REMOVED : OldKeys.COUNTED;
        long start = System.nanoTime();
        try (ServerSession session = server.open(shell)) {
            String namespace = server.settings(shell).namespace();
            PythonMigration migration = new PythonMigration(
                    session.caches(),
                    new MigrationPlan(prefix, dryRun, old),
                    new Keys(namespace).plain(""));
            ResumeFile file = resume == null ? null : resumeFile(resume, session, namespace, old);
            JsonNode kept = file == null ? null : file.read();
            if (kept != null) {
                migration.resume(kept);
            }
            run(migration, session.caches().maintenance(), file);
            report(migration.report(), session, Duration.ofNanos(System.nanoTime() - start));
            if (file != null) {
                file.delete();
            }
            return migration.report().refused() == 0 ? ExitStatus.DONE : ExitStatus.PARTLY_REFUSED;
        }
    }

    private ResumeFile resumeFile(Path file, ServerSession session, String namespace, OldKeys old) {
        String of = "keys '" + prefix + "*' to namespace '" + namespace + "' on "
                + session.caches().server() + (dryRun ? " (dry run)" : "") + ", old keys "
                + old.name().toLowerCase(Locale.ROOT);
        return new ResumeFile(file, "migrate", of);
    }

    private void run(PythonMigration migration, Maintenance maintenance, @Nullable ResumeFile file) {
        long total = ServerInfo.all(maintenance).stream()
                .mapToLong(each -> each.keys(maintenance.database()))
                .sum();
        try (Progress progress = Progress.start(shell, "names", total)) {
            migration.scan(steps -> progress.at(Math.min(total, steps * KeyScan.STEP)));
        }
        long bars = migration.bars();
        long[] moved = new long[1];
        try (Progress progress = Progress.start(shell, "bars", bars)) {
            migration.moveBars(more -> {
                moved[0] += more;
                progress.at(Math.min(bars, moved[0]));
                if (file != null) {
                    file.writeSometimes(migration::state);
                }
            });
        } catch (RuntimeException e) {
            keep(file, migration, e);
            throw e;
        }
    }

    /** Keeps how far it has come before it failed. */
    private static void keep(@Nullable ResumeFile file, PythonMigration migration, RuntimeException why) {
        try {
            if (file != null && migration.hasState()) {
                file.write(migration.state());
            }
        } catch (CommandFailure e) {
            why.addSuppressed(e);
        }
    }

    private void report(MigrationReport report, ServerSession session, Duration took) {
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("server", session.caches().server());
            document.put("dryRun", dryRun);
            document.put("deleted", deleteOld && yes && !dryRun);
            document.putAll(report.document());
            document.put("millis", took.toMillis());
            JsonOption.print(shell, document);
        } else {
            print(report, took);
        }
        shell.out().flush();
        report.complaints()
                .forEach(each -> shell.err().println(Printable.text(each.key() + ": " + each.reason())));
        if (report.refused() > 0) {
            shell.err()
                    .println(Cli.NAME + ": " + Printable.count(report.refused())
                            + (report.refused() == 1 ? " key has" : " keys have")
                            + " not arrived; they stay in the old layout");
        }
    }

    private void print(MigrationReport report, Duration took) {
        TextTable table = new TextTable(
                "kind", ">found", ">unreadable", ">equal", ">different", ">gone", ">lost", ">removed");
        report.counts().forEach(each -> table.row(cells(each)));
        table.print(shell.out());
        long found = report.sum(Fate.FOUND);
        shell.out()
                .println("\n" + Printable.count(found, "key", "keys") + (dryRun ? " looked at" : " moved") + " in "
                        + Printable.count(took.toMillis()) + " ms"
                        + (report.others() == 0
                                ? ""
                                : "; " + Printable.count(report.others(), "other key", "other keys") + " left alone"));
        if (report.leftOut() > 0) {
            shell.out()
                    .println(Printable.count(report.leftOut(), "key has", "keys have")
                            + " the same name in both layouts, left out; give another --namespace for the new one");
        }
        if (dryRun) {
            shell.out().println("nothing was stored; leave --dry-run out to do it");
        } else if (deleteOld && !yes) {
            shell.out()
                    .println(Printable.count(report.sum(Fate.REMOVED), "old key", "old keys")
                            + " would be removed; add --yes to do it");
        }
    }

    private static String[] cells(MigrationCount count) {
        Fate[] fates = {
            Fate.FOUND, Fate.UNREADABLE, Fate.EQUAL, Fate.DIFFERENT, Fate.GONE, Fate.LOST, Fate.REMOVED
        };
        String[] cells = new String[fates.length + 1];
        cells[0] = count.kind();
        for (int i = 0; i < fates.length; i++) {
            cells[i + 1] = Printable.count(count.of(fates[i]));
        }
        return cells;
    }
}
