package io.iftb.cache.benchmarks.measure;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.function.Consumer;

/** Reads the names of RESP commands from the bytes that a client sends, in buffers of any size. */
final class RespCommandReader {

    private final Consumer<String> commands;
    private final StringBuilder text = new StringBuilder();
    private Expected expected = Expected.ARRAY;
    private int arguments;
    private int left;
    private boolean first;

    private enum Expected {
        /** the line with the number of arguments */
        ARRAY,
        /** the line with the length of an argument */
        LENGTH,
        /** an argument */
        ARGUMENT
    }

    /** @param commands receives the name of each command in upper case */
    RespCommandReader(Consumer<String> commands) {
        this.commands = commands;
    }

    /** Reads the next bytes; does not change the buffer. */
    void read(ByteBuffer buffer) {
        ByteBuffer bytes = buffer.duplicate();
        while (bytes.hasRemaining()) {
            if (expected == Expected.ARGUMENT) {
                argument(bytes);
            } else {
                line(bytes.get());
            }
        }
    }

    private void line(byte next) {
        if (next != '\n') {
            text.append((char) next);
            return;
        }
        int number = Integer.parseInt(text.substring(1).strip());
        text.setLength(0);
        if (expected == Expected.ARRAY) {
            arguments = number;
            first = true;
            expected = Expected.LENGTH;
        } else {
            left = number + 2;
            expected = Expected.ARGUMENT;
        }
    }

    private void argument(ByteBuffer bytes) {
        int now = Math.min(left, bytes.remaining());
        if (first) {
            text.append(StandardCharsets.US_ASCII.decode(bytes.slice(bytes.position(), now)));
        }
        bytes.position(bytes.position() + now);
        left -= now;
        if (left > 0) {
            return;
        }
        if (first) {
            commands.accept(text.toString().strip().toUpperCase(Locale.ROOT));
            text.setLength(0);
            first = false;
        }
        arguments--;
        expected = arguments > 0 ? Expected.LENGTH : Expected.ARRAY;
    }
}
