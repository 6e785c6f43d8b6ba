package io.iftb.cache.cli;

import io.iftb.cache.cli.MigrationCount.Fate;
import io.iftb.cache.cli.MigrationPlan.OldKeys;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.stream.Stream;

/** What a migration has done, for people. */
final class MigrationTable {

    private MigrationTable() {}

    static void print(MigrationReport report, MigrationPlan plan, Duration took, PrintStream out) {
        String[] head = Stream.concat(
                        Stream.of("kind"), Arrays.stream(Fate.values()).map(fate -> ">" + fate.field()))
                .toArray(String[]::new);
        TextTable table = new TextTable(head);
        report.counts().forEach(each -> table.row(cells(each)));
        table.print(out);
        long found = report.sum(Fate.FOUND);
        String arrived =
                plan.isDry() ? "" : ", " + Printable.count(report.sum(Fate.EQUAL)) + " equal in the new layout,";
        out.println("\n" + Printable.count(found, "entry", "entries") + " read" + arrived
                + " in " + Printable.count(took.toMillis()) + " ms"
                + (report.others() == 0
                        ? ""
                        : "; " + Printable.count(report.others(), "other key", "other keys") + " left alone"));
        if (report.leftOut() > 0) {
            out.println(Printable.count(report.leftOut(), "key has", "keys have")
                    + " the same name in both layouts, left out; give another --namespace for the new one");
        }
        if (plan.isDry()) {
            out.println("nothing was stored; leave --dry-run out to do it");
        } else if (plan.old() == OldKeys.COUNTED) {
            out.println(Printable.count(report.sum(Fate.REMOVED), "old entry", "old entries")
                    + " would be removed; add --yes to do it");
        }
    }

    /** Names the first that have not arrived, and says where the others are. */
    static void complain(MigrationReport report, MigrationPlan plan, PrintStream err) {
        report.complaints().forEach(each -> err.println(Printable.text(each.key() + ": " + each.reason())));
        if (report.refused() > 0) {
            String all = plan.complaints() != null
                    ? "; '" + plan.complaints() + "' has each with its reason"
                    : report.refused() > MigrationReport.MOST_COMPLAINTS
                            ? "; " + ComplaintFile.OPTION + " FILE writes each with its reason"
                            : "";
            err.println(Printable.text(
                    Cli.NAME + ": " + Printable.count(report.refused(), "entry has", "entries have") + " not arrived; "
                            + (report.refused() == 1 ? "it stays" : "they stay") + " in the old layout" + all));
        }
    }

    private static String[] cells(MigrationCount count) {
        return Stream.concat(
                        Stream.of(Printable.text(count.kind())),
                        Arrays.stream(Fate.values()).map(fate -> Printable.count(count.of(fate))))
                .toArray(String[]::new);
    }
}
