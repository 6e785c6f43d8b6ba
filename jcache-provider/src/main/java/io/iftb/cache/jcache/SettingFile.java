package io.iftb.cache.jcache;

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
import javax.cache.CacheException;
import org.jspecify.annotations.Nullable;

/**
 * A YAML file of settings, named by the URI of a cache manager: {@code file:/etc/bot/iftb-cache.yaml}, {@code
 * file:iftb-cache.yaml} in the working directory, {@code classpath:iftb-cache.yaml}, or {@code jar:…}, as which Spring
 * hands over a resource in a jar.
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
     * @param classLoader finds a resource of the class path, else the thread's context loader does
     * @throws CacheException if there is no such file, or it is not UTF-8, or not YAML, or has a setting twice
     */
    static Map<String, Found> read(URI uri, ClassLoader classLoader) {
        String shown = Setting.masked(uri.toString());
        try (InputStream in = open(uri, classLoader)) {
            byte[] bytes = in.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw new CacheException("Settings in " + shown + " are longer than " + MAX_BYTES + " bytes");
            }
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return new YamlSettings(shown).parse(text);
        } catch (FileNotFoundException | NoSuchFileException e) {
            throw new CacheException(
                    "There is no file " + shown + ", which the URI of the cache manager names; accepted is a readable"
                            + " YAML file as file:/path/to/file or classpath:path/to/resource",
                    e);
        } catch (CharacterCodingException e) {
            throw new CacheException("Settings in " + shown + " are not text in UTF-8", e);
        } catch (IOException | IllegalArgumentException e) {
            throw new CacheException(
                    "Settings in " + shown + ", which the URI of the cache manager names, cannot be read: " + e, e);
        }
    }

    private static InputStream open(URI uri, ClassLoader classLoader) throws IOException {
        if (uri.getScheme().equalsIgnoreCase("classpath")) {
            String path = uri.getSchemeSpecificPart().replaceFirst("^/+", "");
            return fresh(resource(path, classLoader));
        }
        if (uri.getScheme().equalsIgnoreCase("file")) {
            return Files.newInputStream(uri.isOpaque() ? Path.of(uri.getSchemeSpecificPart()) : Path.of(uri));
        }
        return fresh(uri.toURL());
    }

    /** Around the cache of jars, which would keep the file open and an old state of it. */
    private static InputStream fresh(URL url) throws IOException {
        var connection = url.openConnection();
        connection.setUseCaches(false);
        return connection.getInputStream();
    }

    private static URL resource(String path, ClassLoader classLoader) throws FileNotFoundException {
        URL url = classLoader.getResource(path);
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
