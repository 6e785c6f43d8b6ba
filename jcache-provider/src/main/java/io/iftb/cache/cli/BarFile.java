package io.iftb.cache.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.iftb.cache.cli.RowReader.Row;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bars of a file, in one of the forms that {@link BarFormat} knows. */
final class BarFile {

    private final ImportSource source;
    private final BarFormat format;
    private final BarSurvey survey;
    private final Moment.@Nullable EpochUnit unit;

    private BarFile(ImportSource source, BarFormat format, BarSurvey survey, Moment.@Nullable EpochUnit unit) {
        this.source = source;
        this.format = format;
        this.survey = survey;
        this.unit = unit;
    }

    /** Receives the contents of a file, in the order of its rows. */
    interface Visitor {

        /** A bar. */
        void bar(long number, OhlcvBar bar);

        /** A row that is not a bar. */
        void refused(long number, String reason);

        /** A row of a time without trades. */
        void withoutPrices(long number);
    }

    /**
     * What a user says about a file.
     *
     * @param columns the names of its columns, in their order; empty if it tells them
     * @param unit the unit of numbers in the time column; null to detect it
     */
    record Told(List<String> columns, Moment.@Nullable EpochUnit unit) {

        static final Told NOTHING = new Told(List.of(), null);
    }

    /**
     * Makes a first pass over a source.
     *
     * @throws CommandFailure if it does not contain bars, or they are not in the order of columns that was guessed
     */
    static BarFile open(ImportSource source, Timeframe timeframe, Told told) {
        BarFormat format = BarFormat.of(source, told.columns());
        source.keepRest();
        BarSurvey survey = new BarSurvey(format, timeframe, told.unit());
        read(source, format, row -> survey.add(row));
        if (survey.rows() == 0) {
            throw CommandFailure.wrongUsage(
                    "'" + source.name() + "' has a header and no bars; give one with a bar in each line");
        }
        if (format.guessed() && survey.isMostlyInconsistent()) {
            throw CommandFailure.wrongUsage("'" + source.name() + "' names no columns, and open or close lie outside"
                    + " low..high in most rows if they are time, open, high, low, close, volume; tell their order, such as"
                    + " --columns timestamp,low,high,open,close,volume");
        }
        return new BarFile(source, format, survey, told.unit());
    }

    /** The result of the first pass. */
    BarSurvey survey() {
        return survey;
    }

    /** A row in messages: {@code bars.csv:17}, {@code bars.json, candle 17}. */
    String place(long number) {
        return source.name() + (format.isJson() ? ", candle " : ":") + number;
    }

    /** A count of rows in messages: {@code 1 line}, {@code 17 candles}. */
    String rows(long count) {
        return format.isJson() ? Printable.count(count, "candle", "candles") : Printable.count(count, "line", "lines");
    }

    /** Reads all rows. */
    void visit(Visitor visitor) {
        read(source, format, row -> visit(row, visitor));
    }

    private void visit(Row row, Visitor visitor) {
        BarColumns columns = format.columns();
        OhlcvBar bar;
        try {
            if (row.problem() != null) {
                throw new IllegalArgumentException(row.problem());
            }
            if (columns.isWithoutPrices(row.fields())) {
                visitor.withoutPrices(row.number());
                return;
            }
            String time = columns.time(row.fields());
            if (unit == null) {
                Moment.requireNoDate(time);
            }
            long openTime = unit == null ? Moment.parseIn(survey.unit(), time) : Moment.parse(time, unit);
            bar = columns.bar(row.fields(), openTime);
        } catch (IllegalArgumentException e) {
            visitor.refused(row.number(), String.valueOf(e.getMessage()));
            return;
        }
        visitor.bar(row.number(), bar);
    }

    /** Takes a row. */
    private interface RowVisitor {

        void row(Row row);
    }

    private static void read(ImportSource source, BarFormat format, RowVisitor visitor) {
        try (RowReader reader = format.rows(source)) {
            for (Row row = reader.next(); row != null; row = reader.next()) {
                visitor.row(row);
            }
        } catch (JsonProcessingException e) {
            throw BarFormat.broken(source, e);
        } catch (IOException e) {
            throw source.unreadable(e);
        }
    }
}
