package io.iftb.cache.cli;

import java.io.Closeable;
import java.io.IOException;
import java.io.Reader;
import org.jspecify.annotations.Nullable;

/** Reads lines, which end in LF, CRLF or CR, without ever holding more than the start of a very long one. */
final class LineReader implements Closeable {

    /** The longest line that is read whole, in characters. */
    static final int LONGEST = 65_536;

    private static final int NONE = -1;

    private final Reader reader;
    private final char[] buffer = new char[1 << 14];
    private final StringBuilder line = new StringBuilder();
    private int at;
    private int end;
    private long number;
    private boolean cut;

    LineReader(Reader reader) {
        this.reader = reader;
    }

    /** The next line, without its end; null if there is none. Of a line that is too long, its start. */
    @Nullable
    String next() throws IOException {
        line.setLength(0);
        cut = false;
        int character = read();
        if (character == NONE) {
            return null;
        }
        number++;
        while (character != NONE && character != '\n' && character != '\r') {
            if (line.length() < LONGEST) {
                line.append((char) character);
            } else {
                cut = true;
            }
            character = read();
        }
        if (character == '\r' && read() != '\n') {
            at -= end > 0 ? 1 : 0;
        }
        return line.toString();
    }

    private int read() throws IOException {
        if (at >= end) {
            end = Math.max(0, reader.read(buffer, 0, buffer.length));
            at = 0;
            if (end == 0) {
                return NONE;
            }
        }
        return buffer[at++];
    }

    /** The number of the last line, from 1. */
    long number() {
        return number;
    }

    /** Whether the last line was longer than {@link #LONGEST}. */
    boolean isCut() {
        return cut;
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
