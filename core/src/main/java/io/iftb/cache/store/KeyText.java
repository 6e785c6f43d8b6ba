package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/** The text of a part of a key on the server, escaped as {@link Keys} says. */
final class KeyText {

    private static final String UNSAFE = ":*?[]{}\\%";
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private KeyText() {}

    static String escape(String text) {
        if (isSafe(text)) {
            return text;
        }
        StringBuilder escaped = new StringBuilder(text.length() + 16);
        text.codePoints().forEach(point -> {
            if (isSafe(point)) {
                escaped.append((char) point);
            } else if (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE) {
                escaped.append("%u").append(HEX.toHexDigits((char) point));
            } else {
                for (byte octet : Character.toString(point).getBytes(StandardCharsets.UTF_8)) {
                    escaped.append('%').append(HEX.toHexDigits(octet));
                }
            }
        });
        return escaped.toString();
    }

    /** @throws CorruptValueException if the text is not one that {@link #escape} made */
    static String unescape(String escaped) {
        StringBuilder text = new StringBuilder(escaped.length());
        try {
            for (int at = 0; at < escaped.length(); ) {
                if (escaped.charAt(at) != '%') {
                    text.append(escaped.charAt(at++));
                } else if (escaped.charAt(at + 1) == 'u') {
                    text.append((char) HexFormat.fromHexDigits(escaped, at + 2, at + 6));
                    at += 6;
                } else {
                    at = octets(escaped, at, text);
                }
            }
        } catch (IndexOutOfBoundsException | IllegalArgumentException | CharacterCodingException e) {
            throw new CorruptValueException("key '" + escaped + "' is not a key that this library writes", e);
        }
        if (!escape(text.toString()).equals(escaped)) {
            throw new CorruptValueException("key '" + escaped + "' is not a key that this library writes");
        }
        return text.toString();
    }

    private static int octets(String escaped, int from, StringBuilder text) throws CharacterCodingException {
        ByteArrayOutputStream octets = new ByteArrayOutputStream();
        int at = from;
        while (at < escaped.length() && escaped.charAt(at) == '%' && escaped.charAt(at + 1) != 'u') {
            octets.write(HexFormat.fromHexDigits(escaped, at + 1, at + 3));
            at += 3;
        }
        text.append(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(octets.toByteArray())));
        return at;
    }

    private static boolean isSafe(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (!isSafe(text.charAt(i))) {
                return false;
            }
        }
        return true;
    }

    private static boolean isSafe(int character) {
        return character > ' ' && character < 0x7F && UNSAFE.indexOf(character) < 0;
    }
}
