package io.iftb.cache.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BarImportTest {

    private final List<List<OhlcvBar>> batches = new ArrayList<>();
    private final List<Long> progress = new ArrayList<>();
    private final BarImport run = new BarImport(this::take, progress::add, false, false);

    @AfterEach
    void close() {
        run.close();
    }

    private void take(BarSeries batch) {
        batches.add(List.copyOf(batch.bars()));
    }

    @Test
    void bar_manyBars_goInBatchesOf10000() {
        for (int i = 0; i < 20_001; i++) {
            run.bar(i + 2, bar(i, 1));
        }
        run.finish();
        assertThat(batches).extracting(List::size).containsExactly(10_000, 10_000, 1);
        assertThat(progress).containsExactly(10_000L, 20_000L, 20_001L);
    }

    @Test
    void bar_sameTimeTwiceInABatch_isInItOnceAsTheLastOne() {
        run.bar(2, bar(5, 1));
        run.bar(3, bar(4, 1));
        run.bar(4, bar(5, 2));
        run.finish();
        assertThat(batches).containsExactly(List.of(bar(4, 1), bar(5, 2)));
        assertThat(run.result()).isEqualTo(new BarImport.Result(3, 2, 1, 0, 0, Map.of(), 4, 5));
    }

    @Test
    void finish_nothingRead_storesNothing() {
        run.refused(2, "rubbish");
        run.finish();
        assertThat(batches).isEmpty();
        assertThat(run.result().refused()).isEqualTo(1);
        assertThat(run.result().complaints()).containsExactly(Map.entry(2L, "rubbish"));
    }

    @Test
    void result_inOrder_countsAllRows() {
        BarImport inOrder = new BarImport(this::take, progress::add, false, true);
        for (int i = 0; i < 25_000; i++) {
            inOrder.bar(i + 2, bar(i, 1));
        }
        inOrder.withoutPrices(25_002);
        inOrder.finish();
        inOrder.close();
        assertThat(inOrder.result()).isEqualTo(new BarImport.Result(25_001, 25_000, 0, 1, 0, Map.of(), 0, 24_999));
    }

    @Test
    void bar_shuffledWithTimesTwice_isStoredInOrderAndTheLastOneCounts() throws IOException {
        Set<Path> before = temporaryFiles();
        Random random = new Random(7);
        TreeMap<Long, OhlcvBar> expected = new TreeMap<>();
        long rows = 45_000;
        try (BarImport shuffled = new BarImport(this::take, progress::add, false, false)) {
            for (int i = 0; i < rows; i++) {
                OhlcvBar bar = bar(random.nextInt(40_000), i);
                expected.put(bar.openTime(), bar);
                shuffled.bar(i + 2, bar);
            }
            shuffled.finish();

            assertThat(shuffled.result().stored()).isEqualTo(expected.size());
            assertThat(shuffled.result().duplicates()).isEqualTo(rows - expected.size());
        }
        assertThat(batches).allMatch(batch -> batch.size() <= 10_000);
        assertThat(batches.stream().flatMap(List::stream)).containsExactlyElementsOf(expected.values());
        assertThat(temporaryFiles()).isEqualTo(before);
    }

    private static Set<Path> temporaryFiles() throws IOException {
        try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
            return files.filter(file -> file.toString().endsWith(".bars")).collect(Collectors.toSet());
        }
    }

    private static OhlcvBar bar(long openTime, double volume) {
        return new OhlcvBar(openTime, 1, 1, 1, 1, volume);
    }
}
