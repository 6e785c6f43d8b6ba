package io.iftb.cache.codec.page;

/** Writes blocks of a page in the form that {@link BlockReader} describes. */
final class BlockWriter {

    /** Of so many doubles, one may be no decimal of the usual length, and is patched. */
    private static final int USUAL = 8;

    private static final int COLUMNS = BlockReader.PRICE_COLUMNS;

    /** Two forms of a part side by side, of which the shorter one stays. */
    private final BlockOutput out = new BlockOutput(2 * PageHeader.MAX_BLOCK_BYTES);

    private final ExpiryColumn expiries = new ExpiryColumn();

    /** Opens, closes, highs, lows, as integers; then what they are compared with is taken off. */
    private final long[][] prices = new long[COLUMNS][PageHeader.BLOCK_ROWS];

    private final long[][] residuals = new long[COLUMNS][PageHeader.BLOCK_ROWS];
    private final long[] integers = new long[PageHeader.BLOCK_ROWS];

    /** Writes the rows {@code from..to} of a page; the bytes are in {@link #bytes()} from 0 on. */
    int write(PageRows rows, int from, int to, PageRows.Expiries ofPage) {
        out.position(0);
        writeTimes(rows.openTimes, from, to);
        writePrices(rows, from, to);
        writeVolumes(rows.volumes, from, to);
        if (ofPage.differ()) {
            expiries.write(out, ofPage.earliest(), rows, from, to);
        }
        return out.position();
    }

    byte[] bytes() {
        return out.bytes();
    }

    private void writeTimes(long[] times, int from, int to) {
        if (to - from == 1) {
            return;
        }
        long unit = 0;
        for (int i = from + 1; i < to; i++) {
            unit = gcd(unit, times[i] - times[i - 1]);
        }
        long step = step(times, from, to) / unit;
        boolean signed = false;
        for (int i = from + 1; i < to; i++) {
            long more = (times[i] - times[i - 1]) / unit - step;
            signed |= more < 0;
            integers[i - from] = more;
        }
        out.putVarint(unit);
        out.putVarint(signed ? step << 1 | 1 : step << 1);
        putColumn(integers, 1, to - from, signed);
    }

    /** The difference that more than half of the times have, or else the smallest one. */
    private static long step(long[] times, int from, int to) {
        long candidate = 0;
        int lead = 0;
        long least = Long.MAX_VALUE;
        for (int i = from + 1; i < to; i++) {
            long difference = times[i] - times[i - 1];
            least = Math.min(least, difference);
            if (lead == 0) {
                candidate = difference;
            }
            lead += difference == candidate ? 1 : -1;
        }
        int count = 0;
        for (int i = from + 1; i < to; i++) {
            count += times[i] - times[i - 1] == candidate ? 1 : 0;
        }
        return 2 * count > to - from - 1 ? candidate : least;
    }

    private void writePrices(PageRows rows, int from, int to) {
        double[][] columns = {rows.opens, rows.closes, rows.highs, rows.lows};
        int decimals = 0;
        for (double[] column : columns) {
            decimals = Scale.decimals(column, from, to, decimals);
        }
        int all = COLUMNS * (to - from);
        int start = out.position();
        writePrices(columns, from, to, decimals);
        int usual = usual(columns, from, to, decimals);
        if (usual < decimals) {
            int end = out.position();
            writePrices(columns, from, to, usual);
            keepShorter(start, end);
        }
        if (inexact(columns, from, to, decimals, all / USUAL) == all / USUAL) {
            int end = out.position();
            writePrices(columns, from, to, Scale.BITS);
            keepShorter(start, end);
        }
    }

    private void keepShorter(int start, int end) {
        if (out.position() - end < end - start) {
            out.move(end, start);
        } else {
            out.position(end);
        }
    }

    private static int inexact(double[][] columns, int from, int to, int decimals, int limit) {
        int count = 0;
        for (double[] column : columns) {
            count += Scale.inexact(column, from, to, decimals, limit - count);
        }
        return count;
    }

    /** The fewest decimals with which all doubles but a few are exact. */
    private static int usual(double[][] columns, int from, int to, int most) {
        int limit = Math.max(1, columns.length * (to - from) / USUAL);
        int usual = most;
        while (usual > 0 && inexact(columns, from, to, usual - 1, limit) < limit) {
            usual--;
        }
        return usual;
    }

    private void writePrices(double[][] columns, int from, int to, int scale) {
        int count = to - from;
        int flags = 0;
        long tick = 1;
        if (scale == Scale.BITS) {
            for (int column = 0; column < COLUMNS; column++) {
                toOrdered(columns[column], from, to, prices[column]);
            }
        } else {
            flags = toIntegers(columns, from, to, scale) << COLUMNS;
            tick = tick(prices, count);
        }
        long first = prices[0][0];
        int signs = takeDifferences(count);
        out.putByte(scale);
        out.putByte(flags | signs);
        if (scale == Scale.BITS) {
            out.putLong(Scale.ordered(first));
        } else {
            out.putVarint(tick);
            out.putVarint(Scale.zigzag(first));
        }
        for (int column = 0; column < COLUMNS; column++) {
            putColumn(prices[column], column == 0 ? 1 : 0, count, (signs >>> column & 1) != 0);
        }
        for (int column = 0; column < COLUMNS; column++) {
            if ((flags >>> COLUMNS >>> column & 1) != 0) {
                out.putColumn(residuals[column], 0, count);
            }
        }
    }

