package io.iftb.cache;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.DomainCache;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.store.CacheBackend;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.Lifetimes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.Tag;
import net.jqwik.api.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Reads return what was written, bit for bit, in any order of writes; a {@code TreeMap} is the model. */
class BarsRoundTripTest {

    private static final SeriesKey SERIES = SeriesKey.of("BTC/USDT:USDT", "4h");
    private static final int IN_FLIGHT = 1_000;

    private static final boolean THOROUGH = Boolean.getBoolean("iftb.test.thorough");

    private static final Order[] ORDERS = THOROUGH
            ? Order.values()
            : new Order[] {Order.REVERSE}; // many other tests write forward, and the property in any order

    /** In which order bars are written. */
    enum Order {
        FORWARD,
        REVERSE,
        SHUFFLED,
        TWICE;

        List<OhlcvBar> of(List<OhlcvBar> bars, Random random) {
            List<OhlcvBar> ordered = new ArrayList<>(bars);
            switch (this) {
                case FORWARD -> {}
                case REVERSE -> Collections.reverse(ordered);
                case SHUFFLED -> Collections.shuffle(ordered, random);
                case TWICE -> ordered.addAll(bars);
            }
            return ordered;
        }
    }

    static Stream<Arguments> candlesInEveryOrder() {
        return Stream.concat(
                Candles.generated().flatMap(candles -> Stream.of(ORDERS).map(order -> Arguments.of(candles, order))),
                Candles.shared().map(candles -> Arguments.of(candles, Order.SHUFFLED)));
    }

    @ParameterizedTest
    @MethodSource("candlesInEveryOrder")
    void bars_ofASeries_comeBackBitForBit(Candles candles, Order order) {
        Random random = new Random((candles + " " + order).hashCode());

        try (Writer writer = new Writer()) {
            writer.writeInBatches(order.of(candles.bars(), random), random);
            assertThat(writer.model).hasSameSizeAs(candles.bars());
            writer.assertComesBack(random);
        }
    }

    @ParameterizedTest
    @MethodSource("candlesInEveryOrder")
    void bars_ofASeriesOneByOne_comeBackBitForBit(Candles candles, Order order) {
        Random random = new Random((candles + " " + order).hashCode());
        List<OhlcvBar> all = candles.bars();
        List<OhlcvBar> sample = all.subList(0, Math.min(all.size(), THOROUGH ? 250 : 40));

        try (Writer writer = new Writer()) {
            // older bars in pages, so that a single bar can go there
            writer.writeInBatches(all.subList(sample.size(), Math.min(all.size(), 3_000)), random);
            order.of(sample, random).forEach(writer::writeOne);
            writer.assertComesBack(random);
        }
    }

    /** Irregular times with gaps, from before 1970 to the far future, with repetitions. */
    @Provide
    Arbitrary<List<OhlcvBar>> bars() {
        Arbitrary<Long> anywhere = Arbitraries.longs().between(-(1L << 53) + 1, (1L << 53) - 1);
        Arbitrary<Long> near = Arbitraries.longs().between(-4_000, 4_000).map(hour -> hour * 3_600_000);
        Arbitrary<Double> prices = Arbitraries.frequencyOf(
                Tuple.of(8, Arbitraries.doubles().between(-1e6, 1e6)),
                Tuple.of(1, Arbitraries.of(0.0, -0.0, Double.MIN_VALUE, 1e300, -1e300, 0.1 + 0.2, Double.MIN_NORMAL)));
        return Combinators.combine(
                        Arbitraries.frequencyOf(Tuple.of(9, near), Tuple.of(1, anywhere)),
                        prices,
                        prices,
                        prices,
                        prices.map(Math::abs))
                .as((time, open, high, low, volume) ->
                        new OhlcvBar(time, open, Math.max(high, low), Math.min(high, low), -open, volume))
                .list()
                .ofMinSize(1)
                .ofMaxSize(6_000)
                .withSizeDistribution(RandomDistribution.uniform());
    }

    @Tag("thorough")
    @Property(tries = 12, edgeCases = EdgeCasesMode.NONE)
    void manyBars_generated_comeBackBitForBit(
            @ForAll("bars") List<OhlcvBar> bars, @ForAll Order order, @ForAll long seed) {
        bars_generated_comeBackBitForBit(bars, order, seed);
    }

