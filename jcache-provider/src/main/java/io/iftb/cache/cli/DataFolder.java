package io.iftb.cache.cli;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;

/** The folders of the user: for the data of the server that the command line starts, and for what you wrote in its shell. */
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

    /** The file of former lines of the shell, in the user's folder for such: {@code $XDG_STATE_HOME} or {@code ~/.local/state}. */
    static Path history(Map<String, String> environment, String home) {
        String xdg = environment.getOrDefault("XDG_STATE_HOME", "");
        Path folder = !xdg.isEmpty() && Path.of(xdg).isAbsolute() ? Path.of(xdg) : Path.of(home, ".local", "state");
        return folder.resolve(Cli.NAME).resolve("history");
    }
}
