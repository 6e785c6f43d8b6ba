package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
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
        BarSeries.Builder builder = new BarSeries.Builder(0);
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
        BarSeries.Builder builder = new BarSeries.Builder(1).add(FIRST);
        BarSeries series = builder.build();

        builder.add(SECOND);

        assertThat(series.bars()).containsExactly(FIRST);
    }

    @Test
    void builder_notAscending_isRefused() {
        BarSeries.Builder builder = new BarSeries.Builder(2).add(SECOND);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> builder.add(FIRST))
                .withMessage("bar at -5 does not open after the one before it, at 0");
        assertThatIllegalArgumentException().isThrownBy(() -> builder.add(SECOND));
        assertThat(builder.addAll(BarSeries.of(List.of(THIRD))).build().bars()).containsExactly(SECOND, THIRD);
    }

    @Test
    void addAll_partOfColumns_addsThoseBars() {
        BarSeries.Builder builder = new BarSeries.Builder(0);
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
        BarSeries.Builder builder = new BarSeries.Builder(0);
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

    private static OhlcvBar bar(long openTime, double price) {
        return new OhlcvBar(openTime, price, price + 1, price, price, 1);
    }
}
