package io.iftb.cache.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.iftb.cache.cli.MigrationPlan.OldKeys;
import io.iftb.cache.codec.KryoCodec;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.settings.CacheOptions;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.NamedCache;
import io.iftb.cache.store.Keys;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Moves entries from another layout. */
@Command(
        name = "migrate",
        mixinStandardHelpOptions = true,
        description = {
            "Copies entries of another layout into this one, while programs go on. From python: JSON under"
                    + " ohlcv:SYMBOL:TF:TIME, ticker:SYMBOL, funding:SYMBOL, fear_greed, llm:TYPE:HASH. From redisson: a cache"
                    + " of Redisson's own JCache provider, to the cache of the same name.",
            "It stores what the new layout does not have, with what is left of each lifetime; what is there stays. Then it reads"
                    + " back and compares. So you can begin it again at any time, and again while bots move one after the"
                    + " other. Bars that are still open are left for a later run; entries that are there take no updates, and"
                    + " those that differ are named (tickers are only counted).",
            "The old keys stay, unless you give --delete-old and --yes: then those are removed whose values were read back"
                    + " equal, end no earlier in the new layout, and have not changed since.",
            "Tickers, funding rates, fear_greed and analyses have keys of the same names in both layouts, in another format. So"
                    + " they are left out, unless the new ones go to another --namespace, which Python bots do not read.",
            "Of Redisson's codecs, those are read whose bytes do not decide which classes run here: Kryo5Codec (its default) for"
                    + " values of the JDK and classes that the settings trust (their jar on the class path), StringCodec, and"
                    + " JsonJacksonCodec for plain data. What is left, a program of yours can copy (core/guide/RECIPES.md)."
        },
        footer = {
            "",
            "Examples:",
            "  iftb-cache migrate python --namespace java --dry-run --report complaints.jsonl",
            "  iftb-cache migrate python --namespace java --resume migration.json",
            "  iftb-cache migrate python --namespace java --delete-old --yes",
            "  iftb-cache migrate redisson --cache orders --key-type Long --codec kryo5",
            "",
            "JSON: server, dryRun, deleted (whether removed keys were removed, not only counted), kinds: a list of objects with"
                    + " kind, found, unreadable, equal (read back), different (the new layout's stayed), open (bars, left"
                    + " out), gone, lost, removed; others (keys), leftOut, refused, complaints: a list of objects with key,"
                    + " reason; millis."
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
            description =
                    "What the names of all old keys begin with, such as bot: with its colon; of Redisson, what a name mapper"
                            + " puts in front. Default: nothing.")
    private String prefix = "";

    @Option(names = "--cache", paramLabel = "NAME", description = "The cache of Redisson.")
    private @Nullable String cache;

    @Option(
            names = "--codec",
            paramLabel = "CODEC",
            description = "The codec of Redisson: ${COMPLETION-CANDIDATES}. Default: kryo5.")
    private @Nullable RedissonCodec codec;

    @Option(
            names = "--key-type",
            paramLabel = "CLASS",
            description =
                    "The class of the keys for which the new cache is configured, since it says how they are stored."
                            + " Default: as the settings say, otherwise String.")
    private @Nullable String keyType;

    @Option(
            names = "--type",
            paramLabel = "CLASS",
            description = "The class of the values. Default: as the settings say, otherwise any of the JDK.")
    private @Nullable String type;

    @Option(names = "--dry-run", description = "Only read: store nothing, remove nothing, and say what cannot be read.")
    private boolean dryRun;

    @Option(
            names = "--delete-old",
            description = "Remove the old keys whose values have arrived; without --yes they are only counted.")
    private boolean deleteOld;

    @Option(names = "--yes", description = "With --delete-old: remove them.")
    private boolean yes;

    @Option(
            names = "--resume",
            paramLabel = "FILE",
            description =
                    "Keep in this file how far it has come, and go on from there if the file exists. It is deleted at"
                            + " the end.")
    private @Nullable Path resume;

    @Option(
            names = ComplaintFile.OPTION,
            paramLabel = "FILE",
            description =
                    "Write what has not arrived to this file, not the first ten only: a line of JSON each, with key and"
                            + " reason, as soon as it is found. With --resume it goes on in the file that it has begun.")
    private @Nullable Path report;

    @Option(names = "--force", description = "Replace the file of --report if it is there.")
    private boolean force;

    /** What was done when the last batch had been moved. */
    private Map<String, @Nullable Object> reached = Map.of();

    /** Whether the file of --resume is of this run. */
    private boolean isFileNew;

    /** Another layout. */
    enum From {
        /** JSON under keys of its own for each bar */
        PYTHON,
        /** a cache of Redisson's own provider */
        REDISSON;

        static From parse(String text) {
            return Choice.parse(From.class, "layout", text);
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
        requireOptions();
        OldKeys old = !deleteOld ? OldKeys.KEPT : yes ? OldKeys.REMOVED : OldKeys.COUNTED;
        long start = System.nanoTime();
        try (ServerSession session = server.open(shell)) {
            String namespace = server.settings(shell).namespace();
            ResumeFile file = resume == null ? null : resumeFile(resume, session, namespace, old);
            JsonNode kept = file == null ? null : file.read();
            try (ComplaintFile all = report == null ? null : ComplaintFile.open(report, force, kept != null)) {
                MigrationPlan plan = new MigrationPlan(prefix, dryRun, old, all);
                Migration migration = from == From.PYTHON
                        ? new PythonMigration(session.caches(), plan, new Keys(namespace).plain(""))
                        : redisson(session, plan);
                if (kept != null) {
                    migration.resume(kept);
                } else if (file != null && all != null) {
                    file.write(Map.of()); // so that the same command goes on with both files, however soon it is killed
                    isFileNew = true;
                }
                run(migration, file, all);
                if (all != null) {
                    all.done();
                }
                print(migration.report(), plan, session, Duration.ofNanos(System.nanoTime() - start));
                if (file != null) {
                    file.delete();
                }
                return migration.report().refused() == 0 ? ExitStatus.DONE : ExitStatus.PARTLY_REFUSED;
            }
        }
    }

    private void requireOptions() {
        if (force && report == null) {
            throw CommandFailure.wrongUsage("--force is for --report; add that, or leave --force out");
        }
        if (report != null && resume != null && absolute(report).equals(absolute(resume))) {
            throw CommandFailure.wrongUsage("--report and --resume name one file; give each its own");
        }
        boolean isOfRedisson = cache != null || codec != null || keyType != null || type != null;
        if (from == From.PYTHON && isOfRedisson) {
            throw CommandFailure.wrongUsage("--cache, --codec, --key-type and --type are for migrate redisson");
        }
        if (from == From.REDISSON && (cache == null || cache.isBlank())) {
            throw CommandFailure.wrongUsage("no cache is named; write migrate redisson --cache NAME");
        }
    }

    private static Path absolute(Path path) {
        return path.toAbsolutePath().normalize();
    }

    private Migration redisson(ServerSession session, MigrationPlan plan) {
        String name = String.valueOf(cache);
        CacheSettings settings = server.withTypes(shell);
        DomainCache domain = DomainCache.named(name).orElse(null);
        if (domain != null) {
            return redisson(session, plan, settings.options(name, domain.keyType(), domain.valueType()), settings);
        }
        NamedCache named = settings.caches().of(name);
        Class<?> keys = keyType != null ? ValueTypes.named(keyType) : orElse(named.keyType(), String.class);
        Class<?> values = type != null ? ValueTypes.named(type) : orElse(named.valueType(), Object.class);
        return redisson(session, plan, settings.options(name, keys, values), settings);
    }

    private static Class<?> orElse(@Nullable Class<?> type, Class<?> other) {
        return type == null ? other : type;
    }

    private <K, V> Migration redisson(
            ServerSession session, MigrationPlan plan, CacheOptions<K, V> options, CacheSettings settings) {
        KryoCodec.Builder trusting =
                KryoCodec.builder().classLoader(ValueTypes.loader()).trust(options.keyType(), options.valueType());
        settings.trusted().forEach(trusting::trust);
        options.trusted().forEach(trusting::trust);
        RedissonCodec.Reader reader = (codec == null ? RedissonCodec.KRYO5 : codec).reader(trusting.build());
        return new RedissonMigration<>(
                session.caches().maintenance(), session.caches().backend(options), reader, plan);
    }

    private ResumeFile resumeFile(Path file, ServerSession session, String namespace, OldKeys old) {
        String of = (cache == null ? "keys '" + prefix + "*'" : "cache '" + prefix + cache + "' of Redisson" + types())
                + " to namespace '" + namespace + "' in database "
                + session.caches().maintenance().database() + " on "
                + session.name()
                + (dryRun ? " (dry run)" : "") + ", old keys " + old.name().toLowerCase(Locale.ROOT)
                + (report == null ? "" : ", with its report in '" + report + "'");
        return new ResumeFile(file, "migrate", of);
    }

    /** How what is stored there is read. */
    private String types() {
        return (codec == null ? "" : " by " + codec)
                + (keyType == null ? "" : " with keys " + keyType)
                + (type == null ? "" : " with values " + type);
    }

    private void run(Migration migration, @Nullable ResumeFile file, @Nullable ComplaintFile all) {
        try {
            migration.run(shell, () -> {
                if (file != null) {
                    reached = migration.state();
                    file.writeSometimes(() -> reached);
                }
            });
        } catch (RuntimeException e) {
            keep(file, all, e);
            throw e;
        }
    }

    /** Keeps how far it has come before the batch that failed, and no file if it has come nowhere. */
    private void keep(@Nullable ResumeFile file, @Nullable ComplaintFile all, RuntimeException why) {
        try {
            if (file != null && !reached.isEmpty()) {
                file.write(reached);
            } else if (file != null && isFileNew && (all == null || all.length() == 0)) {
                file.delete();
            }
        } catch (CommandFailure e) {
            why.addSuppressed(e);
        }
    }

    private void print(MigrationReport found, MigrationPlan plan, ServerSession session, Duration took) {
        if (json.isWanted()) {
            Map<String, @Nullable Object> document = Json.object();
            document.put("server", session.caches().server());
            document.put("dryRun", dryRun);
            document.put("deleted", plan.old() == OldKeys.REMOVED && !dryRun);
            document.putAll(found.document());
            document.put("millis", took.toMillis());
            JsonOption.print(shell, document);
        } else {
            MigrationTable.print(found, plan, took, shell.out());
        }
        shell.out().flush();
        MigrationTable.complain(found, plan, shell.err());
    }
}
