package io.iftb.cache.cli;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Bars of a file that is not in order, sorted with little memory: sorted runs in a temporary file, which are merged. Of bars
 * with the same open time the last one counts. Not safe for use by several threads.
 */
final class SortedRuns implements Closeable {

    private static final int BAR_BYTES = 48;
    private static final int READ_BYTES = 64 * BAR_BYTES;

    private final Path file;
    private final FileChannel channel;
    private final List<Run> runs = new ArrayList<>();

    private SortedRuns(Path file, FileChannel channel) {
        this.file = file;
        this.channel = channel;
    }

    /** @throws CommandFailure if there can be no temporary file */
    static SortedRuns create() {
        try {
            Path file = Files.createTempFile("iftb-cache", ".bars");
            return new SortedRuns(
                    file,
                    FileChannel.open(
                            file,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE,
                            StandardOpenOption.DELETE_ON_CLOSE));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Adds bars that come after those of the runs before. */
    void add(BarSeries bars) {
        ByteBuffer buffer = ByteBuffer.allocate(bars.size() * BAR_BYTES);
        for (int i = 0; i < bars.size(); i++) {
            buffer.putLong(bars.openTime(i));
            buffer.putDouble(bars.open(i)).putDouble(bars.high(i)).putDouble(bars.low(i));
            buffer.putDouble(bars.close(i)).putDouble(bars.volume(i));
        }
        buffer.flip();
        try {
            long start = channel.size();
            for (long at = start; buffer.hasRemaining(); ) {
                at += channel.write(buffer, at);
            }
            runs.add(new Run(runs.size(), start, channel.size()));
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    /** Merges the runs. Gives each bar in order of time, and returns how many were replaced by later ones. */
    long merge(Consumer<OhlcvBar> target) {
        try {
            return merged(target);
        } catch (IOException e) {
            throw unusable(e);
        }
    }

    private long merged(Consumer<OhlcvBar> target) throws IOException {
        PriorityQueue<Run> next =
                new PriorityQueue<>(Comparator.comparingLong(Run::openTime).thenComparingInt(run -> run.number));
        for (Run run : runs) {
            run.advance();
            next.add(run);
        }
        long replaced = 0;
        OhlcvBar last = null;
        for (Run run = next.poll(); run != null; run = next.poll()) {
            OhlcvBar bar = run.bar;
            if (last != null && bar != null && last.openTime() == bar.openTime()) {
                replaced++;
            } else if (last != null) {
                target.accept(last);
            }
            last = bar;
            if (run.advance()) {
                next.add(run);
            }
        }
        if (last != null) {
            target.accept(last);
        }
        return replaced;
    }

    private static CommandFailure unusable(IOException cause) {
        if (cause instanceof ClosedByInterruptException) {
            return CommandFailure.trouble("interrupted while bars were sorted");
        }
        CommandFailure failure =
                CommandFailure.trouble("the file is not in order of time, and its bars cannot be sorted in '"
                        + System.getProperty("java.io.tmpdir") + "' ("
                        + cause.getClass().getSimpleName()
                        + "); make room there, or sort the file");
        failure.initCause(cause);
        return failure;
    }

    @Override
    public void close() {
        try {
            channel.close();
            Files.deleteIfExists(file);
        } catch (IOException e) {
            // it is in the folder for temporary files
        }
    }

    /** Bars of the file in order of time, and the one that comes next. */
    private final class Run {

        private final int number;
        private final long end;
        private final ByteBuffer buffer = ByteBuffer.allocate(READ_BYTES).flip();
        private long at;
        private @Nullable OhlcvBar bar;

        Run(int number, long start, long end) {
            this.number = number;
            this.at = start;
            this.end = end;
        }

        long openTime() {
            return bar == null ? Long.MAX_VALUE : bar.openTime();
        }

        /** Moves to the next bar; returns false at the end. */
        boolean advance() throws IOException {
            if (!buffer.hasRemaining()) {
                if (at == end) {
                    bar = null;
                    return false;
                }
                fill();
            }
            bar = new OhlcvBar(
                    buffer.getLong(),
                    buffer.getDouble(),
                    buffer.getDouble(),
                    buffer.getDouble(),
                    buffer.getDouble(),
                    buffer.getDouble());
            return true;
        }

        private void fill() throws IOException {
            buffer.clear().limit((int) Math.min(READ_BYTES, end - at));
            while (buffer.hasRemaining()) {
                int read = channel.read(buffer, at);
                if (read < 0) {
                    throw new EOFException(file + " was cut");
                }
                at += read;
            }
            buffer.flip();
        }
    }
}
