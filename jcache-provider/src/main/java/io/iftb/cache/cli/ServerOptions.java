package io.iftb.cache.cli;

import io.iftb.cache.MarketCaches;
import io.iftb.cache.settings.CacheSettings;
import io.iftb.cache.settings.Setting;
import io.iftb.cache.settings.SettingSources;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that say which server it works on; they go before the settings of all other places. */
final class ServerOptions {

    private static final String EMBEDDED = "embedded:";

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = {
                "The server: redis://[user[:password]@]host[:port][/database], rediss:// for TLS,"
                        + " redis+uds:///path/to/socket, embedded:/path/to/folder.",
                "Default: $IFTB_CACHE_REDIS_URI or the file that $IFTB_CACHE_CONFIG names, else a server of its own that"
                        + " keeps its data in the user's data folder."
            })
    private @Nullable String redis;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "A file with the password on its first line. Goes before one in the URI, and that before"
                    + " $IFTB_CACHE_REDIS_PASSWORD.")
    private @Nullable String passwordFile;

    @Option(
            names = "--namespace",
            paramLabel = "TEXT",
            description = "Goes in front of every key. Default: $IFTB_CACHE_NAMESPACE, else nothing.")
    private @Nullable String namespace;

    /** Connects to the server that the options, the environment or a file name, else starts one. */
    MarketCaches open(Shell shell) {
        return MarketCaches.open(settings(shell));
    }

    /** The server for people: its address without user and password, or the folder of the one that we started. */
    String name(Shell shell, MarketCaches caches) {
        String uri = settings(shell).redisUri();
        return uri.startsWith(EMBEDDED) ? "'" + uri.substring(EMBEDDED.length()) + "'" : caches.server();
    }

    CacheSettings settings(Shell shell) {
        Properties options = new Properties();
        set(options, Setting.REDIS_URI, redis);
        set(options, Setting.REDIS_PASSWORD_FILE, passwordFile);
        set(options, Setting.NAMESPACE, namespace);
        return new SettingSources(System::getProperties, shell::variable)
                .orElse(Setting.REDIS_URI, EMBEDDED + dataFolder(shell))
                .resolve(options, "the options of this command", null, null);
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
