package io.iftb.cache.cli;

import io.iftb.cache.cli.CandleGlyphs.Part;
import io.iftb.cache.cli.Canvas.Colour;
import io.iftb.cache.codec.ShortestDecimal;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * A candle chart for a terminal, with the oldest bar at the left, a price axis, a time axis, and volumes.
 * Bars that do not fit are left out, the oldest first; gaps are not drawn.
 */
final class CandleChart {

    private static final int PRICE_ROWS = 16;
    private static final int VOLUME_ROWS = 3;
    private static final int AXIS_ROWS = 2;
    private static final int VOLUME_TOP = PRICE_ROWS;
    private static final int AXIS_TOP = PRICE_ROWS + VOLUME_ROWS;

    private final SeriesKey series;
    private final int given;
    private final BarSeries bars;
    private final PriceScale scale;
    private final Map<Double, String> ticks;
    private final String mostVolume;
    private final double highestVolume;
    private final Screen screen;
    private final CandleGlyphs glyphs;
    private final int left;
    private final int pitch;
    private final Canvas canvas;

    private CandleChart(SeriesKey series, BarSeries all, BarSeries bars, Screen screen) {
        this.series = series;
        this.given = all.size();
        this.bars = bars;
        this.screen = screen;
        this.glyphs = CandleGlyphs.on(screen);
        this.scale = PriceScale.of(bars);
        this.ticks = scale.ticks();
        this.highestVolume = Arrays.stream(bars.volumes()).max().orElse(0);
        this.mostVolume = Printable.amount(highestVolume);
        this.left = Math.max(
                        mostVolume.length(),
                        ticks.values().stream().mapToInt(String::length).max().orElse(0))
                + 2;
        this.pitch = bars.size() * 2 <= screen.width() - left ? 2 : 1;
        this.canvas = new Canvas(screen.width(), PRICE_ROWS + VOLUME_ROWS + AXIS_ROWS);
    }

    /** The lines of a chart; without bars, one line that says so. */
    static List<String> lines(SeriesKey series, BarSeries all, Screen screen) {
        return all.isEmpty()
                ? List.of("no bars of " + Printable.text(series.symbol()) + " " + series.timeframe())
                : of(series, all, screen).draw();
    }

    /** The bars that a chart shows: the newest that fit. */
    static BarSeries shown(SeriesKey series, BarSeries all, Screen screen) {
        return all.isEmpty() ? all : of(series, all, screen).bars;
    }

    private static CandleChart of(SeriesKey series, BarSeries all, Screen screen) {
        CandleChart chart = new CandleChart(series, all, all.last(screen.width()), screen);
        // with fewer bars, labels may be longer, so that even fewer bars fit
        while (chart.bars.size() > chart.room()) {
            chart = new CandleChart(series, all, chart.bars.last(chart.room()), screen);
        }
        return chart;
    }

    private int room() {
        return Math.max(1, screen.width() - left);
    }

    private List<String> draw() {
        drawPriceAxis();
        drawTimeAxis();
        for (int i = 0; i < bars.size(); i++) {
            OhlcvBar bar = bars.bar(i);
            Colour colour = bar.close() >= bar.open() ? Colour.RISING : Colour.FALLING;
            drawCandle(column(i), bar, colour);
            drawVolume(column(i), bar.volume(), colour);
        }
        List<String> lines = new ArrayList<>(caption());
        lines.addAll(canvas.lines(screen.colour()));
        return lines;
    }

    private int column(int index) {
        return left + index * pitch;
    }

    private void drawPriceAxis() {
        for (int row = 0; row < AXIS_TOP; row++) {
            canvas.put(row, left - 1, glyphs.priceLine(), Colour.FAINT);
        }
        ticks.forEach((price, label) -> drawLabel(PRICE_ROWS - 1 - scale.step(price, PRICE_ROWS), label));
        drawLabel(VOLUME_TOP, mostVolume);
    }