    private static void toOrdered(double[] values, int from, int to, long[] integers) {
        for (int i = from; i < to; i++) {
            integers[i - from] = Scale.ordered(Double.doubleToRawLongBits(values[i]));
        }
    }

    /** Sets prices and residuals; returns which columns have residuals. A price that does not fit is as the one before it. */
    private int toIntegers(double[][] columns, int from, int to, int decimals) {
        long[] any = new long[COLUMNS];
        long near = 0;
        for (int i = from; i < to; i++) {
            for (int column = 0; column < COLUMNS; column++) {
                double value = columns[column][i];
                near = Scale.fits(value, decimals) ? Scale.integer(value, decimals) : near;
                prices[column][i - from] = near;
                residuals[column][i - from] = Scale.residual(value, near, decimals);
                any[column] |= residuals[column][i - from];
            }
        }
        int flags = 0;
        for (int column = 0; column < COLUMNS; column++) {
            flags |= any[column] == 0 ? 0 : 1 << column;
        }
        return flags;
    }

    /** Takes off what each price is compared with; returns which columns have negative numbers then. */
    private int takeDifferences(int count) {
        long close = prices[0][0];
        long[] signs = new long[COLUMNS];
        for (int i = 0; i < count; i++) {
            long open = prices[0][i];
            prices[0][i] = open - close;
            close = prices[1][i];
            prices[1][i] = close - open;
            prices[2][i] -= Math.max(open, close);
            prices[3][i] = Math.min(open, close) - prices[3][i];
            for (int column = 0; column < COLUMNS; column++) {
                signs[column] |= prices[column][i];
            }
        }
        int flags = 0;
        for (int column = 0; column < COLUMNS; column++) {
            flags |= signs[column] < 0 ? 1 << column : 0;
        }
        return flags;
    }

    private void writeVolumes(double[] volumes, int from, int to) {
        double[][] column = {volumes};
        int decimals = Scale.decimals(volumes, from, to, 0);
        int start = out.position();
        writeVolumes(volumes, from, to, decimals);
        int usual = usual(column, from, to, decimals);
        if (usual < decimals) {
            int end = out.position();
            writeVolumes(volumes, from, to, usual);
            keepShorter(start, end);
        }
        int few = (to - from) / USUAL;
        if (Scale.inexact(volumes, from, to, decimals, few) == few) {
            int end = out.position();
            writeVolumeBits(volumes, from, to);
            keepShorter(start, end);
        }
    }

    private void writeVolumes(double[] volumes, int from, int to, int decimals) {
        int count = to - from;
        long[] rest = residuals[0];
        long any = 0;
        for (int i = from; i < to; i++) {
            long integer = Scale.fits(volumes[i], decimals) ? Scale.integer(volumes[i], decimals) : 0;
            integers[i - from] = integer;
            rest[i - from] = Scale.residual(volumes[i], integer, decimals);
            any |= rest[i - from];
        }
        long tick = tick(new long[][] {integers}, count);
        out.putByte(any == 0 ? decimals : decimals | BlockReader.VOLUME_RESIDUALS);
        out.putVarint(tick);
        out.putColumn(integers, 0, count);
        if (any != 0) {
            out.putColumn(rest, 0, count);
        }
    }

    private void writeVolumeBits(double[] volumes, int from, int to) {
        toOrdered(volumes, from, to, integers);
        out.putByte(Scale.BITS);
        out.putLong(Scale.ordered(integers[0]));
        for (int i = to - from - 1; i > 0; i--) {
            integers[i] -= integers[i - 1];
        }
        putColumn(integers, 1, to - from, true);
    }

    private void putColumn(long[] values, int from, int to, boolean signed) {
        if (signed) {
            for (int i = from; i < to; i++) {
                values[i] = Scale.zigzag(values[i]);
            }
        }
        out.putColumn(values, from, to);
    }

    /** Divides integers by the greatest number that divides them all, and returns that. */
    private static long tick(long[][] columns, int count) {
        long tick = 0;
        for (long[] column : columns) {
            for (int i = 0; i < count && tick != 1; i++) {
                tick = gcd(tick, Math.abs(column[i]));
            }
        }
        if (tick <= 1) {
            return 1;
        }
        for (long[] column : columns) {
            for (int i = 0; i < count; i++) {
                column[i] /= tick;
            }
        }
        return tick;
    }

    private static long gcd(long a, long b) {
        long greater = a;
        long smaller = b;
        while (smaller != 0) {
            long rest = greater % smaller;
            greater = smaller;
            smaller = rest;
        }
        return greater;
    }
}