    @Property(tries = 6, edgeCases = EdgeCasesMode.NONE)
    void bars_generated_comeBackBitForBit(@ForAll("bars") List<OhlcvBar> bars, @ForAll Order order, @ForAll long seed) {
        Random random = new Random(seed);
        try (Writer writer = new Writer()) {
            writer.writeInBatches(order.of(bars, random), random);
            writer.assertComesBack(random);
        }
    }

    /** Writes to the server and to a model. */
    private static final class Writer implements AutoCloseable {

        private final MarketCaches caches = MarketCaches.open(TestServer.uri());
        private final CacheBackend<BarKey, OhlcvBar> single = caches.backend("ohlcv", BarKey.class, OhlcvBar.class);
        private final TreeMap<Long, OhlcvBar> model = new TreeMap<>();

        Writer() {
            TestServer.flush();
        }

        void writeInBatches(List<OhlcvBar> bars, Random random) {
            for (int from = 0; from < bars.size(); ) {
                int to = Math.min(bars.size(), from + 1 + random.nextInt(random.nextBoolean() ? 50 : 4_000));
                List<OhlcvBar> batch = bars.subList(from, to);
                if (random.nextBoolean()) {
                    caches.ohlcv().put(SERIES, batch, OhlcvCache.NEVER);
                } else {
                    Map<BarKey, byte[]> entries = batch.stream()
                            .collect(Collectors.toMap(
                                    bar -> BarKey.of(SERIES, bar.openTime()),
                                    single.codec()::encode,
                                    (first, last) -> last));
                    single.store().putAll(entries, single.lifetimes()).join();
                }
                batch.forEach(bar -> model.put(bar.openTime(), bar));
                from = to;
            }
        }

        void writeOne(OhlcvBar bar) {
            single.store()
                    .put(
                            BarKey.of(SERIES, bar.openTime()),
                            single.codec().encode(bar),
                            single.lifetimes(),
                            Condition.ANY)
                    .join();
            model.put(bar.openTime(), bar);
        }

        void assertComesBack(Random random) {
            List<OhlcvBar> all = List.copyOf(model.values());
            assertThat(caches.ohlcv().range(SERIES, Long.MIN_VALUE, Long.MAX_VALUE))
                    .isEqualTo(BarSeries.of(all));
            for (int limit :
                    new int[] {1, 100, 1_023, 1_024, 2_046, 2_047, 5_000, Math.max(1, all.size()), all.size() + 1}) {
                int from = Math.max(0, all.size() - limit);
                assertThat(caches.ohlcv().latest(SERIES, limit).bars()).isEqualTo(all.subList(from, all.size()));
            }
            for (int i = 0; i < 10 && !all.isEmpty(); i++) {
                int one = random.nextInt(all.size());
                int other = random.nextInt(all.size());
                long from = all.get(Math.min(one, other)).openTime();
                long to = all.get(Math.max(one, other)).openTime();
                assertThat(caches.ohlcv().range(SERIES, from, to).bars())
                        .isEqualTo(List.copyOf(model.subMap(from, to).values()));
            }
            assertThat(singles(all)).isEqualTo(all);
            assertThat(caches.counters(DomainCache.OHLCV).corrupt()).isZero();
        }

        private List<@Nullable OhlcvBar> singles(List<OhlcvBar> all) {
            List<@Nullable OhlcvBar> found = new ArrayList<>();
            for (int from = 0; from < all.size(); from += IN_FLIGHT) {
                List<CompletableFuture<@Nullable OhlcvBar>> reads = new ArrayList<>();
                for (OhlcvBar bar : all.subList(from, Math.min(all.size(), from + IN_FLIGHT))) {
                    BarKey key = BarKey.of(SERIES, bar.openTime());
                    reads.add(single.store().get(key, Lifetimes.KEEP).thenApply(bytes -> single.read(key, bytes)));
                }
                reads.forEach(read -> found.add(read.join()));
            }
            return found;
        }

        @Override
        public void close() {
            caches.close();
        }
    }
}
