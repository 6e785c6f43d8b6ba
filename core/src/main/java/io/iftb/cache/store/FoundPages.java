package io.iftb.cache.store;

import io.iftb.cache.market.SeriesKey;
import io.iftb.cache.redis.Batch;
import io.iftb.cache.redis.Command;
import io.iftb.cache.redis.Commands;
import io.iftb.cache.redis.Reply;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a script found out about bars that belong to pages, which a client has to change.
 *
 * @param mark of the head; null if it has none
 * @param now epoch milliseconds of the server
 * @param pages those that cover the bars, sorted
 */
record FoundPages(@Nullable HeadMark mark, long now, List<Found> pages) {

    /** Not read yet. */
    static final byte[] TO_READ = {};

    /**
     * A page of the index.
     *
     * @param packedEntry its entry, as it is in the index
     * @param bytes the page; null if it is not on the server
     */
    @SuppressWarnings("ArrayRecordComponent") // never compared
    record Found(byte[] packedEntry, PageEntry entry, byte @Nullable [] bytes) {

        Found(byte[] packedEntry, byte @Nullable [] bytes) {
            this(packedEntry, PageEntry.read(packedEntry), bytes == null || bytes.length > 0 ? bytes : TO_READ);
        }

        boolean isToBeRead() {
            return bytes == TO_READ;
        }
    }

    /** Reads the end of a reply: mark, time, entries and pages. */
    static FoundPages read(List<Object> reply, int from) {
        byte[] mark = (byte[]) reply.get(from);
        List<Found> pages = new ArrayList<>();
        for (int i = from + 2; i < reply.size(); i += 2) {
            pages.add(new Found((byte[]) reply.get(i), (byte[]) reply.get(i + 1)));
        }
        return new FoundPages(HeadMark.of(mark), number((byte[]) reply.get(from + 1)), pages);
    }

    /** What was found for several bars of one series; the newest is what counts for a page that was found twice. */
    static FoundPages joined(List<FoundPages> all) {
        TreeMap<Long, Found> pages = new TreeMap<>();
        all.forEach(each -> each.pages.forEach(page -> pages.put(page.entry.first(), page)));
        FoundPages newest = all.get(all.size() - 1);
        return new FoundPages(newest.mark, newest.now, List.copyOf(pages.values()));
    }

    /** The open time from which on bars belong to the head. */
    long begins() {
        return mark == null ? Long.MIN_VALUE : mark.begins();
    }

    static long number(byte[] text) {
        return Long.parseLong(new String(text, StandardCharsets.US_ASCII));
    }

    /** Reads the pages that the script did not return. */
    CompletableFuture<FoundPages> load(Commands commands, Keys keys, SeriesKey series) {
        List<Found> missing = pages.stream().filter(Found::isToBeRead).toList();
        if (missing.isEmpty()) {
            return CompletableFuture.completedFuture(this);
        }
        return readAll(
                        commands,
                        keys,
                        series,
                        missing.stream().map(Found::entry).toList())
                .thenApply(read -> {
                    List<Found> all = new ArrayList<>();
                    int next = 0;
                    for (Found page : pages) {
                        all.add(page.isToBeRead() ? new Found(page.packedEntry, page.entry, read.get(next++)) : page);
                    }
                    return new FoundPages(mark, now, all);
                });
    }

    /** The entries of pages that had to be read, and were not there. */
    List<byte[]> notThereOf(FoundPages before) {
        List<byte[]> entries = new ArrayList<>();
        for (int i = 0; i < pages.size(); i++) {
            if (before.pages.get(i).isToBeRead() && pages.get(i).bytes == null) {
                entries.add(pages.get(i).packedEntry);
            }
        }
        return entries;
    }

    /** Whether the index names all of some entries. */
    boolean name(List<byte[]> entries) {
        return entries.stream()
                .allMatch(entry -> pages.stream().anyMatch(page -> Arrays.equals(page.packedEntry, entry)));
    }

    private static CompletableFuture<List<byte @Nullable []>> readAll(
            Commands commands, Keys keys, SeriesKey series, List<PageEntry> entries) {
        return inPieces(
                commands,
                entries,
                PageEntry::bytes,
                (batch, entry) -> batch.read(Reply.BYTES, Command.GET, keys.page(series, entry.number())));
    }

    /** Reads pages in one batch, or several for more than 4 MiB; null for those that are not on the server. */
    static <T> CompletableFuture<List<byte @Nullable []>> inPieces(
            Commands commands,
            List<T> pages,
            ToLongFunction<T> bytes,
            BiFunction<Batch, T, CompletableFuture<byte @Nullable []>> read) {
        return new Pieces<>(pages, page -> 1, bytes, Pieces.MAX_ENTRIES)
                .send("read", piece -> {
                    Batch batch = commands.batch();
                    List<CompletableFuture<byte @Nullable []>> reads = new ArrayList<>();
                    piece.forEach(page -> reads.add(read.apply(batch, page)));
                    batch.send();
                    return Futures.all(reads);
                })
                .thenApply(pieces -> {
                    List<byte @Nullable []> all = new ArrayList<>(pages.size());
                    pieces.forEach(all::addAll);
                    return all;
                });
    }
}
