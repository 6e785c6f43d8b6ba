package io.iftb.cache.settings;

import java.nio.file.Files;
import java.nio.file.Path;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** What several settings accept, or say. */
final class Accepted {

    static final String TIMEOUT = "a time of 1ms to 1h such as `500ms` or `5s`";
    static final String CLASSES =
            "names of classes or packages separated by commas, such as `com.acme.Order, com.acme.model.*`";
    static final String TYPE =
            "the name of a class such as `com.acme.Order`, `com.acme.Outer$Inner`, `String` or `byte[]`";

    private static final Pattern CLASS_OR_PACKAGE =
            Pattern.compile("[\\p{L}_$][\\p{L}\\p{N}_$]*(\\.[\\p{L}_$][\\p{L}\\p{N}_$]*)*(\\.\\*)?");

    /** How old something may be, at most. */
    static final String AGE = "a time of 1ms to 1d such as `500ms` or `10m`";

    /** For how long something holds. */
    static final String WINDOW = "a time of up to 30d such as `30s` or `10m`";

    private Accepted() {}

    /** @throws IllegalArgumentException if the text is blank */
    static String text(String value) {
        if (value.isBlank()) {
            throw new IllegalArgumentException("blank");
        }
        return value;
    }

    /** @throws IllegalArgumentException if the text is not the path of a readable file */
    static Path readable(String value) {
        Path file = Path.of(value);
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IllegalArgumentException("unreadable file");
        }
        return file;
    }

    /** @throws IllegalArgumentException if the text names anything but classes and packages */
    static String[] patterns(String value) {
        String[] patterns = parts(value);
        for (String pattern : patterns) {
            if (!CLASS_OR_PACKAGE.matcher(pattern).matches()) {
                throw new IllegalArgumentException("not a class or package");
            }
        }
        return patterns;
    }

    /** @throws IllegalArgumentException if the text names anything that this JVM does not know for TLS */
    static List<String> ofTls(String value, Function<SSLParameters, String[]> known) {
        List<String> names = List.of(parts(value));
        try {
            if (!List.of(known.apply(SSLContext.getDefault().getSupportedSSLParameters()))
                    .containsAll(names)) {
                throw new IllegalArgumentException("unknown");
            }
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalArgumentException("this JVM has no TLS", e);
        }
        return names;
    }

    private static String[] parts(String value) {
        return value.strip().split("\\s*,\\s*", -1);
    }
}
