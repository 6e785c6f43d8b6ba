package io.iftb.cache.settings;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URL;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file of settings, named by a URI: {@code file:/etc/bot/iftb-cache.yaml}, {@code file:iftb-cache.yaml} in the
 * working directory, {@code classpath:iftb-cache.yaml}, or {@code jar:…}, the form in which Spring hands over a resource
 * in a jar.
 */
final class SettingFile {

    private static final Set<String> SCHEMES = Set.of("file", "classpath", "jar");
    private static final int MAX_BYTES = 1 << 20;

    private SettingFile() {}

    /** Whether a URI names a file. */
    static boolean isNamedBy(URI uri) {
        return uri.getScheme() != null && SCHEMES.contains(uri.getScheme().toLowerCase(Locale.ROOT));
    }

    /**
     * The settings in a file by their names, in the order of the file.
     *
     * @param config the URI of the file
     * @param classLoader finds a resource of the class path, else the thread's context loader does
     * @throws SettingException if there is no such file, or it is not UTF-8, or not YAML, or has a setting twice
     */
    static Map<String, SettingValue> read(SettingValue config, @Nullable ClassLoader classLoader) {
        String shown = Setting.masked(config.value());
        try (InputStream in = open(uri(config), classLoader)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new SettingException("Settings in " + shown + " are longer than " + MAX_BYTES
                        + " bytes; give a file that holds only settings");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new YamlSettings(shown).parse(text);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new SettingException(
                    "There is no file " + shown + ", which " + config.place() + " names; accepted is a readable"
                            + " YAML file as file:/path/to/file or classpath:path/to/resource",
                    e);
        } catch (CharacterCodingException e) {
            throw new SettingException("Settings in " + shown + " are not text in UTF-8", e);
        } catch (SettingException e) {
            throw e;
        } catch (IOException | IllegalArgumentException e) {
            throw new SettingException(
                    "Settings in " + shown + ", which " + config.place() + " names, cannot be read: " + e, e);
        }
    }

    private static URI uri(SettingValue config) {
        try {
            URI uri = URI.create(config.value().strip());
            if (isNamedBy(uri)) {
                return uri;
            }
        } catch (IllegalArgumentException e) {
            // refused below
        }
        throw config.refused(Setting.CONFIG.propertyName(), config.shown(), Setting.CONFIG.accepted());
    }

    private static InputStream open(URI uri, @Nullable ClassLoader classLoader) throws IOException {
        if (uri.getScheme().equalsIgnoreCase("classpath")) {
            String path = uri.getSchemeSpecificPart().replaceFirst("^/+", "");
            return fresh(resource(path, classLoader));
        }
        if (uri.getScheme().equalsIgnoreCase("file")) {
            return Files.newInputStream(uri.isOpaque() ? Path.of(uri.getSchemeSpecificPart()) : Path.of(uri));
        }
        return fresh(uri.toURL());
    }

    /** Goes around the cache of jars, which would keep the file open and give its old content. */
    private static InputStream fresh(URL url) throws IOException {
        var connection = url.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    private static URL resource(String path, @Nullable ClassLoader classLoader) throws FileNotFoundException {
        URL url = classLoader == null ? null : classLoader.getResource(path);
        @Nullable ClassLoader context = Thread.currentThread().getContextClassLoader();
        if (url == null && context != null) {
            url = context.getResource(path);
        }
        if (url == null) {
            throw new FileNotFoundException(path);
        }
        return url;
    }
}
