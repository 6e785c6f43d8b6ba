package io.iftb.cache.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.embedded.RespConnection;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.RedisConnection;
import io.iftb.cache.redis.Reply;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Reads the keys of one series directly, and checks the invariants of series.lua. */
record SeriesLayout(RedisConnection redis, RespConnection raw, String head) {

    /** Rows are sorted, head and pages have their sizes, the index names the pages, keys live as long as their rows. */
    void check() throws IOException {
        List<String> pages = raw.list("ZRANGE", head + ":pages", "0", "-1");
        Set<String> keys = new HashSet<>();
        List<Long> times = new ArrayList<>();
        long longest = 0;
        for (String page : pages) {
            String key = head + ":" + page;
            ByteBuffer rows = rows(key);
            if (rows.hasRemaining()) { // else the server has removed it, and its name goes when pages next change
                assertThat(count(rows)).as(key).isLessThanOrEqualTo(1_023);
                assertThat(BarRow.openTime(rows, 0)).isEqualTo(Long.parseLong(page));
                assertThat(expiry(key)).as("expiry of " + key).isEqualTo(latest(rows));
                longest = Math.max(longest, latest(rows));
                addTimes(rows, times);
                keys.add(key);
            }
        }
        ByteBuffer rows = rows(head);
        int inPages = times.size();
        addTimes(rows, times);
        assertThat(times).isSorted().doesNotHaveDuplicates();
        assertThat(count(rows)).isLessThanOrEqualTo(2_046);
        assertThat(count(rows)).isGreaterThanOrEqualTo(Math.min(times.size(), 1_023));
        if (!pages.isEmpty()) {
            keys.add(head + ":pages");
        }
        if (inPages > 0) {
            assertThat(close(expiry(head + ":pages"), longest))
                    .as("expiry of the index")
                    .isTrue();
        }
        if (rows.hasRemaining()) {
            keys.add(head);
            assertThat(close(expiry(head), Math.max(longest, latest(rows))))
                    .as("expiry of the head")
                    .isTrue();
        }
        List<String> there = new ArrayList<>(raw.list("KEYS", "*"));
        there.remove(head + ":revision"); // only series of many pages have one, and not for long
        assertThat(keys).containsExactlyInAnyOrderElementsOf(there);
    }

    private static boolean close(long expiry, long wanted) {
        return expiry >= wanted && expiry - wanted <= 50;
    }

    private ByteBuffer rows(String key) {
        byte[] bytes = redis.await(redis.read(Reply.BYTES, Command.GET, key));
        return ByteBuffer.wrap(bytes == null ? new byte[0] : bytes);
    }

    private static int count(ByteBuffer rows) {
        assertThat(rows.remaining() % BarRow.ROW_BYTES).isZero();
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
            latest = Math.max(latest, rows.getLong(row * BarRow.ROW_BYTES + 8));
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
