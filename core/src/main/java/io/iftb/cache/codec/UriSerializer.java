package io.iftb.cache.codec;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.serializers.ImmutableSerializer;
import java.net.URI;
import java.util.Locale;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A URI as its text. In keys, equal ones have the same text: {@code equals} ignores the case of scheme, host and escapes. */
final class UriSerializer extends ImmutableSerializer<URI> {

    private static final Pattern ESCAPE = Pattern.compile("%[0-9A-Fa-f]{2}");

    @Override
    public void write(Kryo kryo, Output output, URI uri) {
        output.writeString(((GraphKryo) kryo).isKey() ? normal(uri) : uri.toString());
    }

    @Override
    public URI read(Kryo kryo, Input input, Class<? extends URI> type) {
        return URI.create(LeafSerializer.text((BoundedInput) input));
    }

    private static String normal(URI uri) {
        StringBuilder text = new StringBuilder();
        add(text, "", lowerCase(uri.getScheme()), ":");
        if (uri.isOpaque()) {
            add(text, "", uri.getRawSchemeSpecificPart(), "");
        } else {
            String authority = authority(uri);
            String path = uri.getRawPath();
            add(text, "//", authority == null && path.startsWith("//") ? "" : authority, "");
            add(text, "", path, "");
            add(text, "?", uri.getRawQuery(), "");
        }
        add(text, "#", uri.getRawFragment(), "");
        return ESCAPE.matcher(text).replaceAll(escape -> escape.group().toUpperCase(Locale.ROOT));
    }

    private static @Nullable String authority(URI uri) {
        String host = uri.getHost();
        if (host == null) {
            return uri.getRawAuthority();
        }
        StringBuilder text = new StringBuilder();
        add(text, "", uri.getRawUserInfo(), "@");
        text.append(lowerCase(host));
        return uri.getPort() < 0
                ? text.toString()
                : text.append(':').append(uri.getPort()).toString();
    }

    private static @Nullable String lowerCase(@Nullable String text) {
        return text == null ? null : text.toLowerCase(Locale.ROOT);
    }

    private static void add(StringBuilder text, String before, @Nullable String part, String after) {
        if (part != null) {
            text.append(before).append(part).append(after);
        }
    }
}
