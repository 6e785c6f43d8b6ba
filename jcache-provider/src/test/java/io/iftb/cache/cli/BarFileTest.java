package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class BarFileTest {

    private static final String HEADER = "timestamp,open,high,low,close,volume\n";
    private static final OhlcvBar BAR = new OhlcvBar(1678730400000L, 1, 4, 0.5, 2, 10);

    @TempDir
    @SuppressWarnings("NullAway.Init")
    private Path folder;

    private final List<OhlcvBar> bars = new ArrayList<>();
    private final List<String> refused = new ArrayList<>();
    private int withoutPrices;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "timestamp,open,high,low,close,volume\n1678730400000,1,4,0.5,2,10\n",
                "timestamp,open,high,low,close,volume\r\n1678730400000,1,4,0.5,2,10\r\n",
                "timestamp,open,high,low,close,volume\n1678730400000,1,4,0.5,2,10",
                "timestamp,open,high,low,close,volume\n\n1678730400,1,4,0.5,2,10\n  \n",
                "\uFEFFtimestamp,open,high,low,close,volume\n1678730400,1,4,0.5,2,10\n",
                "\uFEFF\"timestamp\",open,high,low,close,volume\n1678730400,1,4,0.5,2,10\n",
                "volume, CLOSE ,Low,high,Open,note,Date\n1e1,2.0,.5,+4,1.,\"a, \"\"b\"\"\",2023-03-13T18:00:00Z\n",
                "date,timestamp,open,high,low,close,volume\nno,1678730400,1,4,0.5,2,10\n",
                "timestamp,open,high,low,close,volume\n\"1678730400\",\"1\", \"4\" ,\"0.5\",\"2\",\"10\"\n",
            })
    void visit_acceptedForm_givesTheBar(String text) throws IOException {
        visit(text, null);
        assertThat(refused).isEmpty();
        assertThat(bars).containsExactly(BAR);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "1678730400,1,4,0.5,2 | it has 5 fields instead of 6",
                "1678730400,1,4,0.5,2,10,11 | it has 7 fields instead of 6",
                "1678730400,x,4,0.5,2,10 | open is 'x', not a number",
                "1678730400,1,4,0.5,2,NaN | volume is 'NaN', not a number",
                "1678730400,1,Infinity,0.5,2,10 | high is 'Infinity', not a number",
                "1678730400,1,0x4p1,0.5,2,10 | high is '0x4p1', not a number",
                "1678730400,1d,4,0.5,2,10 | open is '1d', not a number",
                "1678730400,1,4,0.5,,10 | close is '', not a number",
                "1678730400,1,4e999,0.5,2,10 | high of the bar at 1678730400000 is Infinity; it must be a finite number",
                "1678730400,1,4,5,2,10 | high of the bar at 1678730400000 is 4.0, below its low 5.0; high must be at least"
                        + " low",
                "1678730400,1,4,0.5,2,-1 | volume of the bar at 1678730400000 is -1.0; it must be zero or more",
                "`\"1678730400,1,4,0.5,2,10` | its quotes do not match",
            })
    void visit_malformedLine_isRefusedAloneWithItsNumber(String line, String reason) throws IOException {
        visit(HEADER + "1678730400,1,4,0.5,2,10\n\n" + line + "\n1678730400,1,4,0.5,2,10\n", null);
        assertThat(refused).containsExactly("4: " + reason);
        assertThat(bars).containsExactly(BAR, BAR);
    }

    @Test
    void visit_lineWithoutTime_isRefused() throws IOException {
        visit(HEADER + "soon,1,4,0.5,2,10\n,1,4,0.5,2,10\n", null);
        assertThat(refused).hasSize(2).first().asString().startsWith("2: time 'soon' is not known");
    }

    @Test
    void visit_millisFileThatStartsIn1970_isMillisThroughout() throws IOException {
        visit(
                HEADER + "0,1,4,0.5,2,10\n86400000,1,4,0.5,2,10\n1678730400000,1,4,0.5,2,10\n"
                        + "1678730400001,1,4,0.5,2,10\n",
                null);
        assertThat(bars).extracting(OhlcvBar::openTime).containsExactly(0L, 86400000L, 1678730400000L, 1678730400001L);
    }

    @Test
    void visit_secondsFileWithAMillisLine_refusesThatLineOnly() throws IOException {
        visit(HEADER + "1678730400,1,4,0.5,2,10\n1678730400000,1,4,0.5,2,10\n1678730400,1,4,0.5,2,10\n", null);
        assertThat(bars).containsExactly(BAR, BAR);
        assertThat(refused).hasSize(1).first().asString().startsWith("3: time '1678730400000' is after the year 5138");
    }

    @Test
    void visit_givenUnit_goesBeforeWhatTheFileTells() throws IOException {
        visit(HEADER + "86400000,1,4,0.5,2,10\n", Moment.EpochUnit.MILLIS);
        assertThat(bars).extracting(OhlcvBar::openTime).containsExactly(86400000L);
    }

    @Test
    void visit_finerUnits_areToldBySize() throws IOException {
        visit(
                HEADER
                        + "1678730400000000,1,4,0.5,2,10\n1678730400000000000,1,4,0.5,2,10\n1678730400000,1,4,0.5,2,10\n",
                null);
        assertThat(refused).isEmpty();
        assertThat(bars).containsExactly(BAR, BAR, BAR);
    }

    @ParameterizedTest
    @ValueSource(strings = {"1678730400,null,null,null,null,null", "1678730400,,,,,0", "1678730400,NaN,nan,,null,"})
    void visit_lineWithoutPrices_isLeftOut(String line) throws IOException {
        visit(HEADER + line + "\n1678730400,1,4,0.5,2,10\n", null);
        assertThat(refused).isEmpty();
        assertThat(bars).containsExactly(BAR);
        assertThat(withoutPrices).isEqualTo(1);
    }

    @Test
    void visit_lineWithoutEnd_isRefusedAlone() throws IOException {
        visit(HEADER + "1".repeat(200_000) + "\n1678730400,1,4,0.5,2,10\n", null);
        assertThat(refused).containsExactly("2: it is longer than 65,536 characters");
        assertThat(bars).containsExactly(BAR);
    }

    @Test
    void open_missingFile_namesIt() {
        Path none = folder.resolve("none.csv");
        assertThatThrownBy(() -> ImportSource.open(none, InputStream.nullInputStream()))
                .isInstanceOf(CommandFailure.class)
                .hasMessage("there is no file '" + none + "'; give the path of a file of bars");
    }

    @Test
    void open_folder_saysSo() {
        assertThatThrownBy(() -> ImportSource.open(folder, InputStream.nullInputStream()))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("is a folder");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '~',
            quoteCharacter = '`',
            value = {
                "`` ~ is empty",
                "`\n` ~ is empty",
                "`\uFEFF` ~ is empty",
                "`timestamp,open,high,low,close,volume\n\n` ~ has a header and no bars",
                "`time,open,high,low,close\n1,2,3,4,5\n` ~ it has no column volume; its header must name timestamp or date,"
                        + " open, high, low, close and volume, and reads 'time,open,high,low,close'",
                "`date,open,open,high,low,close,volume\n` ~ names the column 'open' twice",
                "`\"date,open,high,low,close,volume\n` ~ its quotes do not match",
                "`1678730400,1,4,0.5,2,10\n` ~ its first line names no columns, it is '1678730400,1,4,0.5,2,10'; tell the"
                        + " columns in their order, such as --columns timestamp,open,high,low,close,volume",
                "`[[1,2,3,4,5,6,7,8]]` ~ its candles are arrays of 8 values without names, the first is '1,2,3,4,5,6,7,8'",
                "`[]` ~ it has no candles",
                "`{\"result\": {\"XBT\": []}}` ~ its JSON has an object whose 'result' is not a number or text",
                "`[[1,2,3,4,5,6],[1,2` ~ is broken JSON in line 1, column",
            })
    void open_fileThatHoldsNoBars_saysWhy(String text, String why) throws IOException {
        Path file = write(text);
        assertThatThrownBy(() -> open(file, null))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining(file.toString())
                .hasMessageContaining(why);
    }

    @Test
    void open_firstLineWithoutEnd_saysSo() throws IOException {
        Path file = write("x".repeat(200_000));
        assertThatThrownBy(() -> open(file, null))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("its line 1 is longer than 65,536 characters and starts 'xxx");
    }

    @Test
    void open_binaryFile_saysWhatItFoundInPrintableText() throws IOException {
        Path file = write("PX\u0003\u0004\u001b[2Jrubbish\n1\n");
        assertThatThrownBy(() -> open(file, null))
                .isInstanceOf(CommandFailure.class)
                .hasMessageContaining("'PX???[2Jrubbish'");
    }

    private static BarFile open(Path file, Moment.@Nullable EpochUnit unit) {
        ImportSource source = ImportSource.open(file, InputStream.nullInputStream());
        return BarFile.open(source, Timeframe.parse("1h"), new BarFile.Told(List.of(), unit));
    }

    private void visit(String text, Moment.@Nullable EpochUnit unit) throws IOException {
        open(write(text), unit).visit(new BarFile.Visitor() {
            @Override
            public void bar(long lineNumber, OhlcvBar bar) {
                bars.add(bar);
            }

            @Override
            public void refused(long lineNumber, String reason) {
                refused.add(lineNumber + ": " + reason);
            }

            @Override
            public void withoutPrices(long lineNumber) {
                withoutPrices++;
            }
        });
    }

    private Path write(String text) throws IOException {
        return Files.write(folder.resolve("bars.csv"), text.getBytes(StandardCharsets.UTF_8));
    }
}
