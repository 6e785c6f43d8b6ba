package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.DoubleBuffer;
import java.nio.LongBuffer;
import java.nio.ReadOnlyBufferException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class BarSeriesTest {

    private static final OhlcvBar FIRST = bar(-5, 1);
    private static final OhlcvBar SECOND = bar(0, 2);
    private static final OhlcvBar THIRD = bar(7, 3);

    @Test
    void of_nullBar_saysWhichOne() {
        assertThatThrownBy(() -> BarSeries.of(Arrays.asList(new OhlcvBar(1, 1, 1, 1, 1, 1), null)))
                .isInstanceOf(NullPointerException.class)
                .hasMessage("bar 1 of 2 is null");
    }

    @Test
    void of_anyOrder_sortsByOpenTime() {
        assertThat(BarSeries.of(List.of(THIRD, FIRST, SECOND)).bars()).containsExactly(FIRST, SECOND, THIRD);
    }

    @Test
    void of_sameOpenTime_keepsTheLast() {
        OhlcvBar again = bar(0, 9);

        assertThat(BarSeries.of(List.of(SECOND, THIRD, bar(0, 8), FIRST, again)).bars())
                .containsExactly(FIRST, again, THIRD);
    }

    @Property(tries = 200)
    void of_anyBars_equalsMap(@ForAll @Size(max = 100) List<@IntRange(min = -20, max = 20) Integer> openTimes) {
        List<OhlcvBar> bars = new java.util.ArrayList<>();
        TreeMap<Long, OhlcvBar> model = new TreeMap<>();
        for (int openTime : openTimes) {
            OhlcvBar bar = bar(openTime, bars.size());
            bars.add(bar);
            model.put(bar.openTime(), bar);
        }

        BarSeries series = BarSeries.of(bars);

        assertThat(series.bars()).isEqualTo(List.copyOf(model.values()));
        BarSeriesBuilder builder = new BarSeriesBuilder(0);
        model.values().forEach(builder::add);
        assertThat(builder.build()).isEqualTo(series).hasSameHashCodeAs(series);
        for (int limit = 0; limit <= series.size(); limit++) {
            int from = series.size() - limit;
            assertThat(series.last(limit).bars()).isEqualTo(series.bars().subList(from, series.size()));
            assertThat(series.slice(0, from).bars()).isEqualTo(series.bars().subList(0, from));
        }
    }

    @Test
    void columns_ofBars_holdEachField() {
        BarSeries series = BarSeries.of(List.of(new OhlcvBar(1, 2, 3, 0.5, 2.5, 6), new OhlcvBar(4, 5, 6, 4, 5.5, 7)));

        assertThat(series.openTimes()).containsExactly(1, 4);
        assertThat(series.opens()).containsExactly(2, 5);
        assertThat(series.highs()).containsExactly(3, 6);
        assertThat(series.lows()).containsExactly(0.5, 4);
        assertThat(series.closes()).containsExactly(2.5, 5.5);
        assertThat(series.volumes()).containsExactly(6, 7);
        assertThat(series.openTime(1)).isEqualTo(4);
        assertThat(series.close(1)).isEqualTo(5.5);
        assertThat(series.volume(1)).isEqualTo(7);
        assertThat(series.bar(1)).isEqualTo(new OhlcvBar(4, 5, 6, 4, 5.5, 7));
    }

    @Test
    void columns_changedByTheCaller_leaveTheSeries() {
        BarSeries series = BarSeries.of(List.of(FIRST, SECOND));
        BarSeries same = BarSeries.of(List.of(FIRST, SECOND));

        series.openTimes()[0] = 99;
        for (double[] column :
                List.of(series.opens(), series.highs(), series.lows(), series.closes(), series.volumes())) {
            column[0] = 99;
        }

        assertThat(series).isEqualTo(same);
    }

    @Test
    void builder_usedAfterBuild_leavesTheSeries() {
        BarSeriesBuilder builder = new BarSeriesBuilder(1).add(FIRST);
        BarSeries series = builder.build();

        builder.add(SECOND);

        assertThat(series.bars()).containsExactly(FIRST);
    }

    @Test
    void builder_notAscending_isRefused() {
        BarSeriesBuilder builder = new BarSeriesBuilder(2).add(SECOND);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(FIRST))
                .withMessage("bar at -5 does not open after the one before it, at 0");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add(SECOND));
        assertThat(builder.addAll(BarSeries.of(List.of(THIRD))).build().bars()).containsExactly(SECOND, THIRD);
    }

    @Test
    void addAll_partOfColumns_addsThoseBars() {
        BarSeriesBuilder builder = new BarSeriesBuilder(0);
        long[] times = {1, 2, 3, 4};
        double[] ones = {1, 1, 1, 1};
        double[] twos = {2, 3, 4, 5};

        BarSeries added = builder.addAll(times, ones, twos, ones, ones, ones, 1, 2)
                .addAll(times, ones, twos, ones, ones, ones, 2, 2)
                .addAll(times, ones, twos, ones, ones, ones, 2, 4)
                .build();

        assertThat(added.openTimes()).containsExactly(2, 3, 4);
        assertThat(added.highs()).containsExactly(3, 4, 5);
    }

    @Test
    void addAll_columnsOutOfOrder_isRefused() {
        BarSeriesBuilder builder = new BarSeriesBuilder(0);
        double[] ones = {1, 1, 1};

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.addAll(new long[] {1, 3, 3}, ones, ones, ones, ones, ones, 0, 3))
                .withMessageContaining("not in ascending order");
        builder.addAll(new long[] {1, 2, 3}, ones, ones, ones, ones, ones, 0, 2);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.addAll(new long[] {2, 3, 4}, ones, ones, ones, ones, ones, 0, 3));
        assertThat(builder.build().openTimes()).containsExactly(1, 2);
    }

    @Test
    void bars_view_isReadOnlyAndBounded() {
        List<OhlcvBar> view = BarSeries.of(List.of(FIRST, SECOND)).bars();

        assertThat(view).hasSize(2).isInstanceOf(java.util.RandomAccess.class);
        assertThatThrownBy(() -> view.set(0, THIRD)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> view.remove(0)).isInstanceOf(UnsupportedOperationException.class);
        assertThatThrownBy(() -> view.get(2)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> view.get(-1)).isInstanceOf(IndexOutOfBoundsException.class);
    }

    @Test
    void slice_notARange_isRefused() {
        BarSeries series = BarSeries.of(List.of(FIRST, SECOND));

        assertThatThrownBy(() -> series.slice(1, 3)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> series.slice(-1, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> series.slice(2, 1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> series.last(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(series.slice(1, 1)).isEqualTo(BarSeries.EMPTY);
        assertThat(series.last(5)).isSameAs(series);
    }

    @Test
    void equals_anyOtherField_isAnother() {
        BarSeries series = BarSeries.of(List.of(new OhlcvBar(1, 2, 3, 1, 2, 3)));

        assertThat(series).isEqualTo(BarSeries.of(List.of(new OhlcvBar(1, 2, 3, 1, 2, 3))));
        for (OhlcvBar other : List.of(
                new OhlcvBar(2, 2, 3, 1, 2, 3),
                new OhlcvBar(1, 9, 3, 1, 2, 3),
                new OhlcvBar(1, 2, 9, 1, 2, 3),
                new OhlcvBar(1, 2, 3, -9, 2, 3),
                new OhlcvBar(1, 2, 3, 1, 9, 3),
                new OhlcvBar(1, 2, 3, 1, 2, 9))) {
            assertThat(BarSeries.of(List.of(other))).isNotEqualTo(series);
        }
        assertThat(BarSeries.of(List.of(new OhlcvBar(0, 0.0, 0, 0, 0, 0))))
                .isNotEqualTo(BarSeries.of(List.of(new OhlcvBar(0, -0.0, 0, 0, 0, 0))));
    }

    @Test
    void toString_saysHowManyAndWhen() {
        assertThat(BarSeries.of(List.of(FIRST, THIRD))).hasToString("BarSeries[2 bars, -5..7]");
        assertThat(BarSeries.EMPTY).hasToString("BarSeries[0 bars]");
        assertThat(BarSeries.EMPTY.isEmpty()).isTrue();
    }

    @Property(tries = 200)
    void slices_ofSlices_equalTheirCopies(
            @ForAll @Size(min = 1, max = 60) Set<@IntRange(min = -50, max = 50) Integer> openTimes,
            @ForAll @IntRange(min = -60, max = 60) int one,
            @ForAll @IntRange(min = -60, max = 60) int other) {
        List<OhlcvBar> bars = openTimes.stream()
                .sorted()
                .map(openTime -> bar(openTime, openTime * 0.1))
                .toList();
        BarSeries series = BarSeries.of(bars);
        long from = Math.min(one, other);
        long to = Math.max(one, other);
        List<OhlcvBar> expected = bars.stream()
                .filter(bar -> bar.openTime() >= from && bar.openTime() < to)
                .toList();

        BarSeries cut = series.between(from, to);

        assertThat(cut.bars()).isEqualTo(expected);
        assertThat(cut).isEqualTo(BarSeries.of(expected)).hasSameHashCodeAs(BarSeries.of(expected));
        assertThat(cut.copy()).isEqualTo(cut).hasSameHashCodeAs(cut);
        assertThat(cut).hasToString(cut.copy().toString());
        int half = cut.size() / 2;
        assertThat(cut.slice(half, cut.size()).bars()).isEqualTo(expected.subList(half, expected.size()));
        assertThat(cut.last(half)).isEqualTo(cut.copy().last(half));
        assertThat(cut.closes())
                .isEqualTo(expected.stream().mapToDouble(OhlcvBar::close).toArray());
        assertThat(cut.openTimes())
                .isEqualTo(expected.stream().mapToLong(OhlcvBar::openTime).toArray());
        for (long time = -55; time <= 55; time++) {
            assertThat(cut.indexOf(time)).isEqualTo(find(cut, time));
        }
    }

    @Property(tries = 500)
    void firstFrom_anyPlace_isTheNextBar(
            @ForAll @Size(max = 60) Set<@IntRange(min = -50, max = 50) Integer> openTimes,
            @ForAll @IntRange(min = 0, max = 60) int start,
            @ForAll @IntRange(min = -60, max = 60) int time) {
        BarSeries all = BarSeries.of(
                openTimes.stream().map(openTime -> bar(openTime, 1)).toList());
        BarSeries series = all.slice(all.size() / 4, all.size() - all.size() / 4);
        int from = Math.min(start, series.size());
        int expected = from;
        while (expected < series.size() && series.openTime(expected) < time) {
            expected++;
        }

        assertThat(series.firstFrom(time, from)).isEqualTo(expected);
    }

    private static int find(BarSeries series, long time) {
        for (int i = 0; i < series.size(); i++) {
            if (series.openTime(i) == time) {
                return i;
            }
        }
        return -1;
    }

    @Test
    void slice_accessors_stayInside() {
        BarSeries middle = BarSeries.of(List.of(FIRST, SECOND, THIRD)).slice(1, 2);

        assertThat(middle.bar(0)).isEqualTo(SECOND);
        assertThatThrownBy(() -> middle.openTime(1)).isInstanceOf(IndexOutOfBoundsException.class);
        for (BarField field : BarField.values()) {
            assertThatThrownBy(() -> middle.value(field, 1)).isInstanceOf(IndexOutOfBoundsException.class);
            assertThatThrownBy(() -> middle.value(field, -1)).isInstanceOf(IndexOutOfBoundsException.class);
        }
        assertThatThrownBy(() -> middle.open(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> middle.high(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> middle.low(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> middle.close(-1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThatThrownBy(() -> middle.volume(1)).isInstanceOf(IndexOutOfBoundsException.class);
        assertThat(middle.slice(0, 1)).isSameAs(middle);
    }

    @Test
    void between_bounds_areHalfOpen() {
        BarSeries series = BarSeries.of(List.of(FIRST, SECOND, THIRD));

        assertThat(series.between(-5, 7).bars()).containsExactly(FIRST, SECOND);
        assertThat(series.between(-4, 8).bars()).containsExactly(SECOND, THIRD);
        assertThat(series.between(1, 1).isEmpty()).isTrue();
        assertThat(series.between(Long.MIN_VALUE, Long.MAX_VALUE)).isSameAs(series);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> series.between(8, 7))
                .withMessage("the range of time starts at 8, after its end 7; swap them");
    }

    @Test
    void views_ofASlice_areReadOnlyAndItsOwn() {
        BarSeries tail = BarSeries.of(List.of(
                        new OhlcvBar(1, 2, 3, 0.5, 2.5, 6),
                        new OhlcvBar(4, 5, 6, 4, 5.5, 7),
                        new OhlcvBar(9, 6, 7, 5, 6.5, 8)))
                .last(2);

        LongBuffer times = tail.openTimesView();
        assertThat(new long[] {times.get(0), times.get(1)}).containsExactly(4, 9);
        assertThat(times.capacity()).isEqualTo(2);
        assertThatThrownBy(() -> times.put(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
        assertThat(times.hasArray()).isFalse();
        for (BarField field : BarField.values()) {
            DoubleBuffer view = tail.view(field);
            assertThat(view.capacity()).isEqualTo(2);
            assertThat(new double[] {view.get(0), view.get(1)}).isEqualTo(tail.column(field));
            assertThat(view.hasArray()).isFalse();
            assertThatThrownBy(() -> view.put(0, 1)).isInstanceOf(ReadOnlyBufferException.class);
        }
        assertThat(tail.column(BarField.OPEN)).containsExactly(5, 6).isEqualTo(tail.opens());
        assertThat(tail.column(BarField.HIGH)).containsExactly(6, 7).isEqualTo(tail.highs());
        assertThat(tail.column(BarField.LOW)).containsExactly(4, 5).isEqualTo(tail.lows());
        assertThat(tail.column(BarField.CLOSE)).containsExactly(5.5, 6.5).isEqualTo(tail.closes());
        assertThat(tail.column(BarField.VOLUME)).containsExactly(7, 8).isEqualTo(tail.volumes());
    }

    @Test
    void copy_ofAWholeSeries_isTheSame() {
        BarSeries series = BarSeries.of(List.of(FIRST, SECOND));

        assertThat(series.copy()).isSameAs(series);
        assertThat(series.last(1).copy()).isNotSameAs(series.last(1)).isEqualTo(series.last(1));
    }

    @Test
    void builder_addAllOfASlice_addsOnlyThat() {
        BarSeries slice = BarSeries.of(List.of(FIRST, SECOND, THIRD)).slice(1, 3);

        assertThat(new BarSeriesBuilder(0).add(FIRST).addAll(slice).build().bars())
                .containsExactly(FIRST, SECOND, THIRD);
    }

    @Property(tries = 200)
    void builder_addBefore_anyRoom_keepsTheOrder(
            @ForAll @IntRange(max = 40) int before,
            @ForAll @IntRange(max = 40) int capacity,
            @ForAll @Size(max = 8) List<@IntRange(max = 9) Integer> counts) {
        BarSeriesBuilder builder = new BarSeriesBuilder(before, capacity).add(bar(1_000, 1));
        TreeMap<Long, OhlcvBar> model = new TreeMap<>();
        model.put(1_000L, bar(1_000, 1));
        for (int count : counts) {
            TreeMap<Long, OhlcvBar> part = new TreeMap<>();
            for (long time = model.firstKey() - count; time < model.firstKey(); time++) {
                part.put(time, bar(time, count));
            }
            model.putAll(part);
            builder.addAllBefore(BarSeries.of(part.values()));
            OhlcvBar next = bar(model.lastKey() + 1, 2);
            model.put(next.openTime(), next);
            builder.add(next);
        }

        assertThat(builder.size()).isEqualTo(model.size());
        assertThat(builder.build().bars()).isEqualTo(List.copyOf(model.values()));
    }

    @Test
    void builder_keepNewest_removesTheOthers() {
        BarSeriesBuilder builder = new BarSeriesBuilder(0).add(SECOND).add(THIRD);
        builder.addAllBefore(BarSeries.of(List.of(FIRST)));

        builder.keepNewest(5);
        assertThat(builder.size()).isEqualTo(3);
        builder.keepNewest(1);
        builder.addAllBefore(BarSeries.of(List.of(bar(6, 4))));

        assertThat(builder.build().bars()).containsExactly(bar(6, 4), THIRD);
    }

    @Test
    void builder_addBeforeNotAscending_isRefused() {
        BarSeriesBuilder builder = new BarSeriesBuilder(2).add(SECOND);

        assertThatIllegalArgumentException().isThrownBy(() -> builder.addAllBefore(BarSeries.of(List.of(SECOND))));
        assertThat(builder.build().bars()).containsExactly(SECOND);
    }

    private static OhlcvBar bar(long openTime, double price) {
        return new OhlcvBar(openTime, price, price + 1, price, price, 1);
    }
}
