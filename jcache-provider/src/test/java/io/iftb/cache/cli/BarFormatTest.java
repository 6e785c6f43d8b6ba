package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The forms in which exchanges and tools give their candles. */
@SuppressWarnings("StringConcatToTextBlock") // the ends of lines, tabs and marks are what is tested
class BarFormatTest {

    private static final long TIME = 1678730400000L;
    private static final List<OhlcvBar> BARS =
            List.of(new OhlcvBar(TIME, 1, 4, 0.5, 2, 10), new OhlcvBar(TIME + 3_600_000, 2, 5, 1.5, 3, 11));
    private static final String PLAIN =
            "timestamp,open,high,low,close,volume\n1678730400,1,4,0.5,2,10\n1678734000,2,5,1.5,3,11\n";

    @TempDir
    @SuppressWarnings("NullAway.Init") // by JUnit
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                // semicolons, tabs, bars, with the mark of Excel
                "timestamp;open;high;low;close;volume\n1678730400;1;4;0.5;2;10\n1678734000;2;5;1.5;3;11\n",
                "timestamp\topen\thigh\tlow\tclose\tvolume\n1678730400\t1\t4\t0.5\t2\t10\n1678734000\t2\t5\t1.5\t3\t11\n",
                "timestamp|open|high|low|close|volume\n1678730400|1|4|0.5|2|10\n1678734000|2|5|1.5|3|11\n",
                "sep=;\ntimestamp;open;high;low;close;volume\n1678730400;1;4;0.5;2;10\n1678734000;2;5;1.5;3;11\n",
                "# made by hand\n\ntimestamp,open,high,low,close,volume\n1678730400,1,4,0.5,2,10\n1678734000,2,5,1.5,3,11",
                // Binance, in ms and, since 2025, in µs; futures have a header
                "1678730400000,1,4,0.5,2,10,1678733999999,20,5,3,6,0\n1678734000000,2,5,1.5,3,11,1678737599999,33,5,3,6,0\n",
                "1678730400000000,1,4,0.5,2,10,1678733999999999,20,5,3,6,0\n"
                        + "1678734000000000,2,5,1.5,3,11,1678737599999999,33,5,3,6,0\n",
                "open_time,open,high,low,close,volume,close_time,quote_volume,count,taker_buy_volume,"
                        + "taker_buy_quote_volume,ignore\n1678730400000,1,4,0.5,2,10,1678733999999,20,5,3,6,0\n"
                        + "1678734000000,2,5,1.5,3,11,1678737599999,33,5,3,6,0\n",
                // CryptoDataDownload, the newest first
                "https://www.CryptoDataDownload.com\nUnix,Date,Symbol,Open,High,Low,Close,Volume BTC,Volume USDT,tradecount\n"
                        + "1678734000000,2023-03-13 19:00:00,BTC/USDT,2,5,1.5,3,11,33,7\n"
                        + "1678730400000,2023-03-13 18:00:00,BTC/USDT,1,4,0.5,2,10,20,7\n",
                "https://www.CryptoDataDownload.com\r\ndate,symbol,open,high,low,close,Volume BTC,Volume USD\r\n"
                        + "2023-03-13 19:00:00,BTC/USD,2,5,1.5,3,11,33\r\n2023-03-13 18:00:00,BTC/USD,1,4,0.5,2,10,20\r\n",
                // yfinance with one and with three lines of names
                "Datetime,Open,High,Low,Close,Adj Close,Volume\n2023-03-13 18:00:00+00:00,1,4,0.5,2,2,10\n"
                        + "2023-03-13 14:00:00-05:00,2,5,1.5,3,3,11\n",
                "Price,Close,High,Low,Open,Volume\nTicker,X,X,X,X,X\nDatetime,,,,,\n"
                        + "2023-03-13 18:00:00+00:00,2,4,0.5,1,10\n2023-03-13 19:00:00+00:00,3,5,1.5,2,11\n",
                // pandas, with an index that has no name
                ",open,high,low,close,volume\n2023-03-13 18:00:00,1,4,0.5,2,10\n2023-03-13 19:00:00,2,5,1.5,3,11\n",
                // a day and a time of day
                "<DATE>\t<TIME>\t<OPEN>\t<HIGH>\t<LOW>\t<CLOSE>\t<VOL>\n2023-03-13\t18:00:00\t1\t4\t0.5\t2\t10\n"
                        + "2023-03-13\t19:00:00\t2\t5\t1.5\t3\t11\n",
                // CoinMarketCap has the time of closing too
                "timeOpen;timeClose;open;high;low;close;volume;timestamp\n"
                        + "\"2023-03-13T18:00:00.000Z\";\"2023-03-13T18:59:59.999Z\";1;4;0.5;2;10;\"2023-03-13T18:59:59.999Z\"\n"
                        + "\"2023-03-13T19:00:00.000Z\";\"2023-03-13T19:59:59.999Z\";2;5;1.5;3;11;\"2023-03-13T19:59:59.999Z\"\n",
                // freqtrade and ccxt; Binance's API; objects, as scan writes them, and one on each line
                "[[1678730400000,1.0,4.0,0.5,2.0,10.0],[1678734000000,2.0,5.0,1.5,3.0,11.0]]",
                "[[1678730400000,\"1\",\"4\",\"0.5\",\"2\",\"10\",1678733999999,\"20\",5,\"3\",\"6\",\"0\"],"
                        + "[1678734000000,\"2\",\"5\",\"1.5\",\"3\",\"11\",1678737599999,\"33\",5,\"3\",\"6\",\"0\"]]",
                " [\n{\"timestamp\":1678730400000,\"open\":1,\"high\":4,\"low\":0.5,\"close\":2,\"volume\":10},\n"
                        + "{\"timestamp\":1678734000000,\"open\":2,\"high\":5,\"low\":1.5,\"volume\":11,\"close\":3,\"x\":0}\n]\n",
                "{\"date\":\"2023-03-13T18:00:00.000Z\",\"open\":1,\"high\":4,\"low\":0.5,\"close\":2,\"volume\":10}\n"
                        + "{\"date\":\"2023-03-13T19:00:00.000Z\",\"open\":2,\"high\":5,\"low\":1.5,\"close\":3,\"volume\":11}\n",
            })
    void of_formOfAnExchangeOrTool_isRead(String text) throws IOException {
        assertThat(read(text.getBytes(StandardCharsets.UTF_8))).containsExactlyInAnyOrderElementsOf(BARS);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            value = {
                "timestamp,open,high,low,close,volume ~ 1678730400,1,4,0.5,2,10;1678734000,2,5,1.5,3,11",
                "timestamp,open,high,low,close,volume ~ 1678730400,1,4,0.5,2,10,7,8;1678734000,2,5,1.5,3,11,7,8",
                "-,time,low,high,open,close,volume ~ BTC,1678730400,0.5,4,1,2,10;BTC,1678734000,1.5,5,2,3,11",
                "time,low,high,open,close,volume ~ a,b,c,d,e,f;1678730400,0.5,4,1,2,10;1678734000,1.5,5,2,3,11",
                "date,open,high,low,close,volume ~ [[1678730400,1,4,0.5,2,10],[1678734000,2,5,1.5,3,11]]",
                "t,o,c,h,l,v,- ~ [[1678730400,1,2,4,0.5,10,9],[1678734000,2,3,5,1.5,11,9]]",
            })
    void of_columnsTold_areTaken(String columns, String lines) throws IOException {
        assertThat(read(bytes(lines.replace(';', '\n')), List.of(columns.split(","))))
                .containsExactlyElementsOf(BARS);
    }

    @Test
    void of_moreColumnsToldThanThere_saysWhatIsThere() {
        assertThatThrownBy(() -> read(bytes("1,2,3\n"), List.of("date,open,high,low,close,volume".split(","))))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("--columns names 6 columns, and its first row has 3 fields: '1,2,3'");
    }

    @Test
    void open_arraysInAnotherOrder_areRefusedWithTheRemedy() {
        String coinbase = "[[1678730400,0.5,4,1,2,10],[1678734000,1.5,5,2,3,11]]";
        assertThatThrownBy(() -> read(bytes(coinbase)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("open or close lie outside low..high in most rows")
                .hasMessageContaining("--columns timestamp,low,high,open,close,volume");
    }

    @Test
    void of_packedOrInUtf16_isReadByItsFirstBytes() throws IOException {
        ByteArrayOutputStream gzip = new ByteArrayOutputStream();
        try (OutputStream packed = new GZIPOutputStream(gzip)) {
            packed.write(bytes(PLAIN));
        }
        assertThat(read(gzip.toByteArray())).isEqualTo(BARS);
        assertThat(read(zip("a.csv"))).isEqualTo(BARS);
        assertThat(read(PLAIN.getBytes(StandardCharsets.UTF_16))).isEqualTo(BARS);
        assertThat(read(("\uFEFF" + PLAIN).getBytes(StandardCharsets.UTF_16LE))).isEqualTo(BARS);

        byte[] whole = gzip.toByteArray();
        assertThatThrownBy(() -> read(Arrays.copyOf(whole, whole.length - 12)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("it was cut short");
        assertThatThrownBy(() -> read(zip("a.csv", "b.csv")))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("holds several files; unpack it");
    }

    @ParameterizedTest
    @CsvSource({
        "4152524f57310000, is a Feather file; write CSV or JSON",
        "28b52ffd00000000, is packed by zstd",
        "5041523115001500, is a Parquet file",
        "1f8b0800000000, ends before its compressed data does",
        "1f8b08000000000000ffffffff00, cannot be unpacked"
    })
    void of_whatIsNotRead_saysWhatItIs(String hex, String why) {
        assertThatThrownBy(() -> read(HexFormat.of().parseHex(hex)))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(why);
    }

    @Test
    void open_standardInput_isReadTwiceAndItsCopyRemoved() throws IOException {
        StringBuilder text = new StringBuilder("timestamp,open,high,low,close,volume\n");
        for (int i = 0; i < 20_000; i++) {
            text.append(TIME + i * 3_600_000L).append(",1,4,0.5,2,").append(i).append('\n');
        }
        long before = copies();
        try (ImportSource source = ImportSource.open(Path.of("-"), new ByteArrayInputStream(bytes(text.toString())))) {
            BarFile file = BarFile.open(source, Timeframe.parse("1h"), BarFile.Told.NOTHING);
            assertThat(file.survey().rows()).isEqualTo(20_000);
            assertThat(bars(file)).hasSize(20_000);
            assertThat(file.place(7)).isEqualTo("standard input:7");
        }
        assertThat(copies()).isEqualTo(before);
    }

    @Test
    void open_standardInputWithoutALineEnd_isLeftUnread() {
        InputStream endless = new InputStream() {
            private long given;

            @Override
            public int read() {
                assertThat(given++).as("bytes read of an endless input").isLessThan(1 << 20);
                return 'x';
            }

            @Override
            public int read(byte[] bytes, int from, int length) {
                bytes[from] = (byte) read();
                return 1;
            }
        };
        try (ImportSource source = ImportSource.open(Path.of("-"), endless)) {
            assertThatThrownBy(() -> BarFile.open(source, Timeframe.parse("1h"), BarFile.Told.NOTHING))
                    .isInstanceOf(CommandFailure.class)
                    .hasMessageContaining("'standard input' cannot be imported: its line 1 is longer than");
        }
    }

    private static long copies() throws IOException {
        try (var files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.toString().endsWith(".input")).count();
        }
    }

    private static byte[] zip(String... names) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            for (String name : names) {
                zip.putNextEntry(new ZipEntry(name));
                zip.write(bytes(PLAIN));
            }
        }
        return bytes.toByteArray();
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private List<OhlcvBar> read(byte[] bytes) throws IOException {
        return read(bytes, List.of());
    }

    private List<OhlcvBar> read(byte[] bytes, List<String> columns) throws IOException {
        Path file = Files.write(folder.resolve("bars"), bytes);
        try (ImportSource source = ImportSource.open(file, InputStream.nullInputStream())) {
            return bars(BarFile.open(source, Timeframe.parse("1h"), new BarFile.Told(columns, null)));
        }
    }

    private static List<OhlcvBar> bars(BarFile file) {
        List<OhlcvBar> bars = new ArrayList<>();
        file.visit(new BarFile.Visitor() {
            @Override
            public void bar(long number, OhlcvBar bar) {
                bars.add(bar);
            }

            @Override
            public void refused(long number, String reason) {
                throw new AssertionError(file.place(number) + ": " + reason);
            }

            @Override
            public void withoutPrices(long number) {
                throw new AssertionError(file.place(number));
            }
        });
        return bars;
    }
}
