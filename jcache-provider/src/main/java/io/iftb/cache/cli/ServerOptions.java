package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.settings.CacheSetting;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The server options of every command. They override settings in all other places. */
final class ServerOptions {

    /** Where settings say that an option is, see {@link ErrorMessages}. */
    static final String IN_PLACE = " in the options of this command";

    private static final String EMBEDDED = "embedded:";

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = {
                "The server: redis://[user[:password]@]host[:port][/database], rediss:// for TLS,"
                        + " redis-sentinel://host:port,host:port/name, redis-cluster://host:port,host:port,"
                        + " redis+uds:///path/to/socket, embedded:/path/to/folder.",
                "Default: $IFTB_CACHE_REDIS_URI or the file in $IFTB_CACHE_CONFIG. Without these, a server is started that"
                        + " stores its data in the user's data folder."
            })
    private @Nullable String redis;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "A file with the password on its first line. Overrides a password in the URI, which"
                    + " overrides $IFTB_CACHE_REDIS_PASSWORD.")
    private @Nullable String passwordFile;

    @Option(
            names = "--namespace",
            paramLabel = "TEXT",
            description = "Prefix for every key. Default: $IFTB_CACHE_NAMESPACE or the file in"
                    + " $IFTB_CACHE_CONFIG, otherwise none.")
    private @Nullable String namespace;

    /** What this command says of the server, and its outer command beside that. */
    Properties given(Shell shell) {
        Properties given = new Properties();
        given.putAll(shell.options());
        if (redis != null) {
            given.remove(Setting.REDIS_PASSWORD_FILE.propertyName()); // it is for the server of the outer command
        }
        set(given, Setting.REDIS_URI, redis);
        set(given, Setting.REDIS_PASSWORD_FILE, passwordFile);
        set(given, Setting.NAMESPACE, namespace);
        return given;
    }

    /** Connects to the server from the options, the environment or a file, otherwise starts one. */
    ServerSession open(Shell shell) {
        return open(shell, new Properties());
    }

    /**
     * Connects like {@link #open(Shell)}.
     *
     * @param own what the command itself says; it goes before everything
     */
    ServerSession open(Shell shell, Properties own) {
        CacheSettings settings = settings(shell, own, null);
        FolderTurn turn = FolderTurn.at(settings.redisUri(), shell);
        try {
            MarketCaches caches = MarketCaches.open(settings);
            String folder = FolderTurn.folder(settings.redisUri());
            return new ServerSession(caches, folder.isEmpty() ? caches.server() : "'" + folder + "'", turn);
        } catch (RuntimeException e) {
            turn.close();
            throw e;
        }
    }

    /** The type of the values of a cache as the settings say it; any object if they do not, or of a domain cache. */
    Class<?> valueType(Shell shell, String cacheName) {
        if (DomainCache.named(cacheName).isPresent()) {
            return Object.class;
        }
        Class<?> type = withTypes(shell).caches().of(cacheName).valueType();
        return type == null ? Object.class : type;
    }

    /** The settings with the types of caches that they name, from the class path. */
    CacheSettings withTypes(Shell shell) {
        return settings(shell, new Properties(), ValueTypes.loader());
    }

    CacheSettings settings(Shell shell) {
        return settings(shell, new Properties(), null);
    }

    private CacheSettings settings(Shell shell, Properties own, @Nullable ClassLoader classLoader) {
        Properties options = given(shell);
        // a command that finds no server says so, whatever the programs on it do
        set(options, Setting.ON_UNAVAILABLE, "fail");
        for (DomainCache cache : DomainCache.values()) {
            options.setProperty(CacheSetting.ON_UNAVAILABLE.propertyName(cache.cacheName()), "fail");
        }
        options.putAll(own);
        return new SettingSources(System::getProperties, shell::variable)
                .orElse(Setting.REDIS_URI, EMBEDDED + dataFolder(shell))
                .resolve(options, IN_PLACE.substring(" in ".length()), null, classLoader);
    }

    private static String dataFolder(Shell shell) {
        return DataFolder.of(
                        shell.environment(), System.getProperty("user.home", "."), System.getProperty("os.name", ""))
                .toString();
    }

    private static void set(Properties options, Setting setting, @Nullable String value) {
        if (value != null) {
            options.setProperty(setting.propertyName(), value);
        }
    }
}
