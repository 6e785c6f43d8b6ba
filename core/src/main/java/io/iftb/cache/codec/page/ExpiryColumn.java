package io.iftb.cache.codec.page;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.CorruptValueException;

/**
 * The expiries of a block, in a page where they differ:
 *
 * <pre>
 * byte    what an expiry is compared with; + 128: some rows never expire
 * varint  base - earliest expiry of the page, zigzag, in ms
 * column  0 for a row that never expires, if there are such rows, and one more for all others:
 *         0  expiry - base                                     (written together)
 *         1  expiry - base - (open time - first open time)     (written one by one, with one lifetime)
 *         2  expiry - that of the row before it, zigzag        (written in groups; the row before the first one has the base)
 * </pre>
 *
 * Rows that never expire are passed over when 2 looks for the row before.
 */
final class ExpiryColumn {

    private static final int SOME_NEVER = 0x80;
    private static final int FROM_BASE = 0;
    private static final int FROM_TIME = 1;
    private static final int FROM_PREVIOUS = 2;

    private final long[] values = new long[PageHeader.BLOCK_ROWS];

    /** @throws CorruptValueException if an expiry is not one that the header allows */
    void read(BlockInput in, ColumnReader columns, PageHeader header, PageRows rows) {
        int descriptor = in.readByte();
        int model = descriptor & ~SOME_NEVER;
        if (model > FROM_PREVIOUS) {
            throw new CorruptValueException("a block of a page has expiries of the form " + model);
        }
        long base = header.earliestExpiry() + Scale.unzigzag(in.readVarint());
        int count = rows.size();
        columns.read(in, values, 0, count);
        boolean someNever = descriptor != model;
        boolean legal = true;
        for (int i = 0; i < count; i++) {
            long expiry = BarRow.NEVER;
            if (!someNever || values[i] != 0) {
                long value = someNever ? values[i] - 1 : values[i];
                expiry = base + (model == FROM_PREVIOUS ? Scale.unzigzag(value) : value);
                if (model == FROM_TIME) {
                    expiry += rows.openTimes[i] - rows.openTimes[0];
                } else if (model == FROM_PREVIOUS) {
                    base = expiry;
                }
            }
            legal &= expiry >= header.earliestExpiry() && expiry <= header.latestExpiry();
            legal &= expiry < PageRows.EXPIRY_END || expiry == BarRow.NEVER;
            rows.expiries[i] = expiry;
        }
        if (!legal) {
            throw new CorruptValueException("a block of a page has expiries outside " + header.earliestExpiry() + ".."
                    + header.latestExpiry() + ", which its header names");
        }
    }

    /** Writes the expiries of the rows {@code from..to} in the form that takes the fewest bytes. */
    void write(BlockOutput out, long earliest, PageRows rows, int from, int to) {
        int start = out.position();
        write(out, FROM_BASE, earliest, rows, from, to);
        for (int model = FROM_TIME; model <= FROM_PREVIOUS; model++) {
            int end = out.position();
            write(out, model, earliest, rows, from, to);
            if (out.position() - end < end - start) {
                out.move(end, start);
            } else {
                out.position(end);
            }
        }
    }

    private void write(BlockOutput out, int model, long earliest, PageRows rows, int from, int to) {
        boolean someNever = false;
        boolean all = true;
        long base = Long.MAX_VALUE;
        for (int i = from; i < to; i++) {
            if (rows.expiries[i] == BarRow.NEVER) {
                someNever = true;
            } else if (model != FROM_PREVIOUS) {
                base = Math.min(base, rows.expiries[i] - since(model, rows, from, i));
                all = false;
            } else if (all) {
                base = rows.expiries[i];
                all = false;
            }
        }
        base = all ? earliest : base;
        out.putByte(someNever ? model | SOME_NEVER : model);
        out.putVarint(Scale.zigzag(base - earliest));
        for (int i = from; i < to; i++) {
            long value = 0;
            if (rows.expiries[i] != BarRow.NEVER) {
                long more = rows.expiries[i] - base - since(model, rows, from, i);
                value = (model == FROM_PREVIOUS ? Scale.zigzag(more) : more) + (someNever ? 1 : 0);
                base = model == FROM_PREVIOUS ? rows.expiries[i] : base;
            }
            values[i - from] = value;
        }
        out.putColumn(values, 0, to - from);
    }

    private static long since(int model, PageRows rows, int from, int row) {
        return model == FROM_TIME ? rows.openTimes[row] - rows.openTimes[from] : 0;
    }
}
