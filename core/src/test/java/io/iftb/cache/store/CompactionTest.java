package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.TestServer;
import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.market.BarKey;
import io.iftb.cache.market.BarSeries;
import io.iftb.cache.market.OhlcvBar;
import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.FaultProxy;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.store.EntryStore.Condition;
import io.iftb.cache.store.PageEdit.Link;
import io.iftb.cache.store.PageLinks.Exchange;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Pages of rows are packed soon, whatever others do to them meanwhile, and whoever has made them. */
class CompactionTest {

    private static final SeriesKey BTC = SeriesKey.of("BTCUSDT", "1m");
    private static final String HEAD = "ohlcv:{BTCUSDT:1m}";
    private static final long MINUTE = 60_000;

    /** So new that all bars go to the head at first. */
    private static final long START = System.currentTimeMillis() / MINUTE * MINUTE;

    private static final Lifetimes KEEPING = new Lifetimes(Lifetimes.ETERNAL, Lifetimes.KEEP);

    private static RedisConnection redis;
    private static SeriesScripts scripts;
    private static SeriesAccess access;
    private static RespConnection raw;
    private static SeriesLayout layout;

    @BeforeAll
    static void connect() {
        redis = TestServer.connect();
        scripts = new SeriesScripts(redis, new Keys(""));
        access = SeriesAccess.of(scripts, new SeriesDamage());
        raw = TestServer.raw();
        layout = new SeriesLayout(redis, raw, HEAD);
    }

    @AfterAll
    static void disconnect() throws IOException {
        redis.close();
        raw.close();
    }

    @BeforeEach
    void flush() {
        TestServer.flush();
    }

    /** Writes bars by a program that ends before it packs any page. */
    private static void fill(int bars) {
        try (BusyPageThreads busy = new BusyPageThreads();
                RedisConnection other = TestServer.connect()) {
            CandleStore store = store(SeriesAccess.of(new SeriesScripts(other, new Keys("")), new SeriesDamage()));
            for (int from = 0; from < bars; from += 2_000) {
                other.await(store.upsert(BTC, bars(from, Math.min(2_000, bars - from)), Lifetimes.ETERNAL));
            }
            assertThat(busy.waiting()).isPositive();
        }
    }

    @Test
    void pack_ofPagesOfWhichOneIsReplacedMeanwhile_packsTheOthers() throws IOException {
        fill(34_000);
        List<SeriesLayout.Page> pages = layout.pages();
        assertThat(pages).hasSizeGreaterThan(3).noneMatch(page -> page.entry().packed());
        CompletableFuture<Compaction.Walk> packed;
        try (BusyPageThreads busy = new BusyPageThreads()) {
            packed = new Compaction(scripts, access.links()).pack(BTC);
            await().until(() -> busy.waiting() == 1); // it has read the pages
            replace(pages.get(1));
        }

        assertThat(redis.await(packed).made()).isPositive();
        assertIsPacked(34_000);
    }

    private static void replace(SeriesLayout.Page page) {
        PageRows rows = page.rows();
        Link link = Link.of(new PageMaker(BTC).fullPages(rows, 0, rows.size()));
        link.remove(page.entry().toBytes());
        assertThat(redis.await(access.links().exchange(redis, new Exchange(BTC, link)))
                        .isMade())
                .isTrue();
    }

    @Test
    void pack_ofPagesOfWhichOneWasEvicted_packsTheOthers() throws IOException {
        fill(34_000);
        PageEntry evicted = layout.entries().get(1);
        raw.call("DEL", HEAD + ":" + evicted.number());

        assertThat(redis.await(new Compaction(scripts, access.links()).pack(BTC))
                        .made())
                .isPositive();

        assertThat(layout.entries()).filteredOn(entry -> !entry.packed()).containsExactly(evicted);
        assertThat(layout.pages().stream().mapToInt(page -> page.rows().size()).sum() + evicted.rows())
                .isEqualTo(34_000 - layout.headRows());
    }

    /** Single bars are written by scripts of their own. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void barWithACondition_intoAFullHead_packsTheRowsThatGiveWay(boolean isCompared) {
        fill(8_192);
        assertThat(layout.headRows()).isEqualTo(8_192);
        BarEntryStore entries = new BarEntryStore(store(access), access, new ChangeChannel("changes"));
        BarKey key = new BarKey("BTCUSDT", BTC.timeframe(), START + 8_192 * MINUTE);
        byte[] value = BarRow.values(bars(8_192, 1), 0, 1);

        redis.await(
                isCompared
                        ? entries.compareAndSet(new EntryStore.Change<>(key, null, value, Lifetimes.ETERNAL))
                        : entries.put(key, value, KEEPING, Condition.ANY));

        assertIsPacked(8_193);
    }

    /** The rows that a first page had no room for stay in the head, until there are many again. */
    @Test
    void seal_askedForAgainMeanwhile_makesOnePage() {
        CandleStore store = store(access);
        redis.await(store.upsert(BTC, bars(0, 2_000), Lifetimes.ETERNAL));
        try (BusyPageThreads busy = new BusyPageThreads()) {
            redis.await(store.upsert(BTC, bars(2_000, 47), Lifetimes.ETERNAL));
            await().until(() -> busy.waiting() == 1);
            redis.await(store.upsert(BTC, bars(2_047, 1), Lifetimes.ETERNAL));
        }
        await().until(() -> !layout.entries().isEmpty());

        await().during(Duration.ofMillis(300)).until(() -> layout.entries().size() == 1);
        layout.check();
    }

    @Test
    void pack_thatWasCutOff_isTriedAgainByALaterWrite() throws Exception {
        int unpacked = 0;
        for (int step = 1; step <= 3; step++) {
            TestServer.flush();
            fill(8_192);
            try (FaultProxy proxy = new FaultProxy(TestServer.port());
                    RedisConnection cut = RedisConnection.open(TestServer.settings(proxy.uri()))) {
                CandleStore store = store(SeriesAccess.of(new SeriesScripts(cut, new Keys("")), new SeriesDamage()));
                cut.await(store.describe(BTC));
                proxy.onceAfter(step, FaultProxy.Fault.CUT_REQUESTS);
                cut.await(store.upsert(BTC, bars(8_192, 1), Lifetimes.ETERNAL));
                await().until(() -> !proxy.isPending());
                Thread.sleep(200); // nothing tries it by itself
                unpacked += layout.entries().stream().allMatch(PageEntry::packed) ? 0 : 1;
                await().pollInterval(Duration.ofMillis(300)).untilAsserted(() -> {
                    cut.await(store.upsert(BTC, bars(8_192, 1), Lifetimes.ETERNAL));
                    assertThat(layout.entries()).isNotEmpty().allMatch(PageEntry::packed);
                });
            }
        }
        assertThat(unpacked).isPositive();
    }

    private static void assertIsPacked(int bars) {
        await().untilAsserted(() -> {
            assertThat(layout.entries()).isNotEmpty().allMatch(PageEntry::packed);
            assertThat(redis.await(store(access).describe(BTC)).rows()).isEqualTo(bars);
        });
        layout.check();
    }

    private static CandleStore store(SeriesAccess access) {
        return new RedisCandleStore(access);
    }

    private static BarSeries bars(int from, int count) {
        return BarSeries.of(IntStream.range(from, from + count)
                .mapToObj(minute -> {
                    double price = 1_000 + ((minute * 2_654_435_761L) >>> 7) % 65_536 / 100.0; // no page holds many
                    return new OhlcvBar(START + minute * MINUTE, price, price + 2, price - 1, price + 1, minute);
                })
                .toList());
    }
}
