package io.iftb.cache.cli;

import io.iftb.cache.cli.RowReader.Row;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.Timeframe;
import org.jspecify.annotations.Nullable;

/**
 * What a first pass over the rows of a file finds: how many there are, in which unit their times are, and whether these fit
 * the timeframe.
 *
 * <p>A number of 1e14 or more in the time column is in microseconds, of 1e17 or more in nanoseconds: in a coarser unit it
 * would be after the year 5138. The unit of the others is decided once for the whole file: milliseconds if at least half of
 * them are 1e11 or more, otherwise seconds. So bars of 1970 are right in a file of milliseconds that continues to the
 * present, files of Binance in milliseconds and microseconds may follow each other, and an invalid line affects no other.
 */
final class BarSurvey {

    private final BarColumns columns;
    private final boolean checksPrices;
    private final Moment.@Nullable EpochUnit given;
    private final TimeGrid ifSeconds;
    private final TimeGrid ifMillis;
    private long rows;
    private long seconds;
    private long millis;
    private long inconsistent;

    /** @param given the unit of numbers in the time column; null to detect it */
    BarSurvey(BarFormat format, Timeframe timeframe, Moment.@Nullable EpochUnit given) {
        this.columns = format.columns();
        this.checksPrices = format.guessed();
        this.given = given;
        this.ifSeconds = new TimeGrid(timeframe);
        this.ifMillis = new TimeGrid(timeframe);
    }

    /** Adds a row. */
    void add(Row row) {
        rows++;
        if (row.problem() != null || columns.isWithoutPrices(row.fields())) {
            return;
        }
        String time;
        try {
            time = columns.time(row.fields());
        } catch (IllegalArgumentException e) {
            return; // the second pass says so
        }
        boolean surelyMillis = Moment.isSurelyMillis(time);
        millis += surelyMillis ? 1 : 0;
        seconds += Moment.isMaybeSeconds(time) ? 1 : 0;
        if (!columns.hasNumbers(row.fields())) {
            return; // as above
        }
        if (!surelyMillis) {
            add(ifSeconds, time, Moment.EpochUnit.SECONDS);
        }
        add(ifMillis, time, Moment.EpochUnit.MILLIS);
        if (checksPrices) {
            inconsistent += isConsistent(row) ? 0 : 1;
        }
    }

    private void add(TimeGrid grid, String time, Moment.EpochUnit unit) {
        try {
            grid.add(given == null ? Moment.parseIn(unit, time) : Moment.parse(time, given));
        } catch (IllegalArgumentException e) {
            // the second pass says so
        }
    }

    private boolean isConsistent(Row row) {
        try {
            OhlcvBar bar = columns.bar(row.fields(), 0).requireConsistent();
            return bar.volume() >= 0;
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    /** How many rows there are. */
    long rows() {
        return rows;
    }

    /** The unit of numbers below 1e14 in the time column. */
    Moment.EpochUnit unit() {
        return millis > 0 && millis >= seconds ? Moment.EpochUnit.MILLIS : Moment.EpochUnit.SECONDS;
    }

    /** Whether no open time is there twice, since each row opens after the one before, or each before it. */
    boolean isOrdered() {
        return grid().isOrdered();
    }

    /** What contradicts the timeframe, after "its bars"; null if nothing does. */
    @Nullable
    String contradiction() {
        return grid().contradiction();
    }

    /** Whether open or close lie outside low..high in most rows, so that the columns are probably others. */
    boolean isMostlyInconsistent() {
        return inconsistent * 2 > rows;
    }

    private TimeGrid grid() {
        return given != null || unit() == Moment.EpochUnit.MILLIS ? ifMillis : ifSeconds;
    }
}
