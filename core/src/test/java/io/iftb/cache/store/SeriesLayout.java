package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageReader;
import io.iftb.cache.codec.page.PageRows;
import io.iftb.cache.codec.page.SealedPage;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the keys of one series directly, and checks the invariants of series.lua. */
record SeriesLayout(RedisConnection redis, RespConnection raw, String head) {

    private static final int MOST_HEAD_ROWS = 8_192;

    /** An entry of the index with its page. */
    record Page(PageEntry entry, PageRows rows) {}

    /**
     * Rows are sorted, the index says what pages hold, which do not overlap, keys live as long as their rows, and there is
     * no other key, once pages that were offered in vain are gone.
     */
    void check() {
        await().pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(5))
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(this::checkNow); // a head may be being sealed, and half a million bars take long
    }

    private void checkNow() throws IOException {
        ByteBuffer stored = ByteBuffer.wrap(bytes(head));
        boolean marked = HeadMark.isIn(stored);
        ByteBuffer rows = marked ? stored.position(HeadMark.BYTES).slice() : stored;
        assertThat(rows.remaining() % BarRow.ROW_BYTES).isZero();
        Set<String> keys = new HashSet<>();
        List<Long> times = new ArrayList<>();
        long longest = 0;
        for (Page page : pages()) {
            String key = head + ":" + page.entry.number();
            PageEntry entry = page.entry;
            assertThat(entry.bytes()).isEqualTo(bytes(key).length);
            assertThat(entry.rows()).isEqualTo(page.rows.size());
            assertThat(entry.first()).isEqualTo(page.rows.openTime(0));
            assertThat(entry.last()).isEqualTo(page.rows.openTime(page.rows.size() - 1));
            long latest = 0;
            for (int row = 0; row < page.rows.size(); row++) {
                latest = Math.max(latest, page.rows.expiry(row));
                times.add(page.rows.openTime(row));
            }
            assertThat(entry.latest()).isEqualTo(latest);
            assertThat(expiry(key)).as("expiry of " + key).isEqualTo(latest);
            longest = Math.max(longest, latest);
            keys.add(key);
        }
        assertThat(marked).as("a head with pages has a mark").isIn(true, !keys.isEmpty());
        if (marked) {
            assertThat(bytes(head)).startsWith(0xFC, 1, 0, 0, 0, 0, 0, 0);
            HeadMark mark = HeadMark.read(ByteBuffer.wrap(bytes(head)));
            assertThat(times).allSatisfy(time -> assertThat(time).isLessThan(mark.begins()));
        }
        addTimes(rows, times);
        assertThat(times).isSorted().doesNotHaveDuplicates();
        assertThat(count(rows)).isLessThanOrEqualTo(MOST_HEAD_ROWS);
        if (!keys.isEmpty()) {
            keys.add(head + ":index");
            assertThat(expiry(head + ":index")).as("expiry of the index").isEqualTo(longest);
        }
        if (rows.hasRemaining() || marked) {
            keys.add(head);
            assertThat(close(expiry(head), Math.max(longest, latest(rows))))
                    .as("expiry of the head")
                    .isTrue();
        }
        List<String> there = new ArrayList<>(raw.list("KEYS", "*"));
        if (pages().isEmpty()) {
            there.remove(head + ":index"); // names of pages that have expired
        }
        assertThat(there).containsExactlyInAnyOrderElementsOf(keys);
    }

    /** The pages that are there, by their entries. */
    List<Page> pages() throws IOException {
        List<Page> pages = new ArrayList<>();
        for (PageEntry entry : entries()) {
            byte[] bytes = bytes(head + ":" + entry.number());
            if (bytes.length > 0) {
                PageRows rows = new PageRows(entry.rows());
                if (entry.packed()) {
                    SealedPage page = SealedPage.open(ByteBuffer.wrap(bytes));
                    assertThat(entry.describes(page.header())).isTrue();
                    new PageReader().rows(page, rows);
                } else {
                    rows.addAll(PageEdit.rowsOf(bytes));
                }
                pages.add(new Page(entry, rows));
            }
        }
        return pages;
    }

    /** What the index says. */
    List<PageEntry> entries() {
        return redis
                .await(redis.query(
                        io.iftb.cache.redis.Script.load(SeriesLayout.class, "entries.lua"),
                        Reply.LIST,
                        List.of(head + ":index")))
                .stream()
                .map(PageEntry::read)
                .toList();
    }

    /** How many rows the head has. */
    int headRows() {
        return bytes(head).length / BarRow.ROW_BYTES;
    }

    private static boolean close(long expiry, long wanted) {
        return expiry >= wanted && expiry - wanted <= 50;
    }

    private byte[] bytes(String key) {
        byte[] bytes = redis.await(redis.read(Reply.BYTES, Command.GET, key));
        return bytes == null ? new byte[0] : bytes;
    }

    private static int count(ByteBuffer rows) {
        return rows.remaining() / BarRow.ROW_BYTES;
    }

    private static void addTimes(ByteBuffer rows, List<Long> times) {
        for (int row = 0; row < count(rows); row++) {
            times.add(BarRow.openTime(rows, row));
        }
    }

    private static long latest(ByteBuffer rows) {
        long latest = 0;
        for (int row = 0; row < count(rows); row++) {
            latest = Math.max(latest, BarRow.expiry(rows, row));
        }
        return latest;
    }

    /** As PEXPIRETIME, which Redis 6.2 lacks: the time left at a millisecond that is the same before and after. */
    private long expiry(String key) throws IOException {
        while (true) {
            long before = millis();
            long left = raw.number("PTTL", key);
            if (left == -1) {
                return BarRow.NEVER;
            }
            if (left < 0 || millis() == before) {
                return before + left;
            }
        }
    }

    private long millis() throws IOException {
        List<String> time = raw.list("TIME");
        return Long.parseLong(time.get(0)) * 1_000 + Long.parseLong(time.get(1)) / 1_000;
    }
}