    private void drawLabel(int row, String label) {
        canvas.put(row, left - 2 - label.length(), label, Colour.FAINT);
        canvas.put(row, left - 1, glyphs.tickOfPrice(), Colour.FAINT);
    }

    private void drawCandle(int column, OhlcvBar bar, Colour colour) {
        int halves = PRICE_ROWS * 2;
        int low = scale.step(bar.low(), halves);
        int high = scale.step(bar.high(), halves);
        int bottom = scale.step(Math.min(bar.open(), bar.close()), halves);
        int top = scale.step(Math.max(bar.open(), bar.close()), halves);
        for (int row = 0; row < PRICE_ROWS; row++) {
            int lowerHalf = (PRICE_ROWS - 1 - row) * 2;
            Part upper = part(lowerHalf + 1, low, bottom, top, high);
            Part lower = part(lowerHalf, low, bottom, top, high);
            if (upper != Part.NOTHING || lower != Part.NOTHING) {
                canvas.put(row, column, glyphs.candle(upper, lower, colour == Colour.RISING), colour);
            }
        }
    }

    private static Part part(int half, int low, int bottom, int top, int high) {
        if (half >= bottom && half <= top) {
            return Part.BODY;
        }
        return half >= low && half <= high ? Part.WICK : Part.NOTHING;
    }

    private void drawVolume(int column, double volume, Colour colour) {
        if (volume <= 0) {
            return;
        }
        int levels = glyphs.levels();
        int filled = (int) Math.max(1, Math.round(volume / highestVolume * levels * VOLUME_ROWS));
        for (int row = 0; row < VOLUME_ROWS && filled > row * levels; row++) {
            canvas.put(AXIS_TOP - 1 - row, column, glyphs.column(filled - row * levels), colour);
        }
    }

    private void drawTimeAxis() {
        canvas.put(AXIS_TOP, left - 1, glyphs.corner(), Colour.FAINT);
        for (int column = left; column < column(bars.size() - 1) + 1; column++) {
            canvas.put(AXIS_TOP, column, glyphs.timeLine(), Colour.FAINT);
        }
        TimeLabels labels = TimeLabels.of(series.timeframe(), bars);
        int free = 0;
        for (int i = 0; i < bars.size(); i++) {
            String label = labels.label(bars.openTime(i));
            if (column(i) >= free && column(i) + label.length() <= screen.width()) {
                canvas.put(AXIS_TOP, column(i), glyphs.tickOfTime(), Colour.FAINT);
                canvas.put(AXIS_TOP + 1, column(i), label, Colour.FAINT);
                free = column(i) + label.length() + 2;
            }
        }
    }

    private List<String> caption() {
        OhlcvBar last = bars.bar(bars.size() - 1);
        double change = change(bars);
        String moved = Double.isFinite(change) ? String.format(Locale.ROOT, "%+.2f %%", change) : "";
        String name = Printable.text(series.symbol()) + " " + series.timeframe();
        String price = ShortestDecimal.of(last.close());
        Colour colour = change < 0 ? Colour.FALLING : Colour.RISING;
        String shown = Printable.count(bars.size(), "bar", "bars");
        String some = bars.size() < given ? " (the newest of " + Printable.count(given) + ")" : "";
        String span = Moment.text(bars.openTime(0)) + " to " + Moment.text(last.openTime()) + " UTC";
        int room = screen.width() - Math.min(name.length(), screen.width());
        return List.of(
                Colour.STRONG.paint(cut(name, screen.width()), screen)
                        + colour.paint(cut("  " + price + "  " + moved + glyphs.legend(), room), screen),
                Colour.FAINT.paint(cut(shown + some + " " + glyphs.separator() + " " + span, screen.width()), screen));
    }

    /** How far bars moved from the first open to the last close, in percent. */
    static double change(BarSeries bars) {
        double first = bars.open(0);
        return (bars.close(bars.size() - 1) - first) / Math.abs(first) * 100;
    }

    private static String cut(String text, int width) {
        return text.length() <= width ? text : text.substring(0, Math.max(0, width));
    }
}
