package io.iftb.cache.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The data folder of the server that the command line starts if you give no address. */
final class DataFolder {

    private DataFolder() {}

    /**
     * The folder {@code iftb-cache} in the user's data folder: {@code $XDG_DATA_HOME}, which is {@code ~/.local/share}
     * unless it is set to an absolute path, or {@code ~/Library/Application Support} on macOS.
     */
    static Path of(Map<String, String> environment, String home, String operatingSystem) {
        String xdg = environment.getOrDefault("XDG_DATA_HOME", "");
        if (!xdg.isEmpty() && Path.of(xdg).isAbsolute()) {
            return Path.of(xdg, Cli.NAME);
        }
        if (operatingSystem.toLowerCase(Locale.ROOT).startsWith("mac")) {
            return Path.of(home, "Library", "Application Support", Cli.NAME);
        }
        return Path.of(home, ".local", "share", Cli.NAME);
    }
}
