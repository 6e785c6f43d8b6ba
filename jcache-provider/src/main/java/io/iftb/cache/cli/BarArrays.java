package io.iftb.cache.cli;

import io.iftb.cache.market.BarField;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.SeriesKey;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Bars as one NumPy array for each column in a folder: {@code timestamp.npy} of 64-bit integers, the others of doubles, all
 * little-endian. {@value #SCHEMA} describes them, and is there only if all are complete.
 */
final class BarArrays implements BarSink {

    static final String SCHEMA = "schema.json";

    private static final String TIME = "timestamp";
    private static final int HEADER_BYTES = 128;

    private final Path folder;
    private final SeriesKey series;
    private final List<NewFile> files = new ArrayList<>();
    private long rows;

    private BarArrays(Path folder, SeriesKey series) {
        this.folder = folder;
        this.series = series;
    }

    /** Begins the arrays of a series in a folder. */
    static BarArrays create(Path folder, SeriesKey series) throws IOException {
        BarArrays arrays = new BarArrays(folder, series);
        try {
            for (String column : columns()) {
                NewFile file = NewFile.create(folder.resolve(column + ".npy"));
                arrays.files.add(file);
                file.stream().write(new byte[HEADER_BYTES]);
            }
            return arrays;
        } catch (IOException e) {
            arrays.close();
            throw e;
        }
    }

    /** The names of the columns. */
    static List<String> columns() {
        return Stream.concat(
                        Stream.of(TIME),
                        Stream.of(BarField.values()).map(field -> field.name().toLowerCase(Locale.ROOT)))
                .toList();
    }

    @Override
    public void add(BarSeries bars) throws IOException {
        ByteBuffer times = ByteBuffer.allocate(bars.size() * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        times.asLongBuffer().put(bars.openTimesView());
        files.get(0).stream().write(times.array());
        BarField[] fields = BarField.values();
        for (int i = 0; i < fields.length; i++) {
            ByteBuffer values = ByteBuffer.allocate(bars.size() * Double.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            values.asDoubleBuffer().put(bars.view(fields[i]));
            files.get(i + 1).stream().write(values.array());
        }
        rows += bars.size();
    }

    @Override
    public void complete() throws IOException {
        Files.deleteIfExists(folder.resolve(SCHEMA));
        for (int i = 0; i < files.size(); i++) {
            files.get(i).overwrite(header(type(i), rows));
            files.get(i).complete();
        }
        try (NewFile schema = NewFile.create(folder.resolve(SCHEMA))) {
            schema.stream().write((Json.line(schema()) + "\n").getBytes(StandardCharsets.US_ASCII));
            schema.complete();
        }
    }

    private static String type(int column) {
        return column == 0 ? "<i8" : "<f8";
    }

    /** The head of a NumPy file, format 1.0: magic, version, the length of the rest, a Python dictionary, blanks, a newline. */
    static byte[] header(String type, long rows) {
        String text = "{'descr': '" + type + "', 'fortran_order': False, 'shape': (" + rows + ",), }";
        int length = HEADER_BYTES - 10;
        ByteBuffer header = ByteBuffer.allocate(HEADER_BYTES).order(ByteOrder.LITTLE_ENDIAN);
        header.put((byte) 0x93)
                .put("NUMPY".getBytes(StandardCharsets.US_ASCII))
                .put((byte) 1)
                .put((byte) 0)
                .putShort((short) length)
                .put((text + " ".repeat(length - 1 - text.length()) + "\n").getBytes(StandardCharsets.US_ASCII));
        return header.array();
    }

    private Object schema() {
        Map<String, @Nullable Object> document = Json.object();
        document.put("format", Cli.NAME + " columns 1");
        document.putAll(SeriesNames.document(series));
        document.put("rows", rows);
        List<Object> columns = new ArrayList<>();
        for (String name : columns()) {
            Map<String, @Nullable Object> column = Json.object();
            column.put("name", name);
            column.put("file", name + ".npy");
            column.put("dtype", type(columns.size()));
            column.put("unit", name.equals(TIME) ? "milliseconds since 1970-01-01T00:00Z, when the bar opens" : null);
            columns.add(column);
        }
        document.put("columns", columns);
        return document;
    }

    @Override
    public void close() throws IOException {
        for (NewFile file : files) {
            file.close();
        }
    }
}
