package io.iftb.cache.cli;

import java.io.BufferedInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;

/** What the first bytes of a file say about how it is packed. */
final class Packing {

    private static final int LONGEST_MARK = 6;
    private static final int BUFFER = 1 << 16;
    private static final String GZIP = "1f8b";
    private static final String ZIP = "504b0304";

    /** Marks of what is not read, and what to do about it. */
    private static final Map<String, String> OTHERS = new LinkedHashMap<>();

    static {
        OTHERS.put("28b52ffd", "is packed by zstd; unpack it with 'zstd -d' first");
        OTHERS.put("425a68", "is packed by bzip2; unpack it with 'bunzip2' first");
        OTHERS.put("fd377a585a00", "is packed by xz; unpack it with 'unxz' first");
        OTHERS.put("377abcaf271c", "is a 7z archive; unpack it first");
        OTHERS.put(
                "4152524f5731",
                "is a Feather file; write CSV or JSON, with freqtrade: 'freqtrade convert-data --format-from feather"
                        + " --format-to json'");
        OTHERS.put("50415231", "is a Parquet file; write CSV or JSON, with pandas: read_parquet(…).to_csv(…)");
        OTHERS.put("89484446", "is an HDF5 file; write CSV or JSON, with pandas: read_hdf(…).to_csv(…)");
        OTHERS.put("d0cf11e0", "is an Excel workbook; save it as CSV");
    }

    private Packing() {}

    /**
     * The content of a packed stream, or the stream itself if it is not packed.
     *
     * @throws CommandFailure if it is packed in another way than by gzip or zip
     */
    static InputStream unpack(InputStream stream, String name) throws IOException {
        try {
            BufferedInputStream bytes = new BufferedInputStream(stream, BUFFER);
            bytes.mark(LONGEST_MARK);
            String mark = HexFormat.of().formatHex(bytes.readNBytes(LONGEST_MARK));
            bytes.reset();
            if (mark.startsWith(GZIP)) {
                return new GZIPInputStream(bytes, BUFFER);
            }
            if (mark.startsWith(ZIP)) {
                return new OnlyEntry(new ZipInputStream(bytes), name);
            }
            for (Map.Entry<String, String> other : OTHERS.entrySet()) {
                if (mark.startsWith(other.getKey())) {
                    throw CommandFailure.wrongUsage("'" + name + "' " + other.getValue());
                }
            }
            return bytes;
        } catch (IOException | RuntimeException e) {
            stream.close();
            throw e;
        }
    }

    /** The one file in a zip archive. */
    private static final class OnlyEntry extends FilterInputStream {

        private final ZipInputStream archive;
        private final String name;
        private boolean ended;

        OnlyEntry(ZipInputStream archive, String name) throws IOException {
            super(archive);
            this.archive = archive;
            this.name = name;
            ZipEntry entry = nextFile();
            if (entry == null) {
                throw new ZipException("it holds no file");
            }
            String inner = entry.getName();
            if (inner.equals("[Content_Types].xml") || inner.startsWith("xl/") || inner.startsWith("_rels/")) {
                throw CommandFailure.wrongUsage("'" + name + "' is an Excel workbook; save it as CSV");
            }
        }

        private ZipEntry nextFile() throws IOException {
            ZipEntry entry = archive.getNextEntry();
            while (entry != null && (entry.isDirectory() || entry.getName().startsWith("__MACOSX/"))) {
                entry = archive.getNextEntry();
            }
            return entry;
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            int count = ended ? -1 : super.read(bytes, from, length);
            if (count < 0 && !ended) {
                ended = true;
                if (nextFile() != null) {
                    throw CommandFailure.wrongUsage(
                            "'" + name + "' holds several files; unpack it and import them one by one");
                }
            }
            return count;
        }
    }
}
