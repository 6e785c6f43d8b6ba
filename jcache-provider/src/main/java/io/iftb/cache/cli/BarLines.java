package io.iftb.cache.cli;

import io.iftb.cache.market.BarSeries;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Bars as lines of text: CSV or JSON. */
final class BarLines implements BarSink {

    private final OutputStream out;
    private final @Nullable NewFile file;
    private final Line line;

    /** How a bar is written. */
    interface Line {

        String of(BarSeries bars, int i);
    }

    private BarLines(OutputStream out, @Nullable NewFile file, Line line) {
        this.out = out;
        this.file = file;
        this.line = line;
    }

    /**
     * CSV.
     *
     * @param file to write to; null for standard output
     * @param span the open times of the first and the last bar at most, which say how times are written
     */
    static BarLines csv(OutputStream standard, @Nullable NewFile file, long[] span) throws IOException {
        boolean hasNumbers = span[0] > 0 && Moment.isSurelyMillis(Long.toString(span[0])) && Moment.areReadBack(span);
        BarLines lines = of(standard, file, (bars, i) -> BarText.csv(bars, i, hasNumbers));
        lines.write(BarText.HEADER);
        return lines;
    }

    /** JSON, see {@link BarText#json}. */
    static BarLines json(OutputStream standard, @Nullable NewFile file) {
        return of(standard, file, BarText::json);
    }

    private static BarLines of(OutputStream standard, @Nullable NewFile file, Line line) {
        return new BarLines(file == null ? standard : file.stream(), file, line);
    }

    @Override
    public void add(BarSeries bars) throws IOException {
        for (int i = 0; i < bars.size(); i++) {
            write(line.of(bars, i));
        }
    }

    private void write(String text) throws IOException {
        out.write((text + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    @Override
    public void complete() throws IOException {
        if (file == null) {
            out.flush();
        } else {
            file.complete();
        }
    }

    @Override
    public void close() throws IOException {
        if (file != null) {
            file.close();
        }
    }
}
