package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.ReplyFuture;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Reads the head of a series together with its index, and remembers the index. */
record IndexRead(SeriesReader reader, SeriesKey series) {

    /** A head, and the index that belongs to it. */
    record Found(HeadPart head, PageIndex index) {}

    /**
     * Reads both; completes with null if the index changed meanwhile.
     *
     * @param head reads the head
     */
    CompletableFuture<@Nullable Found> read(Commands commands, Function<Commands, CompletableFuture<HeadPart>> head) {
        Batch batch = commands.batch();
        CompletableFuture<HeadPart> part = head.apply(batch);
        CompletableFuture<List<byte[]>> entries = reader.entries(batch, series);
        CompletableFuture<@Nullable HeadMark> after = reader.mark(batch, series);
        batch.send();
        return ReplyFuture.then(
                ReplyFuture.joined(List.of(part, entries, after)),
                done -> batch.isOutOfOrder()
                        ? readInOrder(commands, head) // the mark may not be the last that was read
                        : CompletableFuture.completedFuture(found(part.join(), entries.join(), after.join())));
    }

    private CompletableFuture<@Nullable Found> readInOrder(
            Commands commands, Function<Commands, CompletableFuture<HeadPart>> head) {
        return ReplyFuture.then(
                head.apply(commands),
                part -> ReplyFuture.then(
                        reader.entries(commands, series),
                        entries -> ReplyFuture.then(
                                reader.mark(commands, series),
                                after -> CompletableFuture.completedFuture(found(part, entries, after)))));
    }

    private @Nullable Found found(HeadPart part, List<byte[]> entries, @Nullable HeadMark after) {
        HeadMark mark = part.mark();
        PageIndex index = null;
        if (mark == null) {
            index = PageIndex.NONE;
        } else if (after != null && mark.revision() == after.revision()) {
            index = new PageIndex(mark, entries);
        }
        if (index != null && !part.isNothing()) {
            reader.indexes().put(series, index);
        }
        return index == null ? null : new Found(part, index);
    }
}
