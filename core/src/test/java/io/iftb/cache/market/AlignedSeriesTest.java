package io.iftb.cache.market;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NoSuchElementException;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class AlignedSeriesTest {

    private static final double MISSING = -99;

    @Test
    void inner_twoSeries_hasTheTimesOfBoth() {
        AlignedSeries rows = AlignedSeries.inner(List.of(series(1, 2, 4, 5), series(2, 3, 5, 6)));

        assertThat(rows.openTimes()).containsExactly(2, 5);
        assertThat(rows.value(0, BarField.CLOSE, 1)).isEqualTo(5);
        assertThat(rows.indexAt(1, 1)).isEqualTo(2);
        assertThat(rows.bars(0)).isEqualTo(series(2, 5));
        assertThat(rows.column(1, BarField.CLOSE, MISSING)).containsExactly(2, 5);
        assertThat(rows).hasToString("AlignedSeries[2 series, 2 rows]");
    }

    @Test
    void outer_twoSeries_marksWhatIsMissing() {
        AlignedSeries rows = AlignedSeries.outer(List.of(series(2, 4), series(1, 4, 5)));

        assertThat(rows.openTimes()).containsExactly(1, 2, 4, 5);
        assertThat(rows.rowsOf(0)).isEqualTo(BitSet.valueOf(new long[] {0b0110}));
        assertThat(rows.rowsOf(1)).isEqualTo(BitSet.valueOf(new long[] {0b1101}));
        assertThat(rows.column(0, BarField.CLOSE, MISSING)).containsExactly(MISSING, 2, 4, MISSING);
        assertThat(rows.filledColumn(0, BarField.CLOSE, MISSING)).containsExactly(MISSING, 2, 4, 4);
        assertThat(rows.filledColumn(1, BarField.CLOSE, MISSING)).containsExactly(1, 1, 4, 5);
        assertThatThrownBy(() -> rows.value(0, BarField.CLOSE, 3))
                .isInstanceOf(NoSuchElementException.class)
                .hasMessage("series 0 has no bar at 5, row 3; ask has(number, row) before");
    }

    @Test
    void inner_rowsInOnePiece_shareTheColumns() {
        BarSeries all = series(1, 2, 3, 4);
        AlignedSeries rows = AlignedSeries.inner(List.of(all, series(2, 3)));

        assertThat(rows.bars(0)).isEqualTo(series(2, 3));
        assertThat(rows.bars(0).copy()).isNotSameAs(rows.bars(0));
        assertThat(AlignedSeries.inner(List.of(all, all)).bars(1)).isSameAs(all);
        assertThat(AlignedSeries.outer(List.of(all, series(9))).bars(0)).isSameAs(all);
    }

    @Test
    void align_nothing_isRefused() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AlignedSeries.inner(List.of()))
                .withMessage("there is no series to align; give one or more");
        assertThatIllegalArgumentException().isThrownBy(() -> AlignedSeries.outer(List.of()));
    }

    @Test
    void align_anEmptySeries_hasNoRowsInCommon() {
        List<BarSeries> series = List.of(series(1, 2), BarSeries.EMPTY);

        assertThat(AlignedSeries.inner(series).rows()).isZero();
        assertThat(AlignedSeries.inner(series).bars(0)).isEqualTo(BarSeries.EMPTY);
        assertThat(AlignedSeries.outer(series).openTimes()).containsExactly(1, 2);
        assertThat(AlignedSeries.outer(series).filledColumn(1, BarField.CLOSE, MISSING))
                .containsExactly(MISSING, MISSING);
    }

    @Property(tries = 500)
    void align_anySeries_equalsMaps(
            @ForAll @Size(min = 1, max = 5)
                    List<@Size(max = 30) Set<@IntRange(min = -20, max = 20) Integer>> openTimes) {
        List<BarSeries> series = openTimes.stream()
                .map(times ->
                        series(times.stream().mapToLong(time -> time).sorted().toArray()))
                .toList();
        List<NavigableMap<Long, Integer>> maps = series.stream()
                .map(bars -> {
                    NavigableMap<Long, Integer> map = new TreeMap<>();
                    for (int i = 0; i < bars.size(); i++) {
                        map.put(bars.openTime(i), i);
                    }
                    return map;
                })
                .toList();
        TreeSet<Long> union = new TreeSet<>();
        maps.forEach(map -> union.addAll(map.keySet()));
        TreeSet<Long> common = new TreeSet<>(union);
        maps.forEach(map -> common.retainAll(map.keySet()));

        assertRows(AlignedSeries.outer(series), union, series, maps);
        assertRows(AlignedSeries.inner(series), common, series, maps);
    }

    private static void assertRows(
            AlignedSeries rows, Set<Long> times, List<BarSeries> series, List<NavigableMap<Long, Integer>> maps) {
        assertThat(rows.openTimes())
                .isEqualTo(times.stream().mapToLong(time -> time).toArray());
        assertThat(rows.rows()).isEqualTo(times.size());
        assertThat(rows.count()).isEqualTo(series.size());
        for (int number = 0; number < series.size(); number++) {
            BarSeries bars = series.get(number);
            assertThat(rows.series(number)).isSameAs(bars);
            double[] column = rows.column(number, BarField.HIGH, MISSING);
            double[] filled = rows.filledColumn(number, BarField.HIGH, MISSING);
            int row = 0;
            for (long time : times) {
                Integer index = maps.get(number).get(time);
                Map.Entry<Long, Integer> latest = maps.get(number).floorEntry(time);
                assertThat(rows.openTime(row)).isEqualTo(time);
                assertThat(rows.has(number, row)).isEqualTo(index != null);
                assertThat(rows.rowsOf(number).get(row)).isEqualTo(index != null);
                assertThat(rows.indexAt(number, row)).isEqualTo(index == null ? -1 : index);
                assertThat(rows.latestIndexAt(number, row)).isEqualTo(latest == null ? -1 : latest.getValue());
                assertThat(column[row]).isEqualTo(index == null ? MISSING : bars.high(index));
                assertThat(filled[row]).isEqualTo(latest == null ? MISSING : bars.high(latest.getValue()));
                row++;
            }
            assertThat(rows.bars(number).bars())
                    .isEqualTo(bars.bars().stream()
                            .filter(bar -> times.contains(bar.openTime()))
                            .toList());
        }
    }

    private static BarSeries series(long... openTimes) {
        BarSeriesBuilder bars = new BarSeriesBuilder(openTimes.length);
        for (long openTime : openTimes) {
            double price = (double) openTime;
            bars.add(openTime, price, price + 1, price - 1, price, 1);
        }
        return bars.build();
    }
}
