package io.iftb.cache.redis;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A Lua script, called by its hash. If the server does not know the hash, the source is sent.
 *
 * @param name its name in messages
 * @param text its source
 * @param sha1 the SHA-1 hash of its source, as the server computes it
 */
public record Script(String name, String text, String sha1) {

    /**
     * Loads a script from resources. The first lines of each resource name its arguments.
     *
     * @param owner a class in the package of the resources
     * @param resources names of the files, joined in this order; the last one is the name of the script
     */
    public static Script load(Class<?> owner, String... resources) {
        StringBuilder text = new StringBuilder();
        for (String resource : resources) {
            text.append(read(owner, resource)).append('\n');
        }
        return of(resources[resources.length - 1], text.toString());
    }

    /** A script of that name and source. */
    public static Script of(String name, String text) {
        return new Script(name, text, sha1(text));
    }

    private static String read(Class<?> owner, String resource) {
        try (InputStream in = owner.getResourceAsStream(resource)) {
            if (in == null) {
                throw new IllegalStateException("script " + resource + " is missing beside " + owner.getName());
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String sha1(String text) {
        try {
            return HexFormat.of()
                    .formatHex(MessageDigest.getInstance("SHA-1").digest(text.getBytes(StandardCharsets.UTF_8)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
