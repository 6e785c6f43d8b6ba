package io.iftb.cache.codec;

import com.esotericsoftware.kryo.io.Output;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Writes one payload.
 *
 * <p>Text is a varint and bytes. 0 is null. 1 is followed by a count and that many chars, for text with a lone surrogate,
 * which UTF-8 cannot encode. Any other number is 2 more than the count of UTF-8 bytes that follow.
 */
final class GraphOutput extends Output {

    static final int NULL_TEXT = 0;
    static final int CHARS_TEXT = 1;
    static final int UTF8_TEXT = 2;

    private static final int FIRST_CAPACITY = 256;

    GraphOutput(int maxBytes) {
        super(Math.min(FIRST_CAPACITY, maxBytes), maxBytes);
    }

    /** An empty output with the same limit. */
    GraphOutput another() {
        return new GraphOutput(maxCapacity);
    }

    @Override
    public void writeString(@Nullable String text) {
        if (text == null) {
            writeVarInt(NULL_TEXT, true);
        } else if (hasLoneSurrogate(text)) {
            writeVarInt(CHARS_TEXT, true);
            writeVarInt(text.length(), true);
            writeChars(text.toCharArray(), 0, text.length());
        } else {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            writeVarInt(UTF8_TEXT + utf8.length, true);
            writeBytes(utf8);
        }
    }

    private static boolean hasLoneSurrogate(String text) {
        for (int i = 0; i < text.length(); i++) {
            if (Character.isSurrogate(text.charAt(i))) {
                if (!Character.isSupplementaryCodePoint(text.codePointAt(i))) {
                    return true;
                }
                i++;
            }
        }
        return false;
    }
}
