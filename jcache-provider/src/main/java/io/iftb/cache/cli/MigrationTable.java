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
        out.println("\n" + Printable.count(found, "entry", "entries") + (plan.isDry() ? " looked at" : " copied")
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

    private static String[] cells(MigrationCount count) {
        return Stream.concat(
                        Stream.of(Printable.text(count.kind())),
                        Arrays.stream(Fate.values()).map(fate -> Printable.count(count.of(fate))))
                .toArray(String[]::new);
    }
}
