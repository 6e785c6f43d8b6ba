package io.iftb.cache.store;

import io.iftb.cache.codec.CorruptValueException;
import io.iftb.cache.market.Coverage;
import io.iftb.cache.market.Coverage.Interval;
import io.iftb.cache.market.Coverage.Reason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** The coverage of a series as the server stores it; {@code coverage.lua} describes the form. */
final class CoverageBytes {

    private static final long MARK = 0xFD01_0000_0000_0000L;
    private static final int HEADER_BYTES = 32;

    /** Stands for bytes that cannot be read; compare by identity. */
    static final Coverage UNREADABLE = Coverage.of(List.of(), 0, 0, 0);

    private CoverageBytes() {}

    /**
     * Reads the coverage of a series.
     *
     * @throws CorruptValueException if the bytes are something else
     */
    static Coverage read(ByteBuffer bytes) {
        if (bytes.remaining() < HEADER_BYTES
                || (bytes.remaining() - HEADER_BYTES) % CoverageChange.INTERVAL_BYTES != 0
                || bytes.getLong() != MARK) {
            throw new CorruptValueException("the coverage of a series is not one that this library writes");
        }
        long revision = bytes.getLong();
        long openTime = bytes.getLong();
        long openReadAt = bytes.getLong();
        List<Interval> intervals = new ArrayList<>(bytes.remaining() / CoverageChange.INTERVAL_BYTES);
        try {
            while (bytes.hasRemaining()) {
                long from = bytes.getLong();
                long to = bytes.getLong();
                long until = bytes.getLong();
                intervals.add(new Interval(from, to, reason(bytes.get()), until));
            }
            return Coverage.of(intervals, revision, openTime, openReadAt);
        } catch (IllegalArgumentException e) {
            throw new CorruptValueException("the coverage of a series was changed: " + e.getMessage(), e);
        }
    }

    static byte letter(Reason reason) {
        return switch (reason) {
            case DATA -> 'D';
            case NO_TRADES -> 'T';
            case NOT_LISTED -> 'L';
            case NOT_YET -> 'Y';
            case FAILED -> 'F';
        };
    }

    private static Reason reason(byte letter) {
        for (Reason reason : Reason.values()) {
            if (letter(reason) == letter) {
                return reason;
            }
        }
        throw new IllegalArgumentException("no reason has the letter " + (char) letter);
    }
}
