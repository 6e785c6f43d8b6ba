package io.iftb.cache.store;

import io.iftb.cache.codec.BarRow;
import io.iftb.cache.codec.page.PageRows;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The head of a series as it was read.
 *
 * @param mark null if there is none
 * @param rows those that have not expired
 * @param stored all rows, in the form of {@link BarRow}
 */
record HeadRows(@Nullable HeadMark mark, PageRows rows, ByteBuffer stored) {

    /**
     * Reads a head, or the beginning of one.
     *
     * @param bytes null if there is none
     * @param now epoch milliseconds of the server
     * @throws io.iftb.cache.codec.CorruptValueException if the bytes are not a head
     */
    static HeadRows of(byte @Nullable [] bytes, long now) {
        ByteBuffer stored = ByteBuffer.wrap(bytes == null ? new byte[0] : bytes);
        HeadMark mark = null;
        if (HeadMark.isIn(stored)) {
            mark = HeadMark.read(stored);
            stored = stored.position(HeadMark.BYTES).slice();
        }
        PageRows rows = new PageRows(stored.remaining() / BarRow.ROW_BYTES);
        rows.addAll(stored);
        return new HeadRows(mark, rows.live(now), stored);
    }

    /** How many bytes the rows have that open before a time. */
    static int bytesBefore(ByteBuffer rows, long time) {
        int row = 0;
        while (row < rows.remaining() / BarRow.ROW_BYTES && BarRow.openTime(rows, row) < time) {
            row++;
        }
        return row * BarRow.ROW_BYTES;
    }

    /** The latest expiry of rows, 8 bytes. */
    static byte[] expiry(PageRows rows) {
        long latest = 0;
        for (int i = 0; i < rows.size(); i++) {
            latest = Math.max(latest, rows.expiry(i));
        }
        return bytes(latest);
    }

    static byte[] bytes(long number) {
        return ByteBuffer.allocate(Long.BYTES).putLong(number).array();
    }

    /** The SHA-1 of bytes as the server's scripts compute it. */
    static String sha1(byte[] bytes) {
        return sha1(ByteBuffer.wrap(bytes));
    }

    static String sha1(ByteBuffer bytes) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-1");
            digest.update(bytes.duplicate());
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
