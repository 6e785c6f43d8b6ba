package io.iftb.cache;

import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Real candles beside the repository, see {@code README.md} there. */
enum CandleFile {
    AAPL_1D("AAPL-1d.csv", 252),
    BTC_4H("BTC-USD-4h.csv", 20_695),
    ETH_1D("ETH-USD-1d.csv", 3_582),
    ETH_5M("ETH-USD-5m.csv", 580),
    BTC_1M("UNITTEST-BTC-1m.csv", 13_681);

    private final String fileName;
    private final int size;

    CandleFile(String fileName, int size) {
        this.fileName = fileName;
        this.size = size;
    }

    /** How many bars it contains, counted independently. */
    int size() {
        return size;
    }

    /** Its path in {@code shared/data} of a parent folder; empty if it does not exist. */
    Optional<Path> path() {
        for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
            Path file = folder.resolve("shared").resolve("data").resolve(fileName);
            if (Files.isReadable(file)) {
                return Optional.of(file);
            }
        }
        return Optional.empty();
    }

    List<OhlcvBar> read() {
        try {
            List<String> lines = Files.readAllLines(path().orElseThrow());
            List<OhlcvBar> bars = new ArrayList<>();
            for (String line : lines.subList(1, lines.size())) {
                String[] parts = line.split(",", -1);
                bars.add(new OhlcvBar(
                        openTime(parts[0]),
                        Double.parseDouble(parts[1]),
                        Double.parseDouble(parts[2]),
                        Double.parseDouble(parts[3]),
                        Double.parseDouble(parts[4]),
                        Double.parseDouble(parts[5])));
            }
            return bars;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static long openTime(String text) {
        return text.indexOf('-') > 0
                ? LocalDate.parse(text).atStartOfDay(ZoneOffset.UTC).toInstant().toEpochMilli()
                : Long.parseLong(text);
    }
}
