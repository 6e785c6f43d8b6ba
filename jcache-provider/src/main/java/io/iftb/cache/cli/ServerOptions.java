package io.iftb.cache.cli;

import io.iftb.cache.CacheSettings;
import io.iftb.cache.MarketCaches;
import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that say which server it works on. */
final class ServerOptions {

    static final String URI_VARIABLE = "IFTB_CACHE_REDIS_URI";
    static final String PASSWORD_VARIABLE = "IFTB_CACHE_REDIS_PASSWORD";
    static final String NAMESPACE_VARIABLE = "IFTB_CACHE_NAMESPACE";

    private static final String EMBEDDED = "embedded";

    @Option(
            names = "--redis",
            paramLabel = "URI",
            description = {
                "The server: redis://[user[:password]@]host[:port][/database], rediss:// for TLS,"
                        + " redis+uds:///path/to/socket, embedded:/path/to/folder.",
                "Default: $" + URI_VARIABLE
                        + ", else a server of its own that keeps its data in the user's data folder."
            })
    private @Nullable String redis;

    @Option(
            names = "--redis-password-file",
            paramLabel = "FILE",
            description = "A file with the password on its first line. Goes before one in the URI, and that before $"
                    + PASSWORD_VARIABLE + ".")
    private @Nullable Path passwordFile;

    @Option(
            names = "--namespace",
            paramLabel = "TEXT",
            description = "What stands in front of every key. Default: $" + NAMESPACE_VARIABLE + ", else nothing.")
    private @Nullable String namespace;

    /** Connects to the server that the options or the environment name, else starts one. */
    MarketCaches open(Shell shell) {
        return MarketCaches.open(settings(shell));
    }

    /** The server for people: its address without user and password, or the folder of the one that we started. */
    String name(Shell shell, MarketCaches caches) {
        String uri = uri(shell);
        return uri.startsWith(EMBEDDED + ":") ? "'" + uri.substring(EMBEDDED.length() + 1) + "'" : caches.server();
    }

    CacheSettings settings(Shell shell) {
        String uri = uri(shell);
        CacheSettings.Builder settings = CacheSettings.builder()
                .redisUri(uri)
                .namespace(namespace == null ? shell.variable(NAMESPACE_VARIABLE) : namespace);
        String password = password(shell, uri);
        if (password != null) {
            settings.password(password.toCharArray());
        }
        return settings.build();
    }

    private String uri(Shell shell) {
        String uri = redis == null ? shell.variable(URI_VARIABLE).strip() : redis;
        if (uri.isEmpty() && redis == null) {
            return EMBEDDED + ":"
                    + DataFolder.of(
                            shell.environment(),
                            System.getProperty("user.home", "."),
                            System.getProperty("os.name", ""));
        }
        if (uri.isBlank()) {
            throw CommandFailure.wrongUsage(
                    "the address of the server is empty; write one such as redis://127.0.0.1:6379");
        }
        if (!uri.startsWith(EMBEDDED) && uri.chars().anyMatch(Character::isWhitespace)) {
            throw CommandFailure.wrongUsage("the address of the server has a space in it; write it as %20");
        }
        return uri;
    }

    private @Nullable String password(Shell shell, String uri) {
        if (passwordFile != null) {
            return firstLine(passwordFile);
        }
        boolean needsNone = uri.startsWith(EMBEDDED) || uri.matches("[^:]*://[^:]*:.*@.*");
        String password = shell.variable(PASSWORD_VARIABLE);
        return needsNone || password.isEmpty() ? null : password;
    }

    private static String firstLine(Path file) {
        try {
            String text = Files.readString(file);
            String line = text.lines().findFirst().orElse("");
            if (line.isEmpty()) {
                throw CommandFailure.wrongUsage(
                        "the password file '" + file + "' has an empty first line; put it there");
            }
            return line;
        } catch (CharacterCodingException e) {
            throw unreadable(file, "it is not UTF-8 text", e);
        } catch (IOException e) {
            throw unreadable(file, Files.exists(file) ? "check its permissions" : "there is no such file", e);
        }
    }

    private static CommandFailure unreadable(Path file, String why, IOException cause) {
        CommandFailure failure = CommandFailure.wrongUsage("the password file '" + file + "' cannot be read: " + why);
        failure.initCause(cause);
        return failure;
    }
}
